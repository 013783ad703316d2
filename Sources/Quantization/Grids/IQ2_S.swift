package import Tensors

/// 256 numbers in 32 groups of 8, each an entry of a grid of 1024 with signs: `value = ± d/8 · (2 · scale + 1) · level`, with
/// a scale for two groups.
///
/// ```
/// d f16 | 32 × bits 0…7 of entry | 32 × 8 signs | 32 × bits 8…9 of entry | 16 × 4 bits of scale                 (82 bytes)
/// ```
///
/// Fields of less than a byte begin with the lowest bits. Encoding as IQ2_XXS, but all eight signs are free.
package enum IQ2_S: QuantizedBlockCodec {
    package static let elementType = ElementType.iq2S

    private static let signs = 34
    private static let highBits = 66
    private static let scales = 74

    static func decodeBlock(_ block: Span<UInt8>, into values: inout MutableSpan<Float>) {
        let unit = block.half(at: 0) / 8
        for group in 0..<32 {
            let scale = block[scales + group / 4] >> UInt8(group / 2 % 2 * 4) & 0x0F
            let high = block[highBits + group / 4] >> UInt8(group % 4 * 2) & 3
            LevelGrid.iq2S.decode(
                entry: Int(block[2 + group]) | Int(high) << 8, signs: block[signs + group],
                step: unit * Float(2 * scale + 1), into: &values, from: 8 * group)
        }
    }

    static func encodeBlock(_ values: Span<Float>, into block: inout MutableSpan<UInt8>) {
        let steps = OddSteps(values, size: 16, top: 15, step: OddSteps.spanning(43))
        let unit = block.store(half: steps.unit * 8, at: 0) / 8
        for index in highBits..<82 { block[index] = 0 }
        for part in 0..<16 {
            let scale = steps.level(of: part, unit: unit)
            let factor = inverse(unit * Float(2 * scale + 1))
            block[scales + part / 2] |= UInt8(scale) << UInt8(part % 2 * 4)
            for group in 2 * part..<2 * part + 2 {
                let target = SignedGroup(values, from: 8 * group, factor: factor, even: false)
                let entry = LevelGrid.iq2S.nearest(to: target.magnitudes, from: 0).entry
                block[2 + group] = UInt8(truncatingIfNeeded: entry)
                block[signs + group] = target.signs
                block[highBits + group / 4] |= UInt8(entry >> 8) << UInt8(group % 4 * 2)
            }
        }
    }
}
