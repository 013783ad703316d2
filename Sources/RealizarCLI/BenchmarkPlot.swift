/// Draws speeds as SVG: one panel for each thing that varies, each test's spread, and what the machine allows beside it.
struct BenchmarkPlot {
    private let report: BenchmarkReport

    init(_ report: BenchmarkReport) { self.report = report }

    /// What one panel shows.
    struct Panel: Hashable {
        enum Axis { case depth, sequences }

        let axis: Axis
        let kind: BenchmarkTest.Kind
        /// The other things, which stay the same within a panel.
        let tokenCount: Int
        let fixed: Int

        var title: String {
            let speed = kind == .prompt ? "Prompt of \(tokenCount) tokens" : "Generation of \(tokenCount) tokens"
            return switch axis {
            case .depth: speed + (fixed > 1 ? ", \(fixed) sequences together" : "")
            case .sequences: speed + (fixed > 0 ? " behind \(fixed)" : "")
            }
        }

        var axisName: String { axis == .depth ? "tokens of context before" : "sequences together" }

        func position(of test: BenchmarkTest) -> Int? {
            guard test.kind == kind, test.tokenCount == tokenCount else { return nil }
            return switch axis {
            case .depth: test.sequenceCount == fixed ? test.depth : nil
            case .sequences: test.depth == fixed ? test.sequenceCount : nil
            }
        }
    }

    /// Those with at least two points; a line needs them.
    static func panels(of tests: [BenchmarkTest]) -> [Panel] {
        var panels: [Panel] = []
        for axis in [Panel.Axis.depth, .sequences] {
            for test in tests where axis == .depth || test.kind == .generation {
                let panel = Panel(
                    axis: axis, kind: test.kind, tokenCount: test.tokenCount,
                    fixed: axis == .depth ? test.sequenceCount : test.depth)
                let positions = Set(tests.compactMap { panel.position(of: $0) })
                if positions.count > 1, !panels.contains(panel) { panels.append(panel) }
            }
        }
        return panels
    }

    /// - Throws: `OutputError` when the file cannot be written.
    func write(to path: String) throws(OutputError) { try OutputFile.write(bytes: Array(svg.utf8), to: path) }

    private static let width = 640.0, height = 360.0, header = 72.0

    var svg: String {
        let tests = report.results.map {
            BenchmarkTest(kind: $0.kind, tokenCount: $0.tokens, depth: $0.depth, sequenceCount: $0.sequences)
        }
        let panels = Self.panels(of: tests)
        let total = Self.header + Self.height * Double(panels.count)
        let subtitle = "\(report.threads) threads, \(report.isa); the machine \(report.machine.text)"
        var svg = """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Int(Self.width)) \(Int(total))" \
            font-family="sans-serif" font-size="12" fill="#333">
            <rect width="100%" height="100%" fill="#fff"/>
            <text x="20" y="24" font-size="15" font-weight="bold">\(report.model.printable.escapedForXML)</text>
            <text x="20" y="44">\(subtitle.escapedForXML)</text>
            <text x="20" y="62">tokens/s: <tspan fill="#0a6">measured, mean and lowest to highest</tspan>, \
            <tspan fill="#999">dashed: what the machine allows</tspan></text>

            """
        for (index, panel) in panels.enumerated() {
            let points = zip(tests, report.results).compactMap { test, result in
                panel.position(of: test).map { PlotPoint(position: Double($0), result) }
            }.sorted { $0.position < $1.position }
            let top = Self.header + Double(index) * Self.height
            svg += PlotPanel(panel: panel, points: points, width: Self.width, height: Self.height).svg(top: top)
        }
        return svg + "</svg>\n"
    }
}

private struct PlotPoint {
    let position: Double
    let lowest: Double
    let mean: Double
    let highest: Double
    let limit: Double

    init(position: Double, _ result: BenchmarkResult) {
        self.position = position
        lowest = result.samples.min() ?? 0
        highest = result.samples.max() ?? 0
        mean = result.tokensPerSecond
        limit = result.limit
    }
}

