package import Tensors

/// 32 signed bytes with one scale: `value = q · d`.
///
/// ```
/// d f16 | 32 × q i8                                                                                            (34 bytes)
/// ```
///
/// Encoding: `d` is the largest magnitude over 127; `q` is the nearest integer to `value · (1/d)`, halves away from zero, with
/// `d` as it was before it was rounded to f16.
package enum Q8_0: QuantizedBlockCodec {
    package static let elementType = ElementType.q8_0

    static func decodeBlock(_ block: Span<UInt8>, into values: inout MutableSpan<Float>) {
        let scale = block.half(at: 0)
        for index in 0..<32 { values[index] = Float(Int8(bitPattern: block[2 + index])) * scale }
    }

    static func encodeBlock(_ values: Span<Float>, into block: inout MutableSpan<UInt8>) {
        let scale = values.farthestFromZero(in: 0..<32).magnitude / 127
        let inverse = inverse(scale)
        block.store(half: scale, at: 0)
        for index in 0..<32 {
            let q = nearestLevel(values[index] * inverse, in: -127...127)
            block[2 + index] = UInt8(bitPattern: Int8(q))
        }
    }
}
