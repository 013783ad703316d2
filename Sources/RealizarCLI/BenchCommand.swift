import ArgumentParser
import Engine

/// `realizar bench`: tokens per second, and how near that is to what the machine can do.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measures prompt processing and generation.",
        discussion: """
            ppN is a prompt of N tokens in one pass, tgN is N tokens one after another; @dD follows D tokens of context. The \
            share of the roofline is the speed as a part of what memory (tg) or int8 arithmetic (pp) allows, both measured first.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table, json
    }

    @Argument(help: modelHelp) var model: String?
    @OptionGroup var engineArguments: EngineArguments
    @Option(
        name: [.customShort("p"), .customLong("prompt-tokens")], parsing: .unconditional,
        help: ArgumentHelp("Tokens of the prompt; 0 leaves this out.", valueName: "n"))
    var promptTokenCount = 512
    @Option(
        name: [.customShort("n"), .customLong("generated-tokens")], parsing: .unconditional,
        help: ArgumentHelp("Tokens to generate; 0 leaves this out.", valueName: "n"))
    var generatedTokenCount = 128
    @Option(
        name: .shortAndLong, parsing: .unconditional,
        help: ArgumentHelp("Tokens of context before.", valueName: "n"))
    var depth = 0
    @Option(
        name: .shortAndLong, parsing: .unconditional, help: ArgumentHelp("How often to measure.", valueName: "n"))
    var repetitions = 5
    @Option(help: "table or json.") var format = Format.table

    /// No context is that long; keeps sums of counts far from overflow.
    private static let countLimit = 1 << 24

    func validate() throws {
        for (name, count) in [("-p", promptTokenCount), ("-n", generatedTokenCount), ("-d", depth)] {
            guard (0...Self.countLimit).contains(count) else {
                throw ValidationError("\(name) is \(count), but must be within 0...\(Self.countLimit)")
            }
        }
        guard (1...1000).contains(repetitions) else {
            throw ValidationError("-r is \(repetitions), but must be within 1...1000")
        }
        if promptTokenCount == 0, generatedTokenCount == 0 {
            throw ValidationError("nothing to measure: -p and -n are both 0")
        }
    }

    func run() throws {
        let source = ModelChoice.source(model)
        ModelChoice.announce(source, command: "bench")
        var options = engineArguments.engineOptions
        options.contextLength = options.contextLength ?? depth + max(promptTokenCount, generatedTokenCount)
        StandardError.write("loading \(source.name)")
        let session = try ModelSession(source, options: options)
        StandardError.write("measuring the machine")
        let bench = Benchmark(
            session: session, depth: depth, repetitionCount: repetitions,
            roofline: Roofline(session: session, machine: MachineRoofline.measure(threadCount: session.threadCount)))
        var results: [BenchmarkResult] = []
        if promptTokenCount > 0 { results.append(try bench.measurePrompt(tokenCount: promptTokenCount)) }
        if generatedTokenCount > 0 { results.append(try bench.measureGeneration(tokenCount: generatedTokenCount)) }
        try write(results, source, session: session)
    }

    private func write(_ results: [BenchmarkResult], _ source: ModelSource, session: ModelSession) throws {
        switch format {
        case .json:
            try JSONLines.write(
                BenchReport(
                    model: source.description, threads: session.threadCount, isa: session.instructionSetName,
                    results: results))
        case .table:
            var table = TableFormatter([
                ("test", .left), ("tokens/s", .right), ("± deviation", .right), ("of roofline", .right),
            ])
            for result in results {
                table.append([
                    result.test, NumberFormat.fixed(result.tokensPerSecond, decimals: 2),
                    NumberFormat.fixed(result.deviation, decimals: 2),
                    NumberFormat.fixed(result.shareOfRoofline * 100, decimals: 1) + " %",
                ])
            }
            let title = "\(source.name), \(session.threadCount) threads, \(session.instructionSetName)\n"
            try StandardOutput.write(title + table.text)
        }
    }
}

/// What `bench --format json` writes.
private struct BenchReport: Encodable {
    let model: String
    let threads: Int
    let isa: String
    let results: [BenchmarkResult]
}
