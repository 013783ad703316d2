import ArgumentParser
import Engine

/// `realizar trace`: what a forward pass computes, layer by layer.
struct TraceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace",
        abstract: "Shows statistics of every layer and step of a forward pass.",
        discussion: "Compare with another implementation's to find the first step that differs.")

    @Argument(help: modelHelp) var model: String?
    @OptionGroup var engineArguments: EngineArguments
    @Option(help: ArgumentHelp("Token ids to compute, as 1,2,3; nothing is added to them.", valueName: "ids"))
    var tokens: String
    @Option(
        help: ArgumentHelp(
            "Writes the logits as float32 [tokens, vocabulary] in NumPy's format.", valueName: "file.npy"))
    var logits: String?
    @Option(help: "text writes a table; json writes one object.") var format = OutputFormat.text

    func validate() throws {
        if try TokenIDList.parse(tokens).isEmpty { throw ValidationError("--tokens needs at least one token id") }
    }

    func run() async throws {
        let source = try await ModelChoice.source(model)
        ModelChoice.announce(source, command: "trace")
        let tokenIDs = try TokenIDList.parse(tokens)
        let options = engineArguments.engineOptions
        let session = try ModelSession(
            source, options: options, onProgress: QuantizationProgress.reporter(options))
        if let stranger = tokenIDs.first(where: { Int($0) >= session.vocabularySize }) {
            throw CommandError("token \(stranger) is not in the vocabulary of 0...\(session.vocabularySize - 1)")
        }
        let trace = try session.trace(tokenIDs)
        if let logits {
            try NumPyFile.write(trace.logits, rows: tokenIDs.count, columns: session.vocabularySize, to: logits)
        }
        switch format {
        case .text: try StandardOutput.write(table(of: trace))
        case .json:
            try JSONLines.write(
                TraceResult(
                    model: source.description, isa: session.instructionSetName, threads: session.threadCount,
                    tokens: tokenIDs,
                    steps: trace.steps.map(TraceResult.Step.init)))
        }
    }

    private func table(of trace: ModelTrace) -> String {
        var table = TableFormatter([
            ("layer", .right), ("step", .left), ("mean", .right), ("deviation", .right), ("minimum", .right),
            ("maximum", .right), ("L2 norm", .right), ("NaN", .right), ("infinite", .right),
        ])
        for step in trace.steps {
            let statistics = step.statistics
            table.append(
                [step.layer.map { "\($0)" } ?? "-", step.step]
                    + [
                        statistics.mean, statistics.deviation, statistics.minimum, statistics.maximum,
                        statistics.l2Norm,
                    ].map { NumberFormat.significant(Double($0)) }
                    + ["\(statistics.nanCount)", "\(statistics.infinityCount)"])
        }
        return table.text
    }
}

/// What `trace --format json` writes.
private struct TraceResult: Encodable {
    let model: String
    let isa: String
    let threads: Int
    let tokens: [Int32]
    let steps: [Step]

    /// Statistics that are no number are null; then the counts say why.
    struct Step: Encodable {
        let layer: Int?
        let step: String
        let mean: Double?
        let deviation: Double?
        let minimum: Double?
        let maximum: Double?
        let l2Norm: Double?
        let nanCount: Int
        let infinityCount: Int

        enum CodingKeys: String, CodingKey {
            case layer, step, mean, deviation, minimum, maximum
            case l2Norm = "l2_norm"
            case nanCount = "nan_count"
            case infinityCount = "infinity_count"
        }

        init(_ step: TraceStep) {
            layer = step.layer
            self.step = step.step
            mean = Double(step.statistics.mean).finite
            deviation = Double(step.statistics.deviation).finite
            minimum = Double(step.statistics.minimum).finite
            maximum = Double(step.statistics.maximum).finite
            l2Norm = Double(step.statistics.l2Norm).finite
            nanCount = step.statistics.nanCount
            infinityCount = step.statistics.infinityCount
        }

        /// Writes every key, also those without a value.
        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(layer, forKey: .layer)
            try container.encode(step, forKey: .step)
            try container.encode(mean, forKey: .mean)
            try container.encode(deviation, forKey: .deviation)
            try container.encode(minimum, forKey: .minimum)
            try container.encode(maximum, forKey: .maximum)
            try container.encode(l2Norm, forKey: .l2Norm)
            try container.encode(nanCount, forKey: .nanCount)
            try container.encode(infinityCount, forKey: .infinityCount)
        }
    }
}
