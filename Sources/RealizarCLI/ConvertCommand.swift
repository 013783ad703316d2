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
            input is never touched. A name without the end of a file, or one that ends in '/', is a folder of safetensors with \
            configuration and tokenizer, as transformers reads it.
            """)

    @Argument(help: "The model to read.") var input: String
    @Argument(help: "The file or folder to write; its name tells the format.") var output: String
    @Option(
        help: ArgumentHelp(
            "The format: \(TargetFormat.all.map(\.name).joined(separator: ", ")) (default: by the name of the output).",
            valueName: "format"))
    var to: String?
    @Option(help: ArgumentHelp("Puts matrices into a type or mix, for example f16 or q8_0.", valueName: "type"))
    var type: String?
    @Flag(help: "Accepts tensors that are quantized already, and adds the errors of both types.")
    var allowRequantize = false
    @Option(
        help: ArgumentHelp(
            "Of safetensors: the bytes of tensors that a file gets at most, for example 2GB or 500MB (default: 5GB).",
            valueName: "size"))
    var shardSize: ByteSize?
    @OptionGroup var options: WritingArguments

    func validate() throws {
        if let type { _ = try WritingArguments.mix(type) }
        let format = try WritingArguments.format(of: output, named: to)
        if shardSize != nil, !format.isFolder {
            throw ValidationError("--shard-size is for folders of safetensors; a \(format.name) file is one")
        }
    }

    func run() async throws {
        let file = try openModel(try await ModelChoice.source(input))
        let format = try WritingArguments.format(of: output, named: to)
        let encoding = EncodingOptions(
            mix: try type.map { try WritingArguments.mix($0) }, allowsRequantizing: allowRequantize)
        let encoder = TensorEncoder(threadCount: options.threadCount)
        let draft = try ModelDraft(file, for: format, encodedAs: encoding, by: encoder)
        let target = ModelOutput(
            path: output, format: format, label: "writing", isQuiet: options.quiet,
            options: TargetOptions(shardByteCount: shardSize?.byteCount))
        _ = try target.write(draft, sources: file.partPaths)
    }
}
