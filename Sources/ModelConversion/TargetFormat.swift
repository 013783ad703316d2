package import ModelFiles

/// A format that models can be written in.
package struct TargetFormat: Sendable {
    /// As `--to` names it.
    package let name: String
    /// Names of files, or of folders, that mean the format.
    package let suffixes: [String]
    private let make: @Sendable (ModelDraft) throws(ModelFileError) -> any ModelWriter

    /// A new format is a row here.
    package static let all: [TargetFormat] = [
        TargetFormat(name: "gguf", suffixes: [".gguf"]) { draft throws(ModelFileError) in try GGUFWriter(draft) }
    ]

    package static func named(_ name: String) -> TargetFormat? { all.first { $0.name == name.lowercased() } }

    /// What a path means by its end.
    package static func ofPath(_ path: String) -> TargetFormat? {
        let path = path.lowercased()
        return all.first { $0.suffixes.contains { path.hasSuffix($0) } }
    }

    /// - Throws: What the format cannot hold.
    package func writer(for draft: ModelDraft) throws(ModelFileError) -> any ModelWriter { try make(draft) }
}
