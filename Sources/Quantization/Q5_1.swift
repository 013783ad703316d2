package import Tensors

/// 32 numbers of 5 bits with one scale and one minimum: `value = d · q + m`.
///
/// ```
/// d f16 | m f16 | 4 bytes: bit 4 of q[i] in bit i (little-endian) | 16 bytes: bits 0…3, as in Q4_1             (24 bytes)
/// ```
///
/// Encoding: as Q4_1, with `d` the span over 31.
package enum Q5_1: SmallBlockCodec {
    package static let elementType = ElementType.q5_1

    static func decodeBlock(_ block: Span<UInt8>, into values: inout MutableSpan<Float>) {
        let (scale, minimum) = (block.half(at: 0), block.half(at: 2))
        for index in 0..<32 {
            values[index] = scale * Float(FiveBits.level(index, in: block, highBits: 4, lowBits: 8)) + minimum
        }
    }

    static func encodeBlock(_ values: Span<Float>, into block: inout MutableSpan<UInt8>) {
        let (least, greatest) = values.bounds(in: 0..<32)
        let scale = (greatest - least) / 31
        let inverse = inverse(scale)
        block.store(half: scale, at: 0)
        block.store(half: least, at: 2)
        for index in 4..<24 { block[index] = 0 }
        for index in 0..<32 {
            let q = level((values[index] - least) * inverse + 0.5, in: 0...31)
            FiveBits.add(q, index, to: &block, highBits: 4, lowBits: 8)
        }
    }

    static func searchBlocks(_ numbers: Span<Lanes>, count: Int, into bytes: inout MutableSpan<UInt8>) {
        let fit = AffineFit(numbers, top: 31, offsetIsNegative: false)
        let inverse = bytes.store(halves: fit.scale, count: count, stride: 24, at: 0).inverseOrZero
        let offset = bytes.store(halves: fit.offset, count: count, stride: 24, at: 2)
        FiveBits.clear(&bytes, count: count, stride: 24, bits: 4..<24)
        for index in 0..<32 {
            let levels = ((numbers[index] - offset) * inverse).nearestLevel(in: 0...31).bytes
            for block in 0..<count {
                FiveBits.add(Int(levels[block]), index, to: &bytes, highBits: block * 24 + 4, lowBits: block * 24 + 8)
            }
        }
    }
}
