package import ModelFiles

/// A format that models can be written in.
package struct TargetFormat: Sendable {
    /// As `--to` names it.
    package let name: String
    /// Names that mean the format by their end; empty for one that is a folder.
    package let suffixes: [String]
    let rotaryRows: RotaryRows.Order
    let vectors: VectorTypes
    /// Whether a model is written in words that have to be understood even where it is read from the same format.
    private let translatesItsOwn: Bool
    private let make: @Sendable (ModelDraft, TargetOptions) throws(ModelFileError) -> any ModelWriter

    /// What becomes of vectors: norms and biases.
    enum VectorTypes: Sendable {
        /// Halves become float32, which holds them exactly: what reads GGUF wants them so.
        case float32
        case asTheyLie
        /// Float32 becomes the half that the matrices have, where every number of the vector is one: what GGUF has widened gets
        /// its own bytes again, and nothing is ever rounded.
        case ofMatricesWhereExact
    }

    /// A new format is a row here.
    package static let all: [TargetFormat] = [
        TargetFormat(
            name: "gguf", suffixes: [".gguf"], rotaryRows: .ofArchitecture, vectors: .float32, translatesItsOwn: false
        ) {
            draft, _ throws(ModelFileError) in try GGUFWriter(draft)
        },
        TargetFormat(
            name: "apr", suffixes: [".apr"], rotaryRows: .asTheyLie, vectors: .asTheyLie, translatesItsOwn: false
        ) {
            draft, _ throws(ModelFileError) in try APRFileWriter(draft)
        },
        TargetFormat(
            name: "safetensors", suffixes: [], rotaryRows: .halves, vectors: .ofMatricesWhereExact,
            translatesItsOwn: true
        ) {
            draft, options throws(ModelFileError) in
            try HuggingFaceWriter(
                draft, shardByteCount: options.shardByteCount ?? HuggingFaceWriter.usualShardByteCount)
        },
    ]

    package static let gguf = all[0]

    package static func named(_ name: String) -> TargetFormat? { all.first { $0.name == name.lowercased() } }

    package var isFolder: Bool { suffixes.isEmpty }

    /// What a path means by its end; a name without the end of a file means a folder.
    package static func ofPath(_ path: String) -> TargetFormat? {
        let path = path.lowercased()
        if let format = all.first(where: { $0.suffixes.contains { path.hasSuffix($0) } }) { return format }
        return hasFileEnding(path) ? nil : all.first(where: \.isFolder)
    }

    /// Whether a name ends in a dot and letters, as `model.bin` does; `Qwen3-0.6B` is no such name.
    private static func hasFileEnding(_ path: String) -> Bool {
        let name = path.split(separator: "/").last ?? ""
        guard !path.hasSuffix("/"), let dot = name.lastIndex(of: "."), dot != name.startIndex else { return false }
        let ending = name[name.index(after: dot)...]
        return !ending.isEmpty && ending.allSatisfy(\.isLetter)
    }

    /// A model goes from one format to another in the words of both; within one, words need not be understood.
    func checkKnows(_ file: any ModelFile) throws(ModelFileError) {
        if !translatesItsOwn, file.formatName.lowercased().hasPrefix(name) { return }
        let architecture = try file.metadata.string("general.architecture") ?? "none"
        let known = Set(HuggingFaceArchitecture.all.map(\.canonicalName))
        guard !known.contains(architecture) else { return }
        throw ModelFileError(
            file: file.path, subject: .key("general.architecture"),
            problem: .unsupported(
                found: "converting '\(architecture)' from \(file.formatName) to \(name)",
                advice: "the architectures known in both are " + known.sorted().joined(separator: ", ")))
    }

    /// - Throws: What the format cannot hold.
    package func writer(
        for draft: ModelDraft, options: TargetOptions = TargetOptions()
    ) throws(ModelFileError) -> any ModelWriter { try make(draft, options) }
}

/// What only some formats ask.
package struct TargetOptions: Sendable {
    /// Bytes of tensors that a file of a folder gets at most; nil for what is usual.
    package var shardByteCount: Int?

    package init(shardByteCount: Int? = nil) { self.shardByteCount = shardByteCount }
}
