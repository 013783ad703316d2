package import Tensors

/// 256 numbers in 32 groups of 8, each an entry of a grid of 512 with signs: `value = ± d/8 · (2 · scale + 1) · level`, with
/// a scale for two groups.
///
/// ```
/// d f16 | 32 × u16: 9 bits of entry, 7 bits of signs | 16 × 4 bits of scale, the low nibble first              (74 bytes)
/// ```
///
/// Signs and encoding as IQ2_XXS.
package enum IQ2_XS: QuantizedBlockCodec {
    package static let elementType = ElementType.iq2XS

    private static let scales = 66

    static func decodeBlock(_ block: Span<UInt8>, into values: inout MutableSpan<Float>) {
        let unit = block.half(at: 0) / 8
        for group in 0..<32 {
            let scale = block[scales + group / 4] >> UInt8(group / 2 % 2 * 4) & 0x0F
            let code = block.bits16(at: 2 + 2 * group)
            LevelGrid.iq2XS.decode(
                entry: Int(code & 0x1FF), signs: SignedGroup.evenSigns(UInt32(code >> 9)),
                step: unit * Float(2 * scale + 1), into: &values, from: 8 * group)
        }
    }

    static func encodeBlock(_ values: Span<Float>, into block: inout MutableSpan<UInt8>) {
        let steps = OddSteps(values, size: 16, top: 15, step: OddSteps.spanning(43))
        let unit = block.store(half: steps.unit * 8, at: 0) / 8
        for index in scales..<74 { block[index] = 0 }
        for part in 0..<16 {
            let scale = steps.level(of: part, unit: unit)
            let factor = inverse(unit * Float(2 * scale + 1))
            block[scales + part / 2] |= UInt8(scale) << UInt8(part % 2 * 4)
            for group in 2 * part..<2 * part + 2 {
                let target = SignedGroup(values, from: 8 * group, factor: factor, even: true)
                let entry = LevelGrid.iq2XS.nearest(to: target.magnitudes, from: 0).entry
                block.store(bits16: UInt16(entry) | UInt16(target.signs & 0x7F) << 9, at: 2 + 2 * group)
            }
        }
    }
}
