package import Tensors

/// 256 numbers of 2 bits in 16 groups of 16: `value = (d · scale) · q − (dmin · minimum)`.
///
/// ```
/// 16 × (4 bits of scale, 4 bits of minimum) | 64 bytes of q | d f16 | dmin f16                                  (84 bytes)
/// for the half h (0, 1), the quarter p (0…3) and i in 0…31, q[128h + 32p + i] is in byte 16 + 32h + i, at bit 2p
/// ```
///
/// Encoding: each group's span is cut into 3 steps, without a search for better ones.
package enum Q2_K: QuantizedBlockCodec {
    package static let elementType = ElementType.q2K

    private static let levels = 16
    private static let shared = 80

    static func decodeBlock(_ block: Span<UInt8>, into values: inout MutableSpan<Float>) {
        for group in 0..<16 {
            let (scale, minimum) = scales(group: group, of: block)
            let (start, shift) = place(group: group)
            for index in 0..<16 {
                values[group * 16 + index] = scale * Float(block[start + index] >> shift & 3) - minimum
            }
        }
    }

    static func encodeBlock(_ values: Span<Float>, into block: inout MutableSpan<UInt8>) {
        storeScales(for: values, in: &block)
        for index in levels..<shared { block[index] = 0 }
        for group in 0..<16 {
            let (scale, minimum) = scales(group: group, of: block.span)
            let (start, shift) = place(group: group)
            for index in 0..<16 {
                let q = nearestLevel((values[group * 16 + index] + minimum) * inverse(scale), in: 0...3)
                block[start + index] |= UInt8(q) << shift
            }
        }
    }

    @inline(__always)
    private static func scales(group: Int, of block: Span<UInt8>) -> (scale: Float, minimum: Float) {
        let byte = block[group]
        return (block.half(at: shared) * Float(byte & 0x0F), block.half(at: shared + 2) * Float(byte >> 4))
    }

    /// The byte of the group's first number, and the bit in it.
    @inline(__always)
    private static func place(group: Int) -> (start: Int, shift: UInt8) {
        (levels + group / 8 * 32 + group % 2 * 16, UInt8(group % 8 / 2 * 2))
    }

    private static func storeScales(for values: Span<Float>, in block: inout MutableSpan<UInt8>) {
        var (largestScale, largestMinimum): (Float, Float) = (0, 0)
        for group in 0..<16 {
            let wanted = wantedScales(of: group, in: values)
            largestScale = max(largestScale, wanted.scale)
            largestMinimum = max(largestMinimum, wanted.minimum)
        }
        let inverseScale = inverse(block.store(half: largestScale / 15, at: shared))
        let inverseMinimum = inverse(block.store(half: largestMinimum / 15, at: shared + 2))
        for group in 0..<16 {
            let wanted = wantedScales(of: group, in: values)
            let scale = nearestLevel(wanted.scale * inverseScale, in: 0...15)
            let minimum = nearestLevel(wanted.minimum * inverseMinimum, in: 0...15)
            block[group] = UInt8(scale | minimum << 4)
        }
    }

    private static func wantedScales(of group: Int, in values: Span<Float>) -> (scale: Float, minimum: Float) {
        let (least, greatest) = values.bounds(in: group * 16..<(group + 1) * 16)
        let minimum = max(0, -least)
        return ((greatest + minimum) / 3, minimum)
    }
}
