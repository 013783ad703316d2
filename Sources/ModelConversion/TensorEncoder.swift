internal import Compute
package import ModelFiles
internal import Quantization
internal import Synchronization
package import Tensors

/// Puts tensors into another element type, a few megabytes at a time and on all threads.
///
/// The bytes that come out do not depend on the number of threads or on the machine.
package final class TensorEncoder: Sendable {
    private let pool: ComputeThreadPool

    /// - Parameter threadCount: At least 1.
    package init(threadCount: Int) { pool = ComputeThreadPool(threadCount: threadCount, pinned: false) }

    /// The types that tensors can be put into, and those that they can come from.
    package static let supported: [ElementType] = BlockCodecs.supported

    /// - Returns: The tensor in `type`; as it lies where it has that type already.
    /// - Throws: Where its own type cannot be decoded, or its rows do not fill blocks of the new one. What is drafted throws
    ///   `.invalid` for a number that is not finite, or that the new type cannot hold: to encode it would hide a broken tensor.
    package func draft(of view: TensorView, in file: String, as type: ElementType) throws(ModelFileError) -> TensorDraft
    {
        try draft(of: TensorSource(view), in: file, as: type)
    }

    func draft(of view: TensorSource, in file: String, as type: ElementType) throws(ModelFileError) -> TensorDraft {
        if view.elementType == type { return view.draft }
        func refuse(_ expected: String, _ found: String) -> ModelFileError {
            ModelFileError(file: file, subject: .tensor(view.name), problem: .invalid(expected: expected, found: found))
        }
        guard Self.supported.contains(view.elementType), Self.supported.contains(type) else {
            throw refuse("a type that can be decoded and encoded here", "\(view.elementType) to become \(type)")
        }
        let rowLength = view.shape.dimensions.last ?? 1
        guard rowLength.isMultiple(of: type.blockFormat.elementsPerBlock) else {
            throw refuse(
                "rows of a multiple of \(type.blockFormat.elementsPerBlock) elements for \(type)", "\(rowLength)")
        }
        return TensorDraft(name: view.name, elementType: type, shape: view.shape) { sink throws(ModelFileError) in
            try view.withView { view throws(ModelFileError) in try self.encode(view, in: file, as: type, to: sink) }
        }
    }

    /// Whether a tensor of float32 comes out of another type as it went in, to the bit.
    ///
    /// - Precondition: `type` is one of plain numbers that can be encoded.
    func isExact(_ source: TensorSource, in type: ElementType) -> Bool {
        var isExact = true
        source.withView { view in
            let values = view.bytes
            let size = type.blockFormat.bytesPerBlock
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.itemCount * size) { narrow in
                withUnsafeTemporaryAllocation(of: Float.self, capacity: Self.itemCount) { wide in
                    for start in stride(from: 0, to: values.count / 4, by: Self.itemCount) where isExact {
                        let count = min(Self.itemCount, values.count / 4 - start)
                        let piece = UnsafeRawBufferPointer(rebasing: values[4 * start..<4 * (start + count)])
                        let floats = UnsafeMutableBufferPointer(rebasing: wide[..<count])
                        dequantize(piece, as: .float32, into: floats)
                        let bytes = UnsafeMutableBufferPointer(rebasing: narrow[..<(count * size)])
                        var span = bytes.mutableSpan
                        quantize(UnsafeBufferPointer(floats).span, as: type, into: &span)
                        dequantize(UnsafeRawBufferPointer(bytes), as: type, into: floats)
                        isExact = UnsafeRawBufferPointer(floats).elementsEqual(piece)
                    }
                }
            }
        }
        return isExact
    }

    /// What one thread takes at a time: 64 KiB of float32, and whole blocks of every format.
    private static let itemCount = 1 << 14
    private static let itemsPerPiece = 64

    private func encode(
        _ view: TensorView, in file: String, as type: ElementType, to sink: TensorDraft.Sink
    ) throws(ModelFileError) {
        let total = view.shape.elementCount ?? 0  // a view's shape has a count
        let pieceCount = Self.itemCount * Self.itemsPerPiece
        for start in stride(from: 0, to: total, by: pieceCount) {
            let count = min(pieceCount, total - start)
            let piece = PieceEncoder(view: view, elements: start..<start + count, type: type)
            pool.forEach((count + Self.itemCount - 1) / Self.itemCount) { item in
                piece.encode(start + item * Self.itemCount..<min(start + (item + 1) * Self.itemCount, start + count))
            }
            if let stranger = piece.stranger {
                throw ModelFileError(
                    file: file, subject: .tensor(view.name),
                    problem: .invalid(
                        expected: "finite numbers that \(type) can hold",
                        found: "\(stranger.value) at element \(stranger.index); 'realizar verify' tells more"))
            }
            try piece.write(to: sink)
        }
    }
}

