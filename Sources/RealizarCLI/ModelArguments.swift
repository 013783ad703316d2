import ArgumentParser
import Engine

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Options of every command that computes with a model.
struct EngineArguments: ParsableArguments {
    @Option(
        name: [.customShort("t"), .long], parsing: .unconditional,
        help: ArgumentHelp("Threads to compute with (default: one per core).", valueName: "n"))
    var threads: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Tokens of prompt and answer together (default: what the model was made for).", valueName: "n"))
    var contextLength: Int?

    @Option(
        help: ArgumentHelp(
            "Instruction set: avx512, avx2, neon or scalar (default: REALIZAR_ISA, else the best).", valueName: "isa"))
    var cpu: String?

    @Option(
        help: ArgumentHelp(
            "Makes the weights smaller while loading: "
                + WeightQuantization.allCases.map(\.rawValue).joined(separator: ", ")
                + " (default: used as the file has them).", valueName: "type"))
    var quantize: String?

    @Option(
        help: ArgumentHelp(
            "How the model writes calls of tools: " + EngineOptions.toolCallParserNames.joined(separator: ", ")
                + " (default: as its chat template tells).", valueName: "name"))
    var toolCallParser: String?

    @Option(
        help: ArgumentHelp(
            "How the model sets its reasoning off: " + EngineOptions.reasoningParserNames.joined(separator: ", ")
                + " (default: as its chat template tells).", valueName: "name"))
    var reasoningParser: String?

    @OptionGroup var cacheArguments: CacheArguments

    func validate() throws {
        try Self.check("--tool-call-parser", toolCallParser, EngineOptions.toolCallParserNames)
        try Self.check("--reasoning-parser", reasoningParser, EngineOptions.reasoningParserNames)
        if let threads, !(1...1024).contains(threads) {
            throw ValidationError("--threads is \(threads), but must be within 1...1024")
        }
        if let cpu, !Machine.knownInstructionSetNames.contains(cpu.lowercased()) {
            throw ValidationError(
                "--cpu is \(cpu.printable), but must be one of \(Machine.knownInstructionSetNames.joined(separator: ", "))"
            )
        }
        if let quantize, WeightQuantization(rawValue: quantize.lowercased()) == nil {
            let known = WeightQuantization.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--quantize is \(quantize.printable), but must be one of \(known)")
        }
        if let contextLength, !(1...1 << 24).contains(contextLength) {
            throw ValidationError("--context-length is \(contextLength), but must be within 1...\(1 << 24)")
        }
    }

    private static func check(_ option: String, _ name: String?, _ known: [String]) throws {
        guard let name, !known.contains(name) else { return }
        throw ValidationError(
            "\(option) is \(name.printable), but must be one of \(known.joined(separator: ", "))")
    }

    var engineOptions: EngineOptions { engineOptions(parallelCount: EngineOptions().parallelCount) }

    /// - Parameter parallelCount: How many requests the cache has to hold.
    func engineOptions(parallelCount: Int) -> EngineOptions {
        var options = EngineOptions()
        options.parallelCount = parallelCount
        options.threadCount = threads
        options.contextLength = contextLength
        options.cacheType = cacheArguments.type
        options.quantization = quantize.flatMap { WeightQuantization(rawValue: $0.lowercased()) }
        options.toolCallParser = toolCallParser
        options.reasoningParser = reasoningParser
        options.instructionSet = cpu ?? getenv("REALIZAR_ISA").map { String(cString: $0) }
        return options
    }
}

/// The option for the type of keys and values.
struct CacheArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Type of keys and values: " + CacheType.allCases.map(\.rawValue).joined(separator: ", ")
                + " (default: f32 beside F32 weights, else f16).", valueName: "type"))
    var kvCacheType: String?

    var type: CacheType? { kvCacheType.flatMap { CacheType(rawValue: $0.lowercased()) } }

    func validate() throws {
        if let kvCacheType, type == nil {
            let known = CacheType.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--kv-cache-type is \(kvCacheType.printable), but must be one of \(known)")
        }
    }
}

/// Help of the argument that names a model.
let modelHelp: ArgumentHelp = """
    A .gguf file (or the first of a split set), an .apr file, or a folder or file of safetensors; a name that `realizar list` \
    shows; or hf:owner/name[:quantization] (default: the built-in demo model).
    """
