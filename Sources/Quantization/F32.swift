package import Tensors

/// IEEE 754 binary32.
///
/// ```
/// 4 bytes, little-endian
/// ```
package enum F32: BlockCodec {
    package static let elementType = ElementType.float32

    package static func decode(_ bytes: Span<UInt8>, into values: inout MutableSpan<Float>) {
        for index in values.indices {
            let (low, high) = (bytes.bits16(at: 4 * index), bytes.bits16(at: 4 * index + 2))
            values[index] = Float(bitPattern: UInt32(high) << 16 | UInt32(low))
        }
    }

    package static func encode(_ values: Span<Float>, into bytes: inout MutableSpan<UInt8>) {
        for index in values.indices {
            let bits = values[index].bitPattern
            bytes.store(bits16: UInt16(truncatingIfNeeded: bits), at: 4 * index)
            bytes.store(bits16: UInt16(truncatingIfNeeded: bits >> 16), at: 4 * index + 2)
        }
    }
}
