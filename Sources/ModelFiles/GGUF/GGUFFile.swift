package import Tensors

/// A GGUF model: one file, or a split set that looks like one.
package final class GGUFFile: ModelFile {
    package let path: String
    package let formatName: String
    package let metadata: Metadata
    package let tensors: [TensorEntry]
    private let indexes: [String: Int]
    private let files: [MappedFile]

    /// - Parameter first: A single file, or the first of a split set, whose other parts are opened beside it.
    /// - Throws: Where any part is not sound, or they do not belong together.
    init(_ first: MappedFile) throws(ModelFileError) {
        let set = try GGUFSplitSet(first)
        path = first.path
        formatName = "GGUF v\(set.version)"
        metadata = set.metadata
        tensors = set.tensors
        files = set.files
        indexes = Dictionary(uniqueKeysWithValues: tensors.enumerated().map { ($1.name, $0) })
    }

    package func entry(named name: String) -> TensorEntry? { indexes[name].map { tensors[$0] } }

    /// - Precondition: `entry` comes from this file.
    package func view(of entry: TensorEntry) -> TensorView {
        precondition(self.entry(named: entry.name) == entry, "GGUFFile.view: \(entry.name) is not of \(path)")
        let file = files[entry.fileIndex]
        return unsafe TensorView(
            name: entry.name, elementType: entry.elementType, shape: entry.shape,
            bytes: file.bytes(in: entry.byteRange), owner: file)
    }
}
