package import Tensors

/// 32 numbers of 4 bits with one scale: `value = d · level[q]`, with the uneven levels of `LevelGrid.iq4`.
///
/// ```
/// d f16 | 16 bytes: q[i] in the low nibble of byte i, q[i + 16] in the high one                                (18 bytes)
/// ```
///
/// Encoding: the value farthest from zero becomes −127; the others take the nearest level.
package enum IQ4_NL: QuantizedBlockCodec {
    package static let elementType = ElementType.iq4NL

    static func decodeBlock(_ block: Span<UInt8>, into values: inout MutableSpan<Float>) {
        let scale = block.half(at: 0)
        for index in 0..<16 {
            let byte = block[2 + index]
            values[index] = scale * LevelGrid.iq4[byte & 0x0F]
            values[index + 16] = scale * LevelGrid.iq4[byte >> 4]
        }
    }

    static func encodeBlock(_ values: Span<Float>, into block: inout MutableSpan<UInt8>) {
        let inverse = inverse(block.store(half: values.farthestFromZero(in: 0..<32) / -127, at: 0))
        for index in 0..<16 {
            let low = LevelGrid.iq4.code(nearestTo: values[index] * inverse)
            let high = LevelGrid.iq4.code(nearestTo: values[index + 16] * inverse)
            block[2 + index] = low | high << 4
        }
    }
}
