internal import Compute
internal import ModelFiles
internal import Tensors

/// A tensor to be read when its turn comes.
struct TensorSource {
    let name: String
    let elementType: ElementType
    let shape: Shape
    /// The bytes, valid while the view lives; made anew at each call.
    private let open: () -> TensorView
    /// Gives memory back when the tensor has been read.
    private let close: () -> Void

    init(_ view: TensorView) { self.init(view.name, view.elementType, view.shape, open: { view }, close: {}) }

    /// An entry of a file, whose pages are given back to the system once they have been read.
    init(_ entry: TensorEntry, of file: any ModelFile) {
        self.init(
            entry.name, entry.elementType, entry.shape, open: { file.view(of: entry) },
            close: { file.dropPages(of: entry) })
    }

    private init(
        _ name: String, _ elementType: ElementType, _ shape: Shape, open: @escaping () -> TensorView,
        close: @escaping () -> Void
    ) {
        self.name = name
        self.elementType = elementType
        self.shape = shape
        self.open = open
        self.close = close
    }

    /// The tensor as it lies in its file.
    var draft: TensorDraft {
        TensorDraft(name: name, elementType: elementType, shape: shape) { sink throws(ModelFileError) in
            try TensorDraft(self.open()).write(to: sink)
            self.close()
        }
    }

    /// Lends the bytes to `body`.
    func withView<Failure: Error>(_ body: (TensorView) throws(Failure) -> Void) throws(Failure) {
        try body(open())
        close()
    }

    /// The same tensor with its rows in another order; of a vector the elements are the rows.
    ///
    /// Whole rows move, so that this is exact in any element type.
    ///
    /// - Parameter order: For each row the row of this tensor that takes its place.
    /// - Precondition: `order` has the count of rows, and numbers below it.
    func rows(inOrder order: [Int]) -> TensorSource {
        precondition(order.count == shape.dimensions.first, "rows(inOrder:): \(order.count) rows of \(shape)")
        return TensorSource(
            name, elementType, shape,
            open: {
                let view = self.open()
                let copy = OwnedBytes(byteCount: view.bytes.count)
                let size = view.bytes.count / max(order.count, 1)
                for (row, old) in order.enumerated() {
                    copy.bytes[row * size..<(row + 1) * size].copyBytes(from: view.bytes[old * size..<(old + 1) * size])
                }
                return TensorView(
                    name: view.name, elementType: view.elementType, shape: view.shape,
                    bytes: UnsafeRawBufferPointer(copy.bytes), owner: copy)
            }, close: close)
    }

    /// Memory of one tensor.
    private final class OwnedBytes {
        let bytes: UnsafeMutableRawBufferPointer
        init(byteCount: Int) { bytes = .allocate(byteCount: byteCount, alignment: 64) }
        deinit { bytes.deallocate() }
    }
}

extension UnsafeMutableRawBufferPointer.SubSequence {
    fileprivate func copyBytes(from source: UnsafeRawBufferPointer.SubSequence) {
        UnsafeMutableRawBufferPointer(rebasing: self).copyMemory(from: UnsafeRawBufferPointer(rebasing: source))
    }
}
