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

    func validate() throws {
        if let threads, threads < 1 { throw ValidationError("--threads is \(threads), but must be 1 or more") }
        if let contextLength, contextLength < 1 {
            throw ValidationError("--context-length is \(contextLength), but must be 1 or more")
        }
    }

    var engineOptions: EngineOptions {
        var options = EngineOptions()
        options.threadCount = threads
        options.contextLength = contextLength
        options.instructionSet = cpu ?? getenv("REALIZAR_ISA").map { String(cString: $0) }
        return options
    }
}

/// The model among a command's arguments.
enum ModelPath {
    static let help: ArgumentHelp = "A .gguf file, or the first file of a split set."

    /// - Throws: `ValidationError` where none is given.
    static func require(_ path: String?, command: String) throws -> String {
        guard let path, !path.isEmpty else {
            throw ValidationError(
                "no model is built in, so the path of one is needed: realizar \(command) path/to/model.gguf")
        }
        return path
    }
}
