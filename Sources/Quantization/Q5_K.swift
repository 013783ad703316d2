package import Tensors

/// 256 numbers of 5 bits in 8 groups: `value = (d · scale) · q − (dmin · minimum)`.
///
/// ```
/// scales, see SuperBlockScales (16 bytes) | 32 bytes: bit g of byte i is bit 4 of q[32g + i] | 128 bytes: bits 0…3, as in Q4_K
///                                                                                                             (176 bytes)
/// ```
///
/// Encoding: as Q4_K, with 31 steps.
package enum Q5_K: QuantizedBlockCodec {
    package static let elementType = ElementType.q5K

    private static let highBits = SuperBlockScales.byteCount
    private static let lowBits = highBits + 32

    static func decodeBlock(_ block: Span<UInt8>, into values: inout MutableSpan<Float>) {
        for group in 0..<8 {
            let (scale, minimum) = SuperBlockScales.decode(group: group, of: block)
            let (part, shift) = (lowBits + group / 2 * 32, group % 2 * 4)
            for index in 0..<32 {
                let low = block[part + index] >> shift & 0x0F
                let high = block[highBits + index] >> group & 1
                values[group * 32 + index] = scale * Float(low | high << 4) - minimum
            }
        }
    }

    static func encodeBlock(_ values: Span<Float>, into block: inout MutableSpan<UInt8>) {
        SuperBlockScales.encode(values, top: 31, into: &block)
        for index in SuperBlockScales.byteCount..<176 { block[index] = 0 }
        for group in 0..<8 {
            let (scale, minimum) = SuperBlockScales.decode(group: group, of: block.span)
            let (part, shift) = (lowBits + group / 2 * 32, group % 2 * 4)
            for index in 0..<32 {
                let q = nearestLevel((values[group * 32 + index] + minimum) * inverse(scale), in: 0...31)
                block[part + index] |= UInt8(q & 0x0F) << shift
                block[highBits + index] |= UInt8(q >> 4) << group
            }
        }
    }
}
