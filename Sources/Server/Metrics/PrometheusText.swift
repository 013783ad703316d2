import Engine

/// Metrics in Prometheus' text format, version 0.0.4.
struct PrometheusText {
    enum Kind: String { case counter, gauge, histogram }

    private(set) var text = ""

    /// Adds one metric with its samples; a metric without samples is left out.
    mutating func add(
        _ name: String, _ kind: Kind, _ help: String, _ samples: [(labels: [(String, String)], value: Double)]
    ) {
        guard !samples.isEmpty else { return }
        begin(name, kind, help)
        for sample in samples { line(name, sample.labels, Self.number(sample.value)) }
    }

    /// Adds one histogram: for each sample the counts up to each bound, their sum and number.
    mutating func add(_ name: String, _ help: String, _ samples: [(labels: [(String, String)], value: Histogram)]) {
        guard !samples.isEmpty else { return }
        begin(name, .histogram, help)
        for (labels, histogram) in samples {
            var count = 0
            for (bound, more) in zip(histogram.bounds.map(Self.number) + ["+Inf"], histogram.counts) {
                count += more
                line(name + "_bucket", labels + [("le", bound)], "\(count)")
            }
            line(name + "_sum", labels, Self.number(histogram.sum))
            line(name + "_count", labels, "\(count)")
        }
    }

    private mutating func begin(_ name: String, _ kind: Kind, _ help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
    }

    private mutating func line(_ name: String, _ labels: [(String, String)], _ value: String) {
        let labels = labels.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
        text += name + (labels.isEmpty ? "" : "{\(labels)}") + " \(value)\n"
    }

    private static func escaped(_ value: String) -> String {
        value.reduce(into: "") { result, character in
            switch character {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            default: result.append(character)
            }
        }
    }

    /// Whole numbers without a fraction.
    private static func number(_ value: Double) -> String {
        Int(exactly: value).map { "\($0)" } ?? "\(value)"
    }
}
