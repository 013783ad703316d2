package import Tensors

/// A float of 8 bits with bias 7: no infinities, 448 the largest, NaN where all other bits are set.
///
/// ```
/// 1 byte: sign 1 | exponent 4 | significand 3
/// ```
///
/// Encoding rounds to nearest, ties to even; what is larger than 448, infinity too, becomes ±448, and NaN stays NaN.
///
/// Source: OCP 8-bit Floating Point Specification 1.0, section 5, type E4M3.
package enum F8_E4M3: BlockCodec {
    package static let elementType = ElementType.float8E4M3

    package static func decode(_ bytes: Span<UInt8>, into values: inout MutableSpan<Float>) {
        for index in values.indices { values[index] = float(bytes[index]) }
    }

    package static func encode(_ values: Span<Float>, into bytes: inout MutableSpan<UInt8>) {
        for index in values.indices { bytes[index] = bits(values[index]) }
    }

    /// Shifted into a binary16's place, the bits are a number with the exponent too small by 8.
    private static func float(_ byte: UInt8) -> Float {
        let (sign, magnitude) = (UInt16(byte & 0x80) << 8, UInt16(byte & 0x7F))
        if magnitude == 0x7F { return HalfFloat.float(sign | 0x7E00) }
        return HalfFloat.float(sign | magnitude << 7) * 0x1p8
    }

    private static func bits(_ value: Float) -> UInt8 {
        let sign: UInt8 = value.sign == .minus ? 0x80 : 0
        if value.isNaN { return sign | 0x7F }
        return sign | EightBitFloat.bits(min(value.magnitude, 448), significandBits: 3, bias: 7)
    }
}
