package import Tensors

/// A GGUF model: one file, or a split set that looks like one.
package final class GGUFFile: ModelFile {
    package let path: String
    package let formatName: String
    package let metadata: Metadata
    private let table: TensorTable

    /// - Parameter first: A single file, or the first of a split set, whose other parts are opened beside it.
    /// - Throws: Where any part is not sound, or they do not belong together.
    init(_ first: MappedFile) throws(ModelFileError) {
        let set = try GGUFSplitSet(first)
        path = first.path
        formatName = "GGUF v\(set.version)"
        metadata = set.metadata
        table = TensorTable(set.tensors, files: set.files)
    }

    package var tensors: [TensorEntry] { table.entries }
    package func entry(named name: String) -> TensorEntry? { table.entry(named: name) }
    package func view(of entry: TensorEntry) -> TensorView { table.view(of: entry) }
    package func dropPages(of entry: TensorEntry) { table.dropPages(of: entry) }
    package var partPaths: [String] { table.paths }
}
