internal import Tensors

/// A format of large blocks that are searched one by one.
protocol SearchedBlockCodec: QuantizedBlockCodec {
    /// As `encodeBlock(_:into:)`, with a search.
    static func searchBlock(_ values: Span<Float>, into block: inout MutableSpan<UInt8>)
}

extension SearchedBlockCodec {
    package static func search(_ values: Span<Float>, into bytes: inout MutableSpan<UInt8>) {
        forEachBlock(of: values, &bytes) { searchBlock($0, into: &$1) }
    }
}

/// A format of blocks of 32 numbers with one scale each, of which eight are searched side by side.
protocol SmallBlockCodec: QuantizedBlockCodec {
    /// - Parameters:
    ///   - numbers: Number i of all blocks.
    ///   - count: How many of the eight blocks there are.
    ///   - bytes: `[count]` blocks; all are written.
    static func searchBlocks(
        _ numbers: Span<Lanes>, count: Int, into bytes: inout MutableSpan<UInt8>)
}

extension SmallBlockCodec {
    package static func search(_ values: Span<Float>, into bytes: inout MutableSpan<UInt8>) {
        let format = elementType.blockFormat
        let blockCount = values.count / 32
        for start in stride(from: 0, to: blockCount, by: 8) {
            let count = min(8, blockCount - start)
            let numbers = [32 of Lanes](values, startingAt: 32 * start, groupCount: count)
            bytes.withPart(start * format.bytesPerBlock..<(start + count) * format.bytesPerBlock) {
                searchBlocks(numbers.span, count: count, into: &$0)
            }
        }
    }
}
