package import Tensors

/// 256 numbers of 3 bits in 16 groups of 16, each with a signed scale: `value = (d · (scale − 32)) · (q − 4)`.
///
/// ```
/// 32 bytes: bit 2 of q | 64 bytes: bits 0…1 of q | 12 bytes of 6-bit scales | d f16                            (110 bytes)
/// for the half h (0, 1), the quarter p (0…3) and i in 0…31, the number q[128h + 32p + i] has
///     bit 2 in byte i, at bit 4h + p    bits 0…1 in byte 32 + 32h + i, at bit 2p
/// scale[j] has
///     bits 0…3 in byte 96 + j mod 8, in the low nibble for j < 8, in the high one otherwise
///     bits 4…5 in byte 104 + j mod 4, at bit 2(j / 4)
/// ```
///
/// Encoding: in each group the value farthest from zero becomes q = 0, so its scale is that value over −4, in steps of `d`,
/// which makes the largest scale ±31.
package enum Q3_K: QuantizedBlockCodec {
    package static let elementType = ElementType.q3K

    private static let lowBits = 32
    private static let scales = 96
    private static let shared = 108

    static func decodeBlock(_ block: Span<UInt8>, into values: inout MutableSpan<Float>) {
        for group in 0..<16 {
            let scale = scale(group: group, of: block)
            let (high, highShift, low, lowShift) = place(group: group)
            for index in 0..<16 {
                let q = block[low + index] >> lowShift & 3 | (block[high + index] >> highShift & 1) << 2
                values[group * 16 + index] = scale * Float(Int(q) - 4)
            }
        }
    }

    static func encodeBlock(_ values: Span<Float>, into block: inout MutableSpan<UInt8>) {
        for index in 0..<shared { block[index] = 0 }
        storeScales(for: values, in: &block)
        for group in 0..<16 {
            let inverse = inverse(scale(group: group, of: block.span))
            let (high, highShift, low, lowShift) = place(group: group)
            for index in 0..<16 {
                let q = nearestLevel(values[group * 16 + index] * inverse, in: -4...3) + 4
                block[low + index] |= UInt8(q & 3) << lowShift
                block[high + index] |= UInt8(q >> 2) << highShift
            }
        }
    }

    @inline(__always)
    private static func scale(group: Int, of block: Span<UInt8>) -> Float {
        let low = block[scales + group % 8] >> (group < 8 ? 0 : 4) & 0x0F
        let high = block[scales + 8 + group % 4] >> UInt8(group / 4 * 2) & 3
        return block.half(at: shared) * Float(Int(low | high << 4) - 32)
    }

    /// Where the group's bit 2 and bits 0…1 begin, each with the bit in the byte.
    @inline(__always)
    private static func place(group: Int) -> (high: Int, highShift: UInt8, low: Int, lowShift: UInt8) {
        let (half, quarter, start) = (group / 8, group % 8 / 2, group % 2 * 16)
        return (start, UInt8(4 * half + quarter), lowBits + 32 * half + start, UInt8(2 * quarter))
    }

    private static func storeScales(for values: Span<Float>, in block: inout MutableSpan<UInt8>) {
        var largest: Float = 0
        for group in 0..<16 { largest = max(largest, wantedScale(of: group, in: values).magnitude) }
        let inverse = inverse(block.store(half: largest / 31, at: shared))
        for group in 0..<16 {
            let scale = nearestLevel(wantedScale(of: group, in: values) * inverse, in: -31...31) + 32
            block[scales + group % 8] |= UInt8(scale & 0x0F) << (group < 8 ? 0 : 4)
            block[scales + 8 + group % 4] |= UInt8(scale >> 4) << UInt8(group / 4 * 2)
        }
    }

    private static func wantedScale(of group: Int, in values: Span<Float>) -> Float {
        values.farthestFromZero(in: group * 16..<(group + 1) * 16) / -4
    }
}
