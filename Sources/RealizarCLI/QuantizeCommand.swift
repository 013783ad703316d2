import ArgumentParser
import Engine
import ModelConversion
import ModelFiles
import Tensors

/// `realizar quantize`: a smaller model out of a larger one.
struct QuantizeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quantize",
        abstract: "Writes a model with its matrices in smaller types.",
        discussion: """
            Types: \(QuantizationMix.all.map(\.name).joined(separator: ", ")). Those with K mix types: the tensors that matter \
            most get more bits. Vectors and norms stay as they are. The output appears when it is whole; the input is never \
            touched.
            """)

    @Argument(help: "The model to read.") var input: String
    @Argument(help: "The file to write.") var output: String
    @Argument(help: "The type, for example Q4_K_M.") var type: String
    @OptionGroup var options: WritingArguments
    @Flag(help: "Gives all matrices the same type.") var pure = false
    @Flag(help: "Accepts tensors that are quantized already, and adds the errors of both types.")
    var allowRequantize = false
    @Flag(help: "Shows the type and size of every tensor, and writes nothing.") var dryRun = false

    func validate() throws {
        _ = try WritingArguments.mix(type)
        _ = try WritingArguments.format(of: output, named: nil)
    }

    func run() async throws {
        let file = try openModel(try await ModelChoice.source(input))
        let encoding = EncodingOptions(
            mix: try WritingArguments.mix(type), isPure: pure, allowsRequantizing: allowRequantize)
        let encoder = TensorEncoder(threadCount: options.threadCount)
        let format = try WritingArguments.format(of: output, named: nil)
        let draft = try ModelDraft(file, for: format, encodedAs: encoding, by: encoder)
        if dryRun { return try StandardOutput.write(try DraftReport(draft, of: file, format: format).text) }
        let target = ModelOutput(path: output, format: format, label: "quantizing", isQuiet: options.quiet)
        let byteCount = try target.write(draft, sources: file.partPaths)
        if !options.quiet {
            let before = file.tensors.reduce(0) { $0 + $1.byteRange.count }
            StandardError.write(
                "\(output.printable): \(NumberFormat.bytes(byteCount)), from \(NumberFormat.bytes(before))")
        }
    }
}

/// Options of the commands that write a model.
struct WritingArguments: ParsableArguments {
    @Option(
        name: [.customShort("t"), .long], parsing: .unconditional,
        help: ArgumentHelp("Threads to work with (default: one per core).", valueName: "n"))
    var threads: Int?
    @Flag(name: .shortAndLong, help: "Shows no progress.") var quiet = false

    func validate() throws {
        if let threads, !(1...1024).contains(threads) {
            throw ValidationError("--threads is \(threads), but must be within 1...1024")
        }
    }

    var threadCount: Int { threads ?? Machine.threadCount }

    /// - Throws: `ValidationError` with the names that there are.
    static func mix(_ name: String) throws -> QuantizationMix {
        if let mix = QuantizationMix.named(name) { return mix }
        let names = QuantizationMix.all.map(\.name).joined(separator: ", ")
        throw ValidationError("there is no type \(name.printable.shortened(to: 40)); there are \(names)")
    }

    /// - Throws: `ValidationError` with the formats that there are.
    static func format(of path: String, named name: String?) throws -> TargetFormat {
        let names = TargetFormat.all.map(\.name).joined(separator: ", ")
        if let name {
            if let format = TargetFormat.named(name) { return format }
            throw ValidationError("--to is \(name.printable.shortened(to: 40)), but must be one of \(names)")
        }
        if let format = TargetFormat.ofPath(path) { return format }
        if path.lowercased().hasSuffix(".safetensors") {
            throw ValidationError(
                "\(path.printable) is one file, and safetensors are written as a folder with configuration and tokenizer: "
                    + "leave the end away")
        }
        let ends = TargetFormat.all.flatMap(\.suffixes).joined(separator: ", ")
        throw ValidationError(
            "\(path.printable) does not tell a format: let its name end in \(ends), or in '/' for a folder of safetensors, or "
                + "give --to (\(names))")
    }
}

/// What a draft would become.
struct DraftReport {
    let text: String

    init(_ draft: ModelDraft, of file: any ModelFile, format: TargetFormat) throws {
        var table = TableFormatter([
            ("name", .left), ("shape", .left), ("from", .left), ("to", .left), ("bytes", .right),
        ])
        for tensor in draft.tensors {
            let before = file.entry(named: tensor.name)?.elementType.rawValue ?? "-"
            table.append([
                tensor.name.printable.shortened(to: 80), tensor.shape.description, before,
                tensor.elementType.rawValue, "\(tensor.byteCount)",
            ])
        }
        text = table.text + "file: \(try format.writer(for: draft).byteCount) bytes\n"
    }
}
