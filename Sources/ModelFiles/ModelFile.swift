package import Tensors

/// A model on disk, in whatever format: metadata and tensors, checked before the first of them is handed out.
///
/// All formats speak GGUF's words: its metadata keys, the names of its tensors. What has no key there has one of ours
/// (docs/formats/README.md lists them). Bytes stay as the file has them.
package protocol ModelFile: AnyObject, Sendable {
    /// As the user gave it; for a split set, the first file.
    var path: String { get }
    /// `GGUF v3`
    var formatName: String { get }
    var metadata: Metadata { get }
    /// In the order of the file.
    var tensors: [TensorEntry] { get }

    func entry(named name: String) -> TensorEntry?
    /// The entry's bytes where they lie. The view keeps the mapping alive.
    func view(of entry: TensorEntry) -> TensorView
    /// Gives the memory that holds the entry's bytes back to the system; another look reads them from disk again.
    func dropPages(of entry: TensorEntry)
    /// Checks what opening does not, since the whole file has to be read for it: a checksum, where the format has one.
    func verify() throws(ModelFileError)
    /// Why the metadata have no tokenizer, where the model comes with one that is not understood here.
    var tokenizerProblem: ModelFileError? { get }
    /// All files that the model is made of, as they were opened.
    var partPaths: [String] { get }
}

extension ModelFile {
    package func verify() throws(ModelFileError) {}
    package var tokenizerProblem: ModelFileError? { nil }
    package var partPaths: [String] { [path] }
}

/// One entry of a file's list of tensors.
package struct TensorEntry: Sendable, Equatable {
    package let name: String
    package let elementType: ElementType
    package let shape: Shape
    /// Absolute in its file; checked to lie inside it.
    package let byteRange: Range<Int>
    /// Which file of a split set; 0 for a single one.
    package let fileIndex: Int

    package init(name: String, elementType: ElementType, shape: Shape, byteRange: Range<Int>, fileIndex: Int) {
        self.name = name
        self.elementType = elementType
        self.shape = shape
        self.byteRange = byteRange
        self.fileIndex = fileIndex
    }
}
