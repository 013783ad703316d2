package import Tensors

/// A model as it is to be written: metadata, and tensors whose bytes are made when their turn comes, so that a model of any size
/// passes through a few megabytes of memory.
package struct ModelDraft {
    package var metadata: Metadata
    /// In the order in which they will lie in the file.
    package var tensors: [TensorDraft]
    /// What the model is drafted from, for formats that tell.
    package let originalFormat: String?

    package init(metadata: Metadata, tensors: [TensorDraft], originalFormat: String? = nil) {
        self.metadata = metadata
        self.tensors = tensors
        self.originalFormat = originalFormat
    }

    /// All of a file, as it lies there.
    package init(copying file: any ModelFile) {
        self.init(
            metadata: file.metadata, tensors: file.tensors.map { TensorDraft(file.view(of: $0)) },
            originalFormat: file.formatName)
    }
}

/// One tensor of a draft.
package struct TensorDraft {
    /// Takes the next bytes of a tensor; what it throws ends the writing.
    package typealias Sink = (RawSpan) throws(ModelFileError) -> Void

    package var name: String
    package let elementType: ElementType
    package let shape: Shape
    package let byteCount: Int
    private let produce: (Sink) throws(ModelFileError) -> Void

    /// - Parameter produce: Gives the sink exactly the bytes that `shape` and `elementType` ask for, in pieces of any size.
    /// - Precondition: The shape's rows are whole blocks of the type, and the size stays in Int's range.
    package init(
        name: String, elementType: ElementType, shape: Shape,
        produce: @escaping (_ sink: Sink) throws(ModelFileError) -> Void
    ) {
        let size = shape.elementCount.flatMap { elementType.blockFormat.byteCount(elementCount: $0) }
        guard let size else { preconditionFailure("TensorDraft \(name): \(elementType) \(shape) has no size") }
        self.name = name
        self.elementType = elementType
        self.shape = shape
        byteCount = size
        self.produce = produce
    }

    /// The tensor as it lies in a file.
    package init(_ view: TensorView) {
        self.init(name: view.name, elementType: view.elementType, shape: view.shape) {
            sink throws(ModelFileError) in
            // In pieces, so that an interruption need not wait for a tensor of gigabytes.
            let bytes = unsafe view.bytes.bytes
            for start in stride(from: 0, to: bytes.byteCount, by: Self.pieceByteCount) {
                try sink(bytes.extracting(start..<min(start + Self.pieceByteCount, bytes.byteCount)))
            }
        }
    }

    /// What one call of a sink gets from a copy, at most.
    package static let pieceByteCount = 4 << 20

    /// - Precondition: What was produced has the tensor's size.
    package func write(to sink: Sink) throws(ModelFileError) {
        var written = 0
        try produce { bytes throws(ModelFileError) in
            try sink(bytes)
            written += bytes.byteCount
        }
        precondition(written == byteCount, "TensorDraft \(name): \(written) bytes of \(byteCount)")
    }
}

/// Is told of every piece that has been written, and may end the work.
package struct WriteObserver: Sendable {
    /// Gets the bytes written so far and those of the whole file; false ends the work with `.interrupted`.
    private let advance: @Sendable (_ done: Int, _ total: Int) -> Bool

    package init(_ advance: @escaping @Sendable (_ done: Int, _ total: Int) -> Bool) { self.advance = advance }

    /// Goes on to the end.
    package static let silent = WriteObserver { _, _ in true }

    func report(_ file: AtomicFile, total: Int) throws(ModelFileError) {
        try report(file.byteCount, total: total, of: file.path)
    }

    func report(_ done: Int, total: Int, of path: String) throws(ModelFileError) {
        guard advance(done, total) else { throw ModelFileError(file: path, problem: .interrupted) }
    }
}
