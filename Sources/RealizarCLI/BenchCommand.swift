import ArgumentParser
import Engine

/// `realizar bench`: tokens per second, and how near that is to what the machine can do.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measures prompt processing and generation.",
        discussion: """
            ppN is a prompt of N tokens in one pass, tgN is N tokens one after another; xS are S sequences that decode \
            together, @dD follows D tokens of context. The share of the roofline is the speed as a part of what the machine \
            allows: reading weights and cache from memory, or multiplying, whichever takes longer; both are measured first.

            --compare takes an earlier run's --format json and tells for each test whether it is faster, slower or the same, \
            by a rank test over the repetitions (give at least -r 4 to both); if one is slower, the exit status is 1.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table, json, csv
    }

    @Argument(help: modelHelp) var model: String?
    @OptionGroup var engineArguments: EngineArguments
    @Option(
        name: [.customShort("p"), .customLong("prompt-tokens")], parsing: .unconditional,
        help: ArgumentHelp("Tokens of the prompt, or a list with commas; 0 leaves this out.", valueName: "n,..."))
    var promptTokenCounts = CountList([512])
    @Option(
        name: [.customShort("n"), .customLong("generated-tokens")], parsing: .unconditional,
        help: ArgumentHelp("Tokens to generate, or a list; 0 leaves this out.", valueName: "n,..."))
    var generatedTokenCounts = CountList([128])
    @Option(
        name: [.customShort("d"), .customLong("depth")], parsing: .unconditional,
        help: ArgumentHelp("Tokens of context before, or a list.", valueName: "n,..."))
    var depths = CountList([0])
    @Option(
        name: [.customShort("s"), .customLong("sequences")], parsing: .unconditional,
        help: ArgumentHelp("Sequences that decode together, or a list.", valueName: "n,..."))
    var sequenceCounts = CountList([1])
    @Option(
        name: .shortAndLong, parsing: .unconditional, help: ArgumentHelp("How often to measure.", valueName: "n"))
    var repetitions = 5
    @Option(help: "table, json or csv.") var format = Format.table
    @Option(help: ArgumentHelp("An earlier run's JSON, to compare with.", valueName: "file.json")) var compare: String?
    @Option(
        help: ArgumentHelp(
            "Draws speed against depth and number of sequences, beside the roofline.", valueName: "file.svg"))
    var plot: String?

    /// No context is that long; keeps sums of counts far from overflow.
    private static let countLimit = 1 << 24

    func validate() throws {
        let lists = [("-p", promptTokenCounts), ("-n", generatedTokenCounts), ("-d", depths), ("-s", sequenceCounts)]
        for (name, list) in lists {
            guard (1...64).contains(list.counts.count) else {
                throw ValidationError("\(name) has \(list.counts.count) numbers, but at most 64 are measured")
            }
            let range = name == "-s" ? 1...512 : 0...Self.countLimit
            if let count = list.counts.first(where: { !range.contains($0) }) {
                throw ValidationError(
                    "\(name) is \(count), but must be within \(range.lowerBound)...\(range.upperBound)")
            }
        }
        guard (1...1000).contains(repetitions) else {
            throw ValidationError("-r is \(repetitions), but must be within 1...1000")
        }
        if tests.isEmpty { throw ValidationError("nothing to measure: -p and -n are both 0") }
        if plot != nil, BenchmarkPlot.panels(of: tests).isEmpty {
            throw ValidationError("--plot needs several depths (-d 0,1024,4096) or numbers of sequences (-s 1,4,8)")
        }
    }

    /// All combinations, prompts first, without doubles.
    private var tests: [BenchmarkTest] {
        var tests: [BenchmarkTest] = []
        for depth in depths.counts {
            for count in promptTokenCounts.counts where count > 0 {
                tests.append(BenchmarkTest(kind: .prompt, tokenCount: count, depth: depth, sequenceCount: 1))
            }
        }
        for depth in depths.counts {
            for count in generatedTokenCounts.counts where count > 0 {
                for sequences in sequenceCounts.counts {
                    tests.append(
                        BenchmarkTest(kind: .generation, tokenCount: count, depth: depth, sequenceCount: sequences))
                }
            }
        }
        var seen: Set<String> = []
        return tests.filter { seen.insert($0.name).inserted }
    }

    func run() async throws {
        let earlier = try compare.map { try BenchmarkReport(path: $0) }
        let source = try await ModelChoice.source(model)
        ModelChoice.announce(source, command: "bench")
        let tests = tests
        var options = engineArguments.engineOptions
        options.contextLength = options.contextLength ?? tests.map { $0.depth + $0.tokenCount }.max()
        StandardError.write("loading \(source.name)")
        let session = try ModelSession(
            source, options: options, sequenceCount: tests.map(\.sequenceCount).max() ?? 1,
            onProgress: QuantizationProgress.reporter(options))
        StandardError.write("measuring the machine")
        let machine = MachineRoofline.measure(for: session)
        let bench = Benchmark(
            session: session, repetitionCount: repetitions, roofline: Roofline(session: session, machine: machine))
        var report = BenchmarkReport(
            model: source.description, threads: session.threadCount, isa: session.instructionSetName,
            cacheType: session.cacheType?.rawValue, machine: BenchmarkReport.Machine(machine),
            results: try tests.map { try bench.measure($0) })
        if let earlier {
            if let note = report.note(about: earlier) { StandardError.write(note) }
            report.comparison = try BenchmarkComparison.compare(report, with: earlier)
        }
        try write(report)
        if report.comparison?.contains(where: { $0.verdict == .slower }) ?? false { throw ExitStatus.failure }
    }

    private func write(_ report: BenchmarkReport) throws {
        switch format {
        case .json: try JSONLines.write(report)
        case .csv: try StandardOutput.write(report.csv)
        case .table: try StandardOutput.write(report.table)
        }
        if let plot { try BenchmarkPlot(report).write(to: plot) }
    }
}
