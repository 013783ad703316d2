import ArgumentParser
import Engine

/// `realizar perplexity`: how well a model predicts a text.
struct PerplexityCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "perplexity",
        abstract: "Measures how well a model predicts a text, and how far it is from another model.",
        discussion: """
            The text is cut into chunks of the context's length, and the second half of each is counted, as llama-perplexity \
            does it: figures with the same context can be compared. A reference model, usually the one that this model was \
            quantized from, adds the Kullback-Leibler divergence and how often both prefer the same token.
            """)

    @Argument(help: modelHelp) var model: String?
    @OptionGroup var engineArguments: EngineArguments
    @Option(help: ArgumentHelp("The text, in UTF-8.", valueName: "path")) var file: String
    @Option(help: ArgumentHelp("A model with the same vocabulary to compare with.", valueName: "model"))
    var reference: String?
    @Option(help: ArgumentHelp("Chunks to measure at most (default: all).", valueName: "n")) var chunks: Int?
    @Flag(name: .shortAndLong, help: "Shows no progress.") var quiet = false
    @Option(help: "text is for people; json writes one object.") var format = OutputFormat.text

    private static let defaultContextLength = 512

    func validate() throws {
        if let chunks, chunks < 1 { throw ValidationError("--chunks is \(chunks), but must be at least 1") }
    }

    func run() async throws {
        let source = try await ModelChoice.source(model)
        ModelChoice.announce(source, command: "perplexity")
        var other: ModelSource?
        if let reference { other = try await ModelChoice.source(reference) }
        let interruption = Interruption()
        let meter = try PerplexityMeter(
            source, reference: other, text: try InputFile.read(file),
            contextLength: engineArguments.contextLength ?? Self.defaultContextLength, chunkLimit: chunks,
            options: engineArguments.engineOptions)
        let bar = ProgressBar("perplexity", unit: .items("tokens"), isQuiet: quiet)
        let result = try meter.measure { done in
            bar.update(done, of: meter.workCount)
            return !interruption.isRaised
        }
        guard let result else {
            bar.abandon()
            StandardError.write("interrupted")
            throw ExitStatus.interrupted
        }
        bar.finish()
        let report = PerplexityReport(result, model: source.name, reference: reference)
        switch format {
        case .text: try StandardOutput.write(report.text)
        case .json: try JSONLines.write(report)
        }
    }
}

/// What `perplexity` tells.
struct PerplexityReport: Encodable {
    struct Estimate: Encodable {
        let value: Double?
        /// One standard error.
        let error: Double?

        init(_ value: Double, _ error: Double) {
            self.value = value.finite
            self.error = error.finite
        }

        init(_ mean: Mean) { self.init(mean.value, mean.error) }

        func text(decimals: Int) -> String {
            func number(_ value: Double?) -> String { value.map { NumberFormat.fixed($0, decimals: decimals) } ?? "-" }
            return "\(number(value)) ± \(number(error))"
        }
    }

    struct Comparison: Encodable {
        let reference: String
        let referencePerplexity: Double?
        let logPerplexityRatio: Estimate
        let divergence: Estimate
        let divergenceMedian: Double?
        let divergence99: Double?
        let divergenceMaximum: Double?
        let topTokenAgreement: Estimate

        enum CodingKeys: String, CodingKey {
            case reference
            case referencePerplexity = "reference_perplexity"
            case logPerplexityRatio = "log_perplexity_ratio"
            case divergence = "kl_divergence"
            case divergenceMedian = "kl_divergence_median"
            case divergence99 = "kl_divergence_99_percent"
            case divergenceMaximum = "kl_divergence_maximum"
            case topTokenAgreement = "top_token_agreement"
        }
    }

    let model: String
    let contextLength: Int
    let chunks: Int
    let tokens: Int
    let perplexity: Estimate
    let comparison: Comparison?

    enum CodingKeys: String, CodingKey {
        case model, chunks, tokens, perplexity, comparison
        case contextLength = "context_length"
    }

    init(_ result: PerplexityResult, model: String, reference: String?) {
        self.model = model
        contextLength = result.contextLength
        chunks = result.chunkCount
        tokens = result.loss.count
        perplexity = Estimate(result.perplexity, result.perplexityError)
        comparison = result.comparison.map { comparison in
            Comparison(
                reference: reference ?? "",
                referencePerplexity: result.referencePerplexity?.finite,
                logPerplexityRatio: Estimate(comparison.lossDifference), divergence: Estimate(comparison.divergence),
                divergenceMedian: comparison.divergenceQuantile(0.5),
                divergence99: comparison.divergenceQuantile(0.99),
                divergenceMaximum: comparison.divergenceQuantile(1),
                topTokenAgreement: Estimate(comparison.agreement))
        }
    }

    var text: String {
        var lines = [
            ("model", model),
            ("text", "\(tokens) tokens counted, in \(chunks) chunks of \(contextLength)"),
            ("perplexity", perplexity.text(decimals: 4)),
        ]
        if let comparison {
            lines += [
                ("reference", comparison.reference.printable),
                (
                    "its perplexity",
                    comparison.referencePerplexity.map { NumberFormat.fixed($0, decimals: 4) } ?? "-"
                ),
                ("ln of the ratio", comparison.logPerplexityRatio.text(decimals: 6)),
                ("KL divergence", comparison.divergence.text(decimals: 6)),
                (
                    "of it",
                    [
                        ("median", comparison.divergenceMedian), ("99 %", comparison.divergence99),
                        ("largest", comparison.divergenceMaximum),
                    ].map { "\($0) \($1.map { NumberFormat.fixed($0, decimals: 6) } ?? "-")" }.joined(separator: ", ")
                ),
                (
                    "same top token",
                    Estimate(
                        (comparison.topTokenAgreement.value ?? .nan) * 100,
                        (comparison.topTokenAgreement.error ?? .nan) * 100
                    ).text(decimals: 2) + " %"
                ),
            ]
        }
        return lines.map { name, value in
            name + String(repeating: " ", count: max(1, 18 - name.count)) + value + "\n"
        }.joined()
    }
}
