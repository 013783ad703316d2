package import Tensors

/// 256 numbers in 32 groups of 8, each an entry of a grid of 256 with signs: `value = ± d/8 · (2 · scale + 1) · level`.
///
/// ```
/// d f16 | 8 × (4 × entry u8 | u32: 4 × 7 bits of signs, 4 bits of scale)                                      (66 bytes)
/// ```
///
/// An eighth sign makes the number of set ones even. Encoding: the largest magnitude of 32 values becomes the level 43, or as
/// near as the scales allow, and each group the nearest entry.
package enum IQ2_XXS: QuantizedBlockCodec {
    package static let elementType = ElementType.iq2XXS

    static func decodeBlock(_ block: Span<UInt8>, into values: inout MutableSpan<Float>) {
        let unit = block.half(at: 0) / 8
        for part in 0..<8 {
            let at = 2 + 8 * part
            let word = block.bits32(at: at + 4)
            let step = unit * Float(2 * (word >> 28) + 1)
            for group in 0..<4 {
                LevelGrid.iq2XXS.decode(
                    entry: Int(block[at + group]), signs: SignedGroup.evenSigns(word >> UInt32(7 * group)), step: step,
                    into: &values, from: 32 * part + 8 * group)
            }
        }
    }

    static func encodeBlock(_ values: Span<Float>, into block: inout MutableSpan<UInt8>) {
        let steps = OddSteps(values, size: 32, top: 15, step: OddSteps.spanning(43))
        let unit = block.store(half: steps.unit * 8, at: 0) / 8
        for part in 0..<8 {
            let at = 2 + 8 * part
            let scale = steps.level(of: part, unit: unit)
            let factor = inverse(unit * Float(2 * scale + 1))
            var word = UInt32(scale) << 28
            for group in 0..<4 {
                let target = SignedGroup(values, from: 32 * part + 8 * group, factor: factor, even: true)
                block[at + group] = UInt8(LevelGrid.iq2XXS.nearest(to: target.magnitudes, from: 0).entry)
                word |= UInt32(target.signs & 0x7F) << UInt32(7 * group)
            }
            block.store(bits32: word, at: at + 4)
        }
    }
}
