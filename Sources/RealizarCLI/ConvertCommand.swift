import ArgumentParser
import Engine
import ModelConversion
import ModelFiles

/// `realizar convert`: the same model in another format.
struct ConvertCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Writes a model in another format, or a split set as one file.",
        discussion: """
            Tensors keep their types, to the bit, where --type does not ask for others. The output appears when it is whole; the \
            input is never touched.
            """)

    @Argument(help: "The model to read.") var input: String
    @Argument(help: "The file to write; its name tells the format.") var output: String
    @Option(
        help: ArgumentHelp(
            "The format: \(TargetFormat.all.map(\.name).joined(separator: ", ")) (default: by the name of the output).",
            valueName: "format"))
    var to: String?
    @Option(help: ArgumentHelp("Puts matrices into a type or mix, for example f16 or q8_0.", valueName: "type"))
    var type: String?
    @Flag(help: "Accepts tensors that are quantized already, and adds the errors of both types.")
    var allowRequantize = false
    @OptionGroup var options: WritingArguments

    func validate() throws {
        if let type { _ = try WritingArguments.mix(type) }
        _ = try WritingArguments.format(of: output, named: to)
    }

    func run() async throws {
        let file = try openModel(try await ModelChoice.source(input))
        let format = try WritingArguments.format(of: output, named: to)
        let encoding = EncodingOptions(
            mix: try type.map { try WritingArguments.mix($0) }, allowsRequantizing: allowRequantize)
        let encoder = TensorEncoder(threadCount: options.threadCount)
        let draft = try ModelDraft(file, for: format, encodedAs: encoding, by: encoder)
        let target = ModelOutput(path: output, format: format, label: "writing", isQuiet: options.quiet)
        _ = try target.write(draft, sources: file.partPaths)
    }
}