/// One coordinate system with two lines.
private struct PlotPanel {
    let panel: BenchmarkPlot.Panel
    let points: [PlotPoint]
    let width: Double
    let height: Double

    private let left = 64.0, right = 24.0, above = 40.0, below = 48.0

    func svg(top: Double) -> String {
        let highest = points.map { max($0.limit, $0.highest) }.max() ?? 1
        let yTicks = ticks(to: highest), yEnd = yTicks.last ?? 1, xEnd = points.last?.position ?? 1
        func x(_ value: Double) -> String { fixed(left + value / max(xEnd, 1) * (width - left - right)) }
        func y(_ value: Double) -> String {
            fixed(top + above + (1 - value / yEnd) * (height - above - below))
        }
        var svg = text(panel.title, x: fixed(left), y: fixed(top + 20), "font-weight=\"bold\"")
        for tick in yTicks {
            svg += line(x(0), y(tick), x(xEnd), y(tick), "stroke=\"#ddd\"")
            svg += text(short(tick), x: fixed(left - 8), y: y(tick), "text-anchor=\"end\" dominant-baseline=\"middle\"")
        }
        for point in points {
            svg += text(
                short(point.position), x: x(point.position), y: fixed(top + height - below + 16),
                "text-anchor=\"middle\"")
        }
        svg += text(
            panel.axisName, x: fixed((left + width - right) / 2), y: fixed(top + height - below + 34),
            "text-anchor=\"middle\"")
        svg += polyline(points.map { (x($0.position), y($0.limit)) }, "stroke=\"#999\" stroke-dasharray=\"6 4\"")
        svg += polyline(points.map { (x($0.position), y($0.mean)) }, "stroke=\"#0a6\" stroke-width=\"2\"")
        for point in points {
            svg += line(
                x(point.position), y(point.lowest), x(point.position), y(point.highest),
                "stroke=\"#0a6\" stroke-width=\"6\" stroke-opacity=\"0.4\"")
            svg += "<circle cx=\"\(x(point.position))\" cy=\"\(y(point.mean))\" r=\"3\" fill=\"#0a6\"/>\n"
        }
        return svg
    }

    /// From 0 by steps of 1, 2 or 5 times a power of ten, up to the first one that is not below `highest`.
    private func ticks(to highest: Double) -> [Double] {
        guard highest > 0, highest < 1e15 else { return [0, 1] }
        var step = 1e-6
        while highest / (step * 10) > 10 { step *= 10 }
        for factor in [1.0, 2, 5, 10, 20] where highest / (step * factor) <= 6 {
            step *= factor
            break
        }
        return (0...Int((highest / step).rounded(.up))).map { Double($0) * step }
    }

    private func fixed(_ value: Double) -> String { NumberFormat.fixed(value, decimals: 1) }

    /// Without decimals that say nothing.
    private func short(_ value: Double) -> String {
        NumberFormat.fixed(value, decimals: value == value.rounded() ? 0 : 2)
    }

    private func line(_ x1: String, _ y1: String, _ x2: String, _ y2: String, _ style: String) -> String {
        "<line x1=\"\(x1)\" y1=\"\(y1)\" x2=\"\(x2)\" y2=\"\(y2)\" \(style)/>\n"
    }

    private func polyline(_ points: [(x: String, y: String)], _ style: String) -> String {
        let list = points.map { "\($0.x),\($0.y)" }.joined(separator: " ")
        return "<polyline points=\"\(list)\" fill=\"none\" \(style)/>\n"
    }

    private func text(_ text: String, x: String, y: String, _ style: String) -> String {
        "<text x=\"\(x)\" y=\"\(y)\" \(style)>\(text.escapedForXML)</text>\n"
    }
}

extension String {
    fileprivate var escapedForXML: String {
        var text = ""
        for character in self {
            switch character {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            default: text.append(character)
            }
        }
        return text
    }
}
