package import Tensors

/// 256 numbers in 32 groups of 8, each an entry of a grid of 2048 with the sign of its shift:
/// `value = d/8 · (2 · scale + 1) · (level ± 1)`, where levels are −8, 0 and 8, and two groups share a scale.
///
/// ```
/// 32 × bits 0…7 of entry | 32 × 4 bits: bits 8…10 of entry, 1 bit: shift is −1 | 4 × u16: 4 × 3 bits of scale, 4 bits of d
///                                                                                                              (56 bytes)
/// ```
///
/// Fields of less than a byte begin with the lowest bits; the four pieces of `d`, an f16 number, too. Encoding as IQ1_S, with a
/// shift for each group.
package enum IQ1_M: QuantizedBlockCodec {
    package static let elementType = ElementType.iq1M

    private static let highBits = 32
    private static let words = 48

    static func decodeBlock(_ block: Span<UInt8>, into values: inout MutableSpan<Float>) {
        var bits: UInt16 = 0
        for word in 0..<4 { bits |= (block.bits16(at: words + 2 * word) >> 12) << UInt16(4 * word) }
        let unit = HalfFloat.float(bits) / 8
        for group in 0..<32 {
            let scale = block.bits16(at: words + group / 8 * 2) >> UInt16(group / 2 % 4 * 3) & 7
            let high = block[highBits + group / 2] >> UInt8(group % 2 * 4)
            ShiftedGroup.decode(
                entry: Int(block[group]) | Int(high & 7) << 8, isShiftedDown: high & 8 != 0,
                step: unit * Float(2 * scale + 1), into: &values, from: 8 * group)
        }
    }

    static func encodeBlock(_ values: Span<Float>, into block: inout MutableSpan<UInt8>) {
        let steps = OddSteps(values, size: 16, top: 7, step: OddSteps.ternary)
        let bits = HalfFloat.bits(steps.unit * 8)
        let unit = HalfFloat.float(bits) / 8
        for index in highBits..<words { block[index] = 0 }
        for word in 0..<4 {
            var scales = (bits >> UInt16(4 * word)) << 12
            for part in 0..<4 {
                scales |= UInt16(steps.level(of: 4 * word + part, unit: unit)) << UInt16(3 * part)
            }
            block.store(bits16: scales, at: words + 2 * word)
        }
        for group in 0..<32 {
            let factor = inverse(unit * Float(2 * steps.level(of: group / 2, unit: unit) + 1))
            let up = ShiftedGroup(values, from: 8 * group, factor: factor, isShiftedDown: false)
            let down = ShiftedGroup(values, from: 8 * group, factor: factor, isShiftedDown: true)
            let isShiftedDown = down.error < up.error
            let entry = isShiftedDown ? down.entry : up.entry
            block[group] = UInt8(truncatingIfNeeded: entry)
            block[highBits + group / 2] |= (UInt8(entry >> 8) | (isShiftedDown ? 8 : 0)) << UInt8(group % 2 * 4)
        }
    }
}
