package import Tensors

/// 256 numbers of 4 bits in 8 groups of 32: `value = (d · (scale − 32)) · level[q]`, with the levels of `LevelGrid.iq4`.
///
/// ```
/// d f16 | u16: 8 × bits 4…5 of scale | 8 × bits 0…3 of scale | 8 × 16 bytes: q[i] low, q[i + 16] high           (136 bytes)
/// ```
///
/// Fields of less than a byte begin with the lowest bits. Encoding: in each group the value farthest from zero becomes −127, so
/// its scale is that value over −127, in steps of `d`, which makes the largest scale ±31.
package enum IQ4_XS: QuantizedBlockCodec {
    package static let elementType = ElementType.iq4XS

    private static let levels = 8

    static func decodeBlock(_ block: Span<UInt8>, into values: inout MutableSpan<Float>) {
        for group in 0..<8 {
            let scale = scale(group: group, of: block)
            for index in 0..<16 {
                let byte = block[levels + group * 16 + index]
                values[group * 32 + index] = scale * LevelGrid.iq4[byte & 0x0F]
                values[group * 32 + index + 16] = scale * LevelGrid.iq4[byte >> 4]
            }
        }
    }

    static func encodeBlock(_ values: Span<Float>, into block: inout MutableSpan<UInt8>) {
        storeScales(for: values, in: &block)
        for group in 0..<8 {
            let inverse = inverse(scale(group: group, of: block.span))
            for index in 0..<16 {
                let low = LevelGrid.iq4.code(nearestTo: values[group * 32 + index] * inverse)
                let high = LevelGrid.iq4.code(nearestTo: values[group * 32 + index + 16] * inverse)
                block[levels + group * 16 + index] = low | high << 4
            }
        }
    }

    @inline(__always)
    private static func scale(group: Int, of block: Span<UInt8>) -> Float {
        let low = block[4 + group / 2] >> UInt8(group % 2 * 4) & 0x0F
        let high = block.bits16(at: 2) >> UInt16(2 * group) & 3
        return block.half(at: 0) * Float(Int(low) + Int(high) * 16 - 32)
    }

    private static func storeScales(for values: Span<Float>, in block: inout MutableSpan<UInt8>) {
        var largest: Float = 0
        for group in 0..<8 { largest = max(largest, wantedScale(of: group, in: values).magnitude) }
        let inverse = inverse(block.store(half: largest / 31, at: 0))
        var high: UInt16 = 0
        for index in 4..<levels { block[index] = 0 }
        for group in 0..<8 {
            let scale = nearestLevel(wantedScale(of: group, in: values) * inverse, in: -31...31) + 32
            block[4 + group / 2] |= UInt8(scale & 0x0F) << UInt8(group % 2 * 4)
            high |= UInt16(scale >> 4) << UInt16(2 * group)
        }
        block.store(bits16: high, at: 2)
    }

    private static func wantedScale(of group: Int, in values: Span<Float>) -> Float {
        values.farthestFromZero(in: group * 32..<(group + 1) * 32) / -127
    }
}
