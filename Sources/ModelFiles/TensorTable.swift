import Tensors

/// The tensors of a model that lies in one or more mapped files, found by name.
struct TensorTable: Sendable {
    let entries: [TensorEntry]
    private let indexes: [String: Int]
    private let files: [MappedFile]

    /// - Precondition: Names are unique, `fileIndex` and `byteRange` lie inside `files`.
    init(_ entries: [TensorEntry], files: [MappedFile]) {
        self.entries = entries
        self.files = files
        indexes = Dictionary(uniqueKeysWithValues: entries.enumerated().map { ($1.name, $0) })
    }

    func entry(named name: String) -> TensorEntry? { indexes[name].map { entries[$0] } }

    /// Of the files, as they were opened.
    var paths: [String] { files.map(\.path) }

    /// - Precondition: `entry` is of this table.
    func view(of entry: TensorEntry) -> TensorView {
        let file = file(of: entry)
        return unsafe TensorView(
            name: entry.name, elementType: entry.elementType, shape: entry.shape,
            bytes: file.bytes(in: entry.byteRange), owner: file)
    }

    /// - Precondition: `entry` is of this table.
    func dropPages(of entry: TensorEntry) { file(of: entry).dropPages(in: entry.byteRange) }

    private func file(of entry: TensorEntry) -> MappedFile {
        precondition(self.entry(named: entry.name) == entry, "TensorTable: \(entry.name) is of another model")
        return files[entry.fileIndex]
    }
}
