package import Tensors

/// IEEE 754 binary16. Encoding rounds to nearest, ties to even.
///
/// ```
/// 2 bytes, little-endian: sign 1 | exponent 5 | significand 10
/// ```
package enum F16: BlockCodec {
    package static let elementType = ElementType.float16

    package static func decode(_ bytes: Span<UInt8>, into values: inout MutableSpan<Float>) {
        for index in values.indices { values[index] = bytes.half(at: 2 * index) }
    }

    package static func encode(_ values: Span<Float>, into bytes: inout MutableSpan<UInt8>) {
        for index in values.indices { bytes.store(half: values[index], at: 2 * index) }
    }
}
