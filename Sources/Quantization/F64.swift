package import Tensors

/// IEEE 754 binary64. Decoding rounds to the nearest float32; encoding is exact.
///
/// ```
/// 8 bytes, little-endian
/// ```
package enum F64: BlockCodec {
    package static let elementType = ElementType.float64

    package static func decode(_ bytes: Span<UInt8>, into values: inout MutableSpan<Float>) {
        for index in values.indices {
            let (low, high) = (bytes.bits32(at: 8 * index), bytes.bits32(at: 8 * index + 4))
            values[index] = Float(Double(bitPattern: UInt64(high) << 32 | UInt64(low)))
        }
    }

    package static func encode(_ values: Span<Float>, into bytes: inout MutableSpan<UInt8>) {
        for index in values.indices {
            let bits = Double(values[index]).bitPattern
            bytes.store(bits32: UInt32(truncatingIfNeeded: bits), at: 8 * index)
            bytes.store(bits32: UInt32(truncatingIfNeeded: bits >> 32), at: 8 * index + 4)
        }
    }
}
