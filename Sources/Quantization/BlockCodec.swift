package import Tensors

/// One element type in plain Swift: how its bytes become floats and floats its bytes.
///
/// This is the definition that faster kernels are tested against. Decoding computes in float32, in the order that each format's
/// file states. Products of an f16 scale with the levels of a block have at most 24 significant bits and are exact, so that only
/// an added minimum rounds, once, fused or not: results are the same to the bit everywhere.
package protocol BlockCodec: Sendable {
    static var elementType: ElementType { get }

    /// Decodes whole blocks.
    ///
    /// - Parameters:
    ///   - bytes: `values.count / elementsPerBlock` blocks; the caller has checked the size.
    ///   - values: All elements are written.
    static func decode(_ bytes: Span<UInt8>, into values: inout MutableSpan<Float>)

    /// Encodes whole blocks by the plain method; `bytes` are all written, and the caller has checked the size.
    static func encode(_ values: Span<Float>, into bytes: inout MutableSpan<UInt8>)

    /// As `encode(_:into:)`, with a search for scales that leave smaller errors, where the format's file has one.
    static func search(_ values: Span<Float>, into bytes: inout MutableSpan<UInt8>)
}

extension BlockCodec {
    package static func search(_ values: Span<Float>, into bytes: inout MutableSpan<UInt8>) {
        encode(values, into: &bytes)
    }
}

/// How numbers become blocks.
package enum EncodingMethod: Sendable, CaseIterable {
    /// One pass, as the format's file states it; for formats of 32 numbers the bytes that every program writes.
    case plain
    /// A search for the scales with the least squared error; some five times as slow.
    case search
}

/// An element type whose elements share the scales of their block, described by what one block means.
protocol QuantizedBlockCodec: BlockCodec {
    /// - Parameters:
    ///   - block: The bytes of one block.
    ///   - values: `[elementsPerBlock]`.
    static func decodeBlock(_ block: Span<UInt8>, into values: inout MutableSpan<Float>)
    static func encodeBlock(_ values: Span<Float>, into block: inout MutableSpan<UInt8>)
}

extension QuantizedBlockCodec {
    package static func decode(_ bytes: Span<UInt8>, into values: inout MutableSpan<Float>) {
        let format = elementType.blockFormat
        for index in 0..<values.count / format.elementsPerBlock {
            let block = bytes.extracting(format.bytes(ofBlock: index))
            values.withPart(format.elements(ofBlock: index)) { decodeBlock(block, into: &$0) }
        }
    }

    package static func encode(_ values: Span<Float>, into bytes: inout MutableSpan<UInt8>) {
        forEachBlock(of: values, &bytes) { encodeBlock($0, into: &$1) }
    }

    @inline(__always)
    static func forEachBlock(
        of values: Span<Float>, _ bytes: inout MutableSpan<UInt8>,
        _ body: (Span<Float>, inout MutableSpan<UInt8>) -> Void
    ) {
        let format = elementType.blockFormat
        for index in 0..<values.count / format.elementsPerBlock {
            let block = values.extracting(format.elements(ofBlock: index))
            bytes.withPart(format.bytes(ofBlock: index)) { body(block, &$0) }
        }
    }
}

extension BlockFormat {
    fileprivate func elements(ofBlock index: Int) -> Range<Int> {
        index * elementsPerBlock..<(index + 1) * elementsPerBlock
    }

    fileprivate func bytes(ofBlock index: Int) -> Range<Int> { index * bytesPerBlock..<(index + 1) * bytesPerBlock }
}

extension MutableSpan where Element: BitwiseCopyable {
    /// Lends the elements of `range` to `body`, counted from 0.
    @inline(__always)
    mutating func withPart(_ range: Range<Int>, _ body: (inout MutableSpan<Element>) -> Void) {
        withUnsafeMutableBufferPointer { whole in
            var part = UnsafeMutableBufferPointer(rebasing: whole[range]).mutableSpan
            body(&part)
        }
    }
}
