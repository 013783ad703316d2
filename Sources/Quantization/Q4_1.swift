package import Tensors

/// 32 numbers of 4 bits with one scale and one minimum: `value = d · q + m`.
///
/// ```
/// d f16 | m f16 | 16 bytes: q[i] in the low nibble of byte i, q[i + 16] in the high one                        (20 bytes)
/// ```
///
/// Encoding: `m` is the least value, `d` the span over 15, `q = ⌊(value − m) · (1/d) + 0.5⌋`. The search is `AffineFit`.
package enum Q4_1: SmallBlockCodec {
    package static let elementType = ElementType.q4_1

    static func decodeBlock(_ block: Span<UInt8>, into values: inout MutableSpan<Float>) {
        let (scale, minimum) = (block.half(at: 0), block.half(at: 2))
        for index in 0..<16 {
            let byte = block[4 + index]
            values[index] = scale * Float(byte & 0x0F) + minimum
            values[index + 16] = scale * Float(byte >> 4) + minimum
        }
    }

    static func encodeBlock(_ values: Span<Float>, into block: inout MutableSpan<UInt8>) {
        let (least, greatest) = values.bounds(in: 0..<32)
        let scale = (greatest - least) / 15
        let inverse = inverse(scale)
        block.store(half: scale, at: 0)
        block.store(half: least, at: 2)
        for index in 0..<16 {
            let low = level((values[index] - least) * inverse + 0.5, in: 0...15)
            let high = level((values[index + 16] - least) * inverse + 0.5, in: 0...15)
            block[4 + index] = UInt8(low | high << 4)
        }
    }

    static func searchBlocks(_ numbers: Span<Lanes>, count: Int, into bytes: inout MutableSpan<UInt8>) {
        let fit = AffineFit(numbers, top: 15, offsetIsNegative: false)
        let inverse = bytes.store(halves: fit.scale, count: count, stride: 20, at: 0).inverseOrZero
        let offset = bytes.store(halves: fit.offset, count: count, stride: 20, at: 2)
        for index in 0..<16 {
            let low = ((numbers[index] - offset) * inverse).nearestLevel(in: 0...15).bytes
            let high = ((numbers[index + 16] - offset) * inverse).nearestLevel(in: 0...15).bytes
            for block in 0..<count { bytes[block * 20 + 4 + index] = low[block] | high[block] << 4 }
        }
    }
}
