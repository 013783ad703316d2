package import Tensors

/// 32 numbers of 4 bits with one scale: `value = d · (q − 8)`.
///
/// ```
/// d f16 | 16 bytes: q[i] in the low nibble of byte i, q[i + 16] in the high one                                (18 bytes)
/// ```
///
/// Encoding: the value farthest from zero becomes q = 0, so `d` is that value over −8; the others are rounded with
/// `⌊value · (1/d) + 8.5⌋` and the 16 that may come out is held at 15. The search is `SymmetricFit`.
package enum Q4_0: SmallBlockCodec {
    package static let elementType = ElementType.q4_0

    static func decodeBlock(_ block: Span<UInt8>, into values: inout MutableSpan<Float>) {
        let scale = block.half(at: 0)
        for index in 0..<16 {
            let byte = block[2 + index]
            values[index] = scale * Float(Int(byte & 0x0F) - 8)
            values[index + 16] = scale * Float(Int(byte >> 4) - 8)
        }
    }

    static func encodeBlock(_ values: Span<Float>, into block: inout MutableSpan<UInt8>) {
        let scale = values.farthestFromZero(in: 0..<32) / -8
        let inverse = inverse(scale)
        block.store(half: scale, at: 0)
        for index in 0..<16 {
            let low = level(values[index] * inverse + 8.5, in: 0...15)
            let high = level(values[index + 16] * inverse + 8.5, in: 0...15)
            block[2 + index] = UInt8(low | high << 4)
        }
    }

    static func searchBlocks(_ numbers: Span<Lanes>, count: Int, into bytes: inout MutableSpan<UInt8>) {
        let fit = SymmetricFit(numbers, levels: -8...7)
        let inverse = bytes.store(halves: fit.scale, count: count, stride: 18, at: 0).inverseOrZero
        for index in 0..<16 {
            let low = ((numbers[index] * inverse).nearestLevel(in: -8...7) + 8).bytes
            let high = ((numbers[index + 16] * inverse).nearestLevel(in: -8...7) + 8).bytes
            for block in 0..<count { bytes[block * 18 + 2 + index] = low[block] | high[block] << 4 }
        }
    }
}
