package import Tensors

/// The upper half of a binary16, with its infinities and NaNs; 57344 is the largest number.
///
/// ```
/// 1 byte: sign 1 | exponent 5 | significand 2
/// ```
///
/// Encoding rounds to nearest, ties to even; infinity from 61440 on; NaN becomes a quiet NaN.
///
/// Source: OCP 8-bit Floating Point Specification 1.0, section 5, type E5M2.
package enum F8_E5M2: BlockCodec {
    package static let elementType = ElementType.float8E5M2

    package static func decode(_ bytes: Span<UInt8>, into values: inout MutableSpan<Float>) {
        for index in values.indices { values[index] = HalfFloat.float(UInt16(bytes[index]) << 8) }
    }

    package static func encode(_ values: Span<Float>, into bytes: inout MutableSpan<UInt8>) {
        for index in values.indices { bytes[index] = bits(values[index]) }
    }

    private static func bits(_ value: Float) -> UInt8 {
        let sign: UInt8 = value.sign == .minus ? 0x80 : 0
        if value.isNaN { return sign | 0x7E }
        if value.magnitude >= 61440 { return sign | 0x7C }
        return sign | EightBitFloat.bits(value.magnitude, significandBits: 2, bias: 15)
    }
}
