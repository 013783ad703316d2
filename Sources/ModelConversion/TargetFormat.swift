package import ModelFiles

/// A format that models can be written in.
package struct TargetFormat: Sendable {
    /// As `--to` names it.
    package let name: String
    /// Names of files, or of folders, that mean the format.
    package let suffixes: [String]
    /// Whether queries and keys have their rows in the order that GGUF has for the architecture; other formats say the order.
    let hasCanonicalRows: Bool
    let vectorsAreFloat32: Bool
    private let make: @Sendable (ModelDraft) throws(ModelFileError) -> any ModelWriter

    /// A new format is a row here.
    package static let all: [TargetFormat] = [
        TargetFormat(name: "gguf", suffixes: [".gguf"], hasCanonicalRows: true, vectorsAreFloat32: true) {
            draft throws(ModelFileError) in try GGUFWriter(draft)
        },
        TargetFormat(name: "apr", suffixes: [".apr"], hasCanonicalRows: false, vectorsAreFloat32: false) {
            draft throws(ModelFileError) in try APRFileWriter(draft)
        },
    ]

    package static let gguf = all[0]

    package static func named(_ name: String) -> TargetFormat? { all.first { $0.name == name.lowercased() } }

    /// What a path means by its end.
    package static func ofPath(_ path: String) -> TargetFormat? {
        let path = path.lowercased()
        return all.first { $0.suffixes.contains { path.hasSuffix($0) } }
    }

    /// A model goes from one format to another in the words of both; within one, words need not be understood.
    func checkKnows(_ file: any ModelFile) throws(ModelFileError) {
        if file.formatName.lowercased().hasPrefix(name) { return }
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
    package func writer(for draft: ModelDraft) throws(ModelFileError) -> any ModelWriter { try make(draft) }
}
