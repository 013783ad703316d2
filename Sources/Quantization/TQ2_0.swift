package import Tensors

/// 256 numbers of 2 bits with one scale: `value = d · (q − 1)`; three levels are in use.
///
/// ```
/// 64 bytes of q | d f16                                                                                         (66 bytes)
/// for the half h (0, 1), the quarter p (0…3) and i in 0…31, q[128h + 32p + i] is in byte 32h + i, at bit 2p
/// ```
///
/// Encoding: `d` is the largest magnitude, the others go to the nearest of −d, 0 and d.
package enum TQ2_0: QuantizedBlockCodec {
    package static let elementType = ElementType.tq2_0

    private static let shared = 64

    static func decodeBlock(_ block: Span<UInt8>, into values: inout MutableSpan<Float>) {
        let scale = block.half(at: shared)
        for index in 0..<256 {
            let q = block[index / 128 * 32 + index % 32] >> UInt8(index / 32 % 4 * 2) & 3
            values[index] = scale * Float(Int(q) - 1)
        }
    }

    static func encodeBlock(_ values: Span<Float>, into block: inout MutableSpan<UInt8>) {
        let largest = values.farthestFromZero(in: 0..<256).magnitude
        let inverse = inverse(largest)
        block.store(half: largest, at: shared)
        for index in 0..<shared { block[index] = 0 }
        for index in 0..<256 {
            let q = nearestLevel(values[index] * inverse, in: -1...1) + 1
            block[index / 128 * 32 + index % 32] |= UInt8(q) << UInt8(index / 32 % 4 * 2)
        }
    }
}
