import ArgumentParser
import Engine
import ModelFiles

/// `realizar verify`: whether a model file is whole and makes sense.
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Checks a model file: structure, checksums, numbers, tensors, tokenizer and chat template.",
        discussion: "Each problem is a line; the exit status is 0 where there is none, and 1 otherwise.")

    @Argument(help: modelHelp) var model: String?
    @OptionGroup var options: WritingArguments
    @Option(help: "text is for people; json writes one object.") var format = OutputFormat.text

    func run() async throws {
        let source = try await ModelChoice.source(model)
        ModelChoice.announce(source, command: "verify")
        let report = try verify(source)
        switch format {
        case .text: try StandardOutput.write(report.text)
        case .json: try JSONLines.write(report)
        }
        if !report.isSound { throw ExitStatus.failure }
    }

    private func verify(_ source: ModelSource) throws -> VerificationReport {
        let file: any ModelFile
        do { file = try openModel(source) } catch { return VerificationReport(source.name, structure: error) }
        let interruption = Interruption()
        let verifier = ModelVerifier(file, threadCount: options.threadCount)
        let bar = ProgressBar("verifying", unit: .bytes, isQuiet: options.quiet)
        let found = verifier.verify { done in
            bar.update(done, of: verifier.byteCount)
            return !interruption.isRaised
        }
        guard let found else {
            bar.abandon()
            StandardError.write("interrupted")
            throw ExitStatus.interrupted
        }
        bar.finish()
        return VerificationReport(source.name, format: file.formatName, found)
    }
}

/// What `verify` tells.
struct VerificationReport: Encodable {
    struct Line: Encodable {
        let kind: String
        let tensor: String?
        let element: Int?
        let offset: Int?
        let message: String
    }

    let model: String
    let format: String?
    let isSound: Bool
    let tensors: Int
    let elements: Int
    let unscanned: [String]
    let findings: [Line]

    enum CodingKeys: String, CodingKey {
        case model, format, tensors, elements, unscanned, findings
        case isSound = "sound"
    }

    /// Of a file that cannot be opened.
    init(_ model: String, structure error: ModelFileError) {
        self.model = model
        format = nil
        isSound = false
        (tensors, elements, unscanned) = (0, 0, [])
        findings = [Line(kind: "structure", tensor: nil, element: nil, offset: error.offset, message: "\(error)")]
    }

    init(_ model: String, format: String, _ report: ModelVerifier.Report) {
        self.model = model
        self.format = format
        isSound = report.findings.isEmpty
        tensors = report.scannedTensorCount
        elements = report.scannedElementCount
        unscanned = report.unscanned
        findings = report.findings.map {
            Line(kind: $0.kind.rawValue, tensor: $0.tensor, element: $0.element, offset: $0.offset, message: $0.message)
        }
    }

    var text: String {
        var lines = findings.map(\.message.printable)
        if !unscanned.isEmpty {
            lines.append(
                "\(unscanned.count) tensors of types that are not decoded here were not looked into, first "
                    + "\((unscanned.first ?? "").printable.shortened(to: 80))")
        }
        let looked = "\(tensors) tensors, \(NumberFormat.count(elements)) numbers"
        let verdict = isSound ? "sound" : findings.count == 1 ? "1 problem" : "\(findings.count) problems"
        lines.append("\(model): \(verdict) (\(looked))")
        return lines.joined(separator: "\n") + "\n"
    }
}
