package import Tensors

/// 256 numbers in 32 groups of 8, each an entry of a grid of 2048: `value = d/8 · (2 · scale + 1) · (level ± 1)`, where
/// levels are −8, 0 and 8, and four groups share a scale and the sign of the shift.
///
/// ```
/// d f16 | 32 × bits 0…7 of entry | 8 × u16: 4 × bits 8…10 of entry, 3 bits of scale, 1 bit: shift is −1         (50 bytes)
/// ```
///
/// Encoding: steps by `OddSteps.ternary`; of the two shifts the one with the smaller error, each group its nearest entry.
package enum IQ1_S: QuantizedBlockCodec {
    package static let elementType = ElementType.iq1S

    private static let words = 34

    static func decodeBlock(_ block: Span<UInt8>, into values: inout MutableSpan<Float>) {
        let unit = block.half(at: 0) / 8
        for group in 0..<32 {
            let word = block.bits16(at: words + group / 4 * 2)
            let high = word >> UInt16(group % 4 * 3) & 7
            ShiftedGroup.decode(
                entry: Int(block[2 + group]) | Int(high) << 8, isShiftedDown: word & 0x8000 != 0,
                step: unit * Float(2 * (word >> 12 & 7) + 1), into: &values, from: 8 * group)
        }
    }

    static func encodeBlock(_ values: Span<Float>, into block: inout MutableSpan<UInt8>) {
        let steps = OddSteps(values, size: 32, top: 7, step: OddSteps.ternary)
        let unit = block.store(half: steps.unit * 8, at: 0) / 8
        for part in 0..<8 {
            let scale = steps.level(of: part, unit: unit)
            let factor = inverse(unit * Float(2 * scale + 1))
            let up = groups(values, part: part, factor: factor, isShiftedDown: false)
            let down = groups(values, part: part, factor: factor, isShiftedDown: true)
            let isShiftedDown = down.error < up.error
            let entries = isShiftedDown ? down.entries : up.entries
            var word = UInt16(scale) << 12 | (isShiftedDown ? 0x8000 : 0)
            for group in 0..<4 {
                block[2 + 4 * part + group] = UInt8(truncatingIfNeeded: entries[group])
                word |= UInt16(entries[group] >> 8) << UInt16(3 * group)
            }
            block.store(bits16: word, at: words + 2 * part)
        }
    }

    private static func groups(
        _ values: Span<Float>, part: Int, factor: Float, isShiftedDown: Bool
    ) -> (entries: [4 of Int], error: Float) {
        var (entries, error): ([4 of Int], Float) = (.init(repeating: 0), 0)
        for group in 0..<4 {
            let found = ShiftedGroup(
                values, from: 32 * part + 8 * group, factor: factor, isShiftedDown: isShiftedDown)
            entries[group] = found.entry
            error += found.error
        }
        return (entries, error)
    }
}
