package import Tensors

/// 32 floats of 4 bits (E2M1) with one exponent: `value = 2^(e − 128) · level[q]`, with the doubled levels of `LevelGrid.e2m1`.
///
/// ```
/// e u8 | 16 bytes: q[i] in the low nibble of byte i, q[i + 16] in the high one                                  (17 bytes)
/// ```
///
/// An exponent of 255 is NaN in the specification; as in ggml, it is 2¹²⁷ here. Encoding: `e` brings the largest magnitude to
/// 4 ≤ value < 8 before doubling, of which E2M1 has 4 and 6; the others take the nearest level.
///
/// Source: OCP Microscaling Formats (MX) Specification 1.0, section 5.
package enum MXFP4: QuantizedBlockCodec {
    package static let elementType = ElementType.mxfp4

    static func decodeBlock(_ block: Span<UInt8>, into values: inout MutableSpan<Float>) {
        let scale = scale(block[0])
        for index in 0..<16 {
            let byte = block[1 + index]
            values[index] = scale * LevelGrid.e2m1[byte & 0x0F]
            values[index + 16] = scale * LevelGrid.e2m1[byte >> 4]
        }
    }

    static func encodeBlock(_ values: Span<Float>, into block: inout MutableSpan<UInt8>) {
        let largest = values.farthestFromZero(in: 0..<32).magnitude
        if largest > 0, largest.isFinite {
            block[0] = UInt8(min(max(Int(largest.exponent) - 2 + 127, 0), 254))
        } else {
            block[0] = 0
        }
        let scale = scale(block[0])
        for index in 0..<16 {
            // The scale is a power of two: dividing by it is exact.
            let low = LevelGrid.e2m1.code(nearestTo: values[index] / scale)
            let high = LevelGrid.e2m1.code(nearestTo: values[index + 16] / scale)
            block[1 + index] = low | high << 4
        }
    }

    /// 2^(e − 128); the two smallest are subnormal.
    @inline(__always)
    private static func scale(_ exponent: UInt8) -> Float {
        let bits = UInt32(exponent)
        return Float(bitPattern: bits < 2 ? 0x0020_0000 << bits : (bits - 1) << 23)
    }
}
