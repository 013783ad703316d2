import ArgumentParser
import ModelFiles

/// `realizar inspect`: what a model file holds.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Shows metadata, tensors and tokenizer of a model file.",
        discussion: "Nothing is loaded: the file is checked, and its lists are read.")

    @Argument(help: ModelPath.help) var model: String?
    @Option(help: "text is for people; json writes one object.") var format = OutputFormat.text

    func validate() throws { _ = try ModelPath.require(model, command: "inspect") }

    func run() throws {
        let file = try openModelFile(path: try ModelPath.require(model, command: "inspect"))
        let report = try ModelReport(file)
        switch format {
        case .text: try StandardOutput.write(report.text)
        case .json: try JSONLines.write(report)
        }
    }
}
