package import Tensors

/// IEEE 754 binary32.
///
/// ```
/// 4 bytes, little-endian
/// ```
package enum F32: BlockCodec {
    package static let elementType = ElementType.float32

    package static func decode(_ bytes: Span<UInt8>, into values: inout MutableSpan<Float>) {
        for index in values.indices { values[index] = Float(bitPattern: bytes.bits32(at: 4 * index)) }
    }

    package static func encode(_ values: Span<Float>, into bytes: inout MutableSpan<UInt8>) {
        for index in values.indices { bytes.store(bits32: values[index].bitPattern, at: 4 * index) }
    }
}
