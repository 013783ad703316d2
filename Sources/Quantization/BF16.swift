package import Tensors

/// The upper half of a binary32. Encoding rounds to nearest, ties to even; NaN stays NaN.
///
/// ```
/// 2 bytes, little-endian: sign 1 | exponent 8 | significand 7
/// ```
package enum BF16: BlockCodec {
    package static let elementType = ElementType.bfloat16

    package static func decode(_ bytes: Span<UInt8>, into values: inout MutableSpan<Float>) {
        for index in values.indices {
            values[index] = Float(bitPattern: UInt32(bytes.bits16(at: 2 * index)) << 16)
        }
    }

    package static func encode(_ values: Span<Float>, into bytes: inout MutableSpan<UInt8>) {
        for index in values.indices { bytes.store(bits16: bits(values[index]), at: 2 * index) }
    }

    private static func bits(_ value: Float) -> UInt16 {
        let bits = value.bitPattern
        // A NaN's significand may lie in the lower half alone: the quiet bit keeps it from becoming infinity.
        if value.isNaN { return UInt16(truncatingIfNeeded: bits >> 16) | 0x40 }
        return UInt16(truncatingIfNeeded: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) >> 16)
    }
}
