internal import Compute
internal import ModelFiles
internal import Quantization
internal import Synchronization
internal import Tensors

/// Looks at every number of a tensor, decoded, on all threads: a scale that is NaN or infinite shows in the numbers of its block.
final class TensorScanner {
    private let pool: ComputeThreadPool

    init(threadCount: Int) { pool = ComputeThreadPool(threadCount: threadCount, pinned: false) }

    /// Numbers that are not finite.
    struct Strangers: Sendable {
        var nanCount = 0
        var infinityCount = 0
        /// The first of them.
        var first: Int?
        var firstValue: Float = 0

        mutating func merge(_ other: Strangers) {
            nanCount += other.nanCount
            infinityCount += other.infinityCount
            guard let index = other.first, index < first ?? Int.max else { return }
            (first, firstValue) = (index, other.firstValue)
        }
    }

    /// Integers have no numbers that are none, and are passed over too.
    static func scans(_ type: ElementType) -> Bool { BlockCodecs.supported.contains(type) }

    /// What a thread decodes at a time: 64 KiB of float32, and whole blocks of every format.
    private static let sliceCount = 1 << 14
    private static let slicesPerPiece = 64

    /// - Parameter progress: Gets the bytes scanned so far; false ends the work.
    /// - Returns: Nil where `progress` ended it.
    /// - Precondition: `scans(_:)` of the view's type.
    func scan(_ view: TensorView, _ progress: (Int) -> Bool) -> Strangers? {
        let count = view.shape.elementCount ?? 0  // a view's shape has a count
        let found = Mutex(Strangers())
        let pieceCount = Self.sliceCount * Self.slicesPerPiece
        for start in stride(from: 0, to: count, by: pieceCount) {
            let end = min(start + pieceCount, count)
            pool.forEach((end - start + Self.sliceCount - 1) / Self.sliceCount) { slice in
                let first = start + slice * Self.sliceCount
                let strangers = Self.strangers(in: view, first..<min(first + Self.sliceCount, end))
                if strangers.first != nil { found.withLock { $0.merge(strangers) } }
            }
            guard progress(view.elementType.byteCount(of: end)) else { return nil }
        }
        return found.withLock { $0 }
    }

    private static func strangers(in view: TensorView, _ range: Range<Int>) -> Strangers {
        let type = view.elementType
        let bytes = view.bytes[type.byteCount(of: range.lowerBound)..<type.byteCount(of: range.upperBound)]
        var strangers = Strangers()
        withUnsafeTemporaryAllocation(of: Float.self, capacity: range.count) { values in
            dequantize(UnsafeRawBufferPointer(rebasing: bytes), as: type, into: values)
            for index in values.indices where !values[index].isFinite {
                if strangers.first == nil {
                    (strangers.first, strangers.firstValue) = (range.lowerBound + index, values[index])
                }
                if values[index].isNaN { strangers.nanCount += 1 } else { strangers.infinityCount += 1 }
            }
        }
        return strangers
    }
}

extension ElementType {
    /// - Precondition: Whole blocks, of a tensor that lies in memory.
    fileprivate func byteCount(of elementCount: Int) -> Int {
        elementCount / blockFormat.elementsPerBlock * blockFormat.bytesPerBlock
    }
}

extension TensorScanner.Strangers {
    /// `model.gguf, byte 4096: tensor 'blk.0.ffn_up.weight', element 17 (row 0, column 17) is nan; …`
    func finding(in entry: TensorEntry, of file: any ModelFile) -> Finding? {
        guard let first else { return nil }
        let block = first / entry.elementType.blockFormat.elementsPerBlock
        // A format whose blocks become others when they are looked at has them in another place.
        let offset = min(
            entry.byteRange.lowerBound + block * entry.elementType.blockFormat.bytesPerBlock,
            entry.byteRange.upperBound)
        let width = max(entry.shape.dimensions.last ?? 1, 1)
        let error = ModelFileError(
            file: file.partPaths[entry.fileIndex], offset: offset, subject: .tensor(entry.name),
            problem: .invalid(
                expected: "finite numbers",
                found: "\(firstValue) at element \(first) (row \(first / width), column \(first % width) of "
                    + "\(entry.elementType)); in all \(nanCount) NaN and \(infinityCount) infinite ones"))
        return Finding(.number, tensor: entry.name, element: first, offset: offset, "\(error)")
    }
}
