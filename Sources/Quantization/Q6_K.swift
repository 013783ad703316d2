package import Tensors

/// 256 numbers of 6 bits in 16 groups of 16, each with a signed scale: `value = (d · scale) · (q − 32)`.
///
/// ```
/// 128 bytes: bits 0…3 | 64 bytes: bits 4…5 | 16 × scale i8 | d f16                                            (210 bytes)
/// for the half h (0, 1), the quarter p (0…3) and i in 0…31, the number q[128h + 32p + i] has
///     bits 0…3 in byte 64h + 32(p mod 2) + i, in the low nibble for p < 2, in the high one otherwise
///     bits 4…5 in byte 128 + 32h + i, at bit 2p
/// ```
///
/// Encoding: in each group the value farthest from zero becomes q = 0, so its scale is that value over −32, in steps of `d`,
/// which makes the largest scale ±127. The search fits each group's scale, then `d` and the groups' scales in turn.
package enum Q6_K: SearchedBlockCodec {
    package static let elementType = ElementType.q6K

    private static let highBits = 128
    private static let scales = 192
    private static let shared = 208

    static func decodeBlock(_ block: Span<UInt8>, into values: inout MutableSpan<Float>) {
        for group in 0..<16 {
            let scale = scale(group: group, of: block)
            let (low, high, part) = place(group: group)
            for index in 0..<16 {
                let lowBits = block[low + index] >> (part < 2 ? 0 : 4) & 0x0F
                let highBits = block[high + index] >> (2 * part) & 3
                values[group * 16 + index] = scale * Float(Int(lowBits | highBits << 4) - 32)
            }
        }
    }

    static func encodeBlock(_ values: Span<Float>, into block: inout MutableSpan<UInt8>) {
        for index in 0..<scales { block[index] = 0 }
        storeScales(for: values, in: &block)
        for group in 0..<16 {
            let inverse = inverse(scale(group: group, of: block.span))
            let (low, high, part) = place(group: group)
            for index in 0..<16 {
                let q = nearestLevel(values[group * 16 + index] * inverse, in: -32...31) + 32
                block[low + index] |= UInt8(q & 0x0F) << (part < 2 ? 0 : 4)
                block[high + index] |= UInt8(q >> 4) << (2 * part)
            }
        }
    }

    static func searchBlock(_ values: Span<Float>, into block: inout MutableSpan<UInt8>) {
        let search = SignedScalesSearch<16>(values, levels: -32...31, scaleLevels: -128...127)
        for index in 0..<scales { block[index] = 0 }
        block.store(half: search.sharedScale, at: shared)
        for half in 0..<2 {
            let groups = half == 0 ? search.first : search.second
            let bytes = groups.scaleLevels.bytes
            let inverse = (search.sharedScale * groups.scaleLevels).inverseOrZero
            for group in 0..<8 { block[scales + 8 * half + group] = bytes[group] }
            for index in 0..<16 {
                let levels = ((groups.numbers[index] * inverse).nearestLevel(in: -32...31) + 32).bytes
                for group in 0..<8 {
                    let (low, high, part) = place(group: 8 * half + group)
                    block[low + index] |= (levels[group] & 0x0F) << (part < 2 ? 0 : 4)
                    block[high + index] |= (levels[group] >> 4) << UInt8(2 * part)
                }
            }
        }
    }

    @inline(__always)
    private static func scale(group: Int, of block: Span<UInt8>) -> Float {
        block.half(at: shared) * Float(Int8(bitPattern: block[scales + group]))
    }

    /// Where the group's bits 0…3 and 4…5 begin, and which quarter of its half it lies in.
    @inline(__always)
    private static func place(group: Int) -> (low: Int, high: Int, quarter: Int) {
        let (half, quarter, start) = (group / 8, group % 8 / 2, group % 2 * 16)
        return (64 * half + 32 * (quarter % 2) + start, highBits + 32 * half + start, quarter)
    }

    private static func storeScales(for values: Span<Float>, in block: inout MutableSpan<UInt8>) {
        var largest: Float = 0
        for group in 0..<16 { largest = max(largest, wantedScale(of: group, in: values).magnitude) }
        let inverse = inverse(block.store(half: largest / 127, at: shared))
        for group in 0..<16 {
            let scale = nearestLevel(wantedScale(of: group, in: values) * inverse, in: -127...127)
            block[scales + group] = UInt8(bitPattern: Int8(scale))
        }
    }

    private static func wantedScale(of group: Int, in values: Span<Float>) -> Float {
        values.farthestFromZero(in: group * 16..<(group + 1) * 16) / -32
    }
}
