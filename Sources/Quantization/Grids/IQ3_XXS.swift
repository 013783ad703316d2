package import Tensors

/// 256 numbers in 64 groups of 4, each an entry of a grid of 256; two groups share 8 signs:
/// `value = ± d/4 · (2 · scale + 1) · level`, with a scale for eight groups.
///
/// ```
/// d f16 | 64 × entry u8 | 8 × u32: 4 × 7 bits of signs, 4 bits of scale                                        (98 bytes)
/// ```
///
/// An eighth sign makes the number of set ones even. Encoding: the largest magnitude of 32 values becomes the level 62, or as
/// near as the scales allow, and each group the nearest entry.
package enum IQ3_XXS: QuantizedBlockCodec {
    package static let elementType = ElementType.iq3XXS

    static func decodeBlock(_ block: Span<UInt8>, into values: inout MutableSpan<Float>) {
        let unit = block.half(at: 0) / 4
        for part in 0..<8 {
            let word = block.bits32(at: 66 + 4 * part)
            let step = unit * Float(2 * (word >> 28) + 1)
            for group in 0..<8 {
                let signs = SignedGroup.evenSigns(word >> UInt32(7 * (group / 2)))
                LevelGrid.iq3XXS.decode(
                    entry: Int(block[2 + 8 * part + group]), signs: signs >> UInt8(group % 2 * 4), step: step,
                    into: &values, from: 32 * part + 4 * group)
            }
        }
    }

    static func encodeBlock(_ values: Span<Float>, into block: inout MutableSpan<UInt8>) {
        let steps = OddSteps(values, size: 32, top: 15, step: OddSteps.spanning(62))
        let unit = block.store(half: steps.unit * 4, at: 0) / 4
        for part in 0..<8 {
            let scale = steps.level(of: part, unit: unit)
            let factor = inverse(unit * Float(2 * scale + 1))
            var word = UInt32(scale) << 28
            for pair in 0..<4 {
                let target = SignedGroup(values, from: 32 * part + 8 * pair, factor: factor, even: true)
                for half in 0..<2 {
                    let entry = LevelGrid.iq3XXS.nearest(to: target.magnitudes, from: 4 * half).entry
                    block[2 + 8 * part + 2 * pair + half] = UInt8(entry)
                }
                word |= UInt32(target.signs & 0x7F) << UInt32(7 * pair)
            }
            block.store(bits32: word, at: 66 + 4 * part)
        }
    }
}