/// Encodes the elements of one piece of a tensor, slice by slice.
private final class PieceEncoder: @unchecked Sendable {  // slices write to places of their own
    private let view: TensorView
    private let elements: Range<Int>
    private let type: ElementType
    private let buffer: UnsafeMutableRawBufferPointer
    private let found = Mutex<Stranger?>(nil)

    /// A number that the new type has no place for.
    struct Stranger {
        let index: Int
        let value: Float
    }

    init(view: TensorView, elements: Range<Int>, type: ElementType) {
        self.view = view
        self.elements = elements
        self.type = type
        buffer = .allocate(byteCount: Self.byteCount(of: elements.count, type), alignment: 64)
    }

    deinit { buffer.deallocate() }

    func write(to sink: TensorDraft.Sink) throws(ModelFileError) { try sink(buffer.bytes) }

    /// The first one, of all slices.
    var stranger: Stranger? { found.withLock { $0 } }

    func encode(_ slice: Range<Int>) {
        let sourceRange = Self.byteRange(of: slice.lowerBound..<slice.upperBound, view.elementType)
        let source = UnsafeRawBufferPointer(rebasing: view.bytes[sourceRange])
        let start = slice.lowerBound - elements.lowerBound
        let targetRange = Self.byteRange(of: start..<start + slice.count, type)
        let target = UnsafeMutableRawBufferPointer(rebasing: buffer[targetRange])
        withUnsafeTemporaryAllocation(of: Float.self, capacity: slice.count) { values in
            dequantize(source, as: view.elementType, into: values)
            let limit = Self.largestMagnitude(of: type)
            if let index = values.firstIndex(where: { !($0.magnitude <= limit) }) {
                note(Stranger(index: slice.lowerBound + index, value: values[index]))
            }
            var bytes = target.bindMemory(to: UInt8.self).mutableSpan
            quantize(UnsafeBufferPointer(values).span, as: type, into: &bytes)
        }
    }

    private func note(_ stranger: Stranger) {
        found.withLock { first in
            if first.map({ stranger.index < $0.index }) ?? true { first = stranger }
        }
    }

    /// Beyond which a number would become infinite. Blocks have f16 scales, with levels of at least ±7 above them.
    private static func largestMagnitude(of type: ElementType) -> Float {
        switch type {
        case .float32: .greatestFiniteMagnitude
        case .bfloat16: 0x1.FEp127
        default: 65504
        }
    }

    private static func byteRange(of elements: Range<Int>, _ type: ElementType) -> Range<Int> {
        byteCount(of: elements.lowerBound, type)..<byteCount(of: elements.upperBound, type)
    }

    /// - Precondition: Whole blocks.
    private static func byteCount(of elementCount: Int, _ type: ElementType) -> Int {
        guard let count = type.blockFormat.byteCount(elementCount: elementCount) else {
            preconditionFailure("TensorEncoder: \(elementCount) elements of \(type)")
        }
        return count
    }
}
