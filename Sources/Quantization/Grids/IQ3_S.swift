package import Tensors

/// 256 numbers in 64 groups of 4, each an entry of a grid of 512 with signs: `value = ± d · (2 · scale + 1) · level`, with a
/// scale for eight groups.
///
/// ```
/// d f16 | 64 × bits 0…7 of entry | 64 × bit 8 of entry | 256 signs | 8 × 4 bits of scale                        (110 bytes)
/// ```
///
/// Fields of less than a byte begin with the lowest bits. Encoding: the largest magnitude of 32 values becomes the level 15, or
/// as near as the scales allow, and each group the nearest entry.
package enum IQ3_S: QuantizedBlockCodec {
    package static let elementType = ElementType.iq3S

    private static let highBits = 66
    private static let signs = 74
    private static let scales = 106

    static func decodeBlock(_ block: Span<UInt8>, into values: inout MutableSpan<Float>) {
        let unit = block.half(at: 0)
        for group in 0..<64 {
            let scale = block[scales + group / 16] >> UInt8(group / 8 % 2 * 4) & 0x0F
            let high = block[highBits + group / 8] >> UInt8(group % 8) & 1
            LevelGrid.iq3S.decode(
                entry: Int(block[2 + group]) | Int(high) << 8,
                signs: block[signs + group / 2] >> UInt8(group % 2 * 4), step: unit * Float(2 * scale + 1),
                into: &values, from: 4 * group)
        }
    }

    static func encodeBlock(_ values: Span<Float>, into block: inout MutableSpan<UInt8>) {
        let steps = OddSteps(values, size: 32, top: 15, step: OddSteps.spanning(15))
        let unit = block.store(half: steps.unit, at: 0)
        for index in highBits..<signs { block[index] = 0 }
        for index in scales..<110 { block[index] = 0 }
        for pair in 0..<32 {
            let part = pair / 4
            let scale = steps.level(of: part, unit: unit)
            if pair.isMultiple(of: 4) { block[scales + part / 2] |= UInt8(scale) << UInt8(part % 2 * 4) }
            let factor = inverse(unit * Float(2 * scale + 1))
            let target = SignedGroup(values, from: 8 * pair, factor: factor, even: false)
            block[signs + pair] = target.signs
            for group in 2 * pair..<2 * pair + 2 {
                let entry = LevelGrid.iq3S.nearest(to: target.magnitudes, from: 4 * (group % 2)).entry
                block[2 + group] = UInt8(truncatingIfNeeded: entry)
                block[highBits + group / 8] |= UInt8(entry >> 8) << UInt8(group % 8)
            }
        }
    }
}
