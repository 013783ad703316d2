import ArgumentParser
import Engine

/// `realizar inspect`: what a model file holds.
struct InspectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Shows metadata, tensors and tokenizer of a model file.",
        discussion: "Nothing is loaded: the file is checked, and its lists are read.")

    @Argument(help: modelHelp) var model: String?
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Tells the memory for a context of so many tokens (default: what the model was made for).", valueName: "n"))
    var contextLength: Int?
    @OptionGroup var cacheArguments: CacheArguments
    @Option(help: "text is for people; json writes one object.") var format = OutputFormat.text

    func validate() throws {
        if let contextLength, !(1...1 << 24).contains(contextLength) {
            throw ValidationError("--context-length is \(contextLength), but must be within 1...\(1 << 24)")
        }
    }

    func run() async throws {
        let source = try await ModelChoice.source(model)
        ModelChoice.announce(source, command: "inspect")
        let file = try openModel(source)
        let report = try ModelReport(file, contextLength: contextLength, cacheType: cacheArguments.type)
        switch format {
        case .text: try StandardOutput.write(report.text)
        case .json: try JSONLines.write(report)
        }
    }
}
