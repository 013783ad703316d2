package import Tensors

/// 32 numbers of 5 bits with one scale: `value = d · (q − 16)`.
///
/// ```
/// d f16 | 4 bytes: bit 4 of q[i] in bit i (little-endian) | 16 bytes: bits 0…3, as in Q4_0                     (22 bytes)
/// ```
///
/// Encoding: as Q4_0, with `d` the value farthest from zero over −16.
package enum Q5_0: SmallBlockCodec {
    package static let elementType = ElementType.q5_0

    static func decodeBlock(_ block: Span<UInt8>, into values: inout MutableSpan<Float>) {
        let scale = block.half(at: 0)
        for index in 0..<32 {
            values[index] = scale * Float(FiveBits.level(index, in: block, highBits: 2, lowBits: 6) - 16)
        }
    }

    static func encodeBlock(_ values: Span<Float>, into block: inout MutableSpan<UInt8>) {
        let scale = values.farthestFromZero(in: 0..<32) / -16
        let inverse = inverse(scale)
        block.store(half: scale, at: 0)
        for index in 2..<22 { block[index] = 0 }
        for index in 0..<32 {
            let q = level(values[index] * inverse + 16.5, in: 0...31)
            FiveBits.add(q, index, to: &block, highBits: 2, lowBits: 6)
        }
    }

    static func searchBlocks(_ numbers: Span<Lanes>, count: Int, into bytes: inout MutableSpan<UInt8>) {
        let fit = SymmetricFit(numbers, levels: -16...15)
        let inverse = bytes.store(halves: fit.scale, count: count, stride: 22, at: 0).inverseOrZero
        FiveBits.clear(&bytes, count: count, stride: 22, bits: 2..<22)
        for index in 0..<32 {
            let levels = ((numbers[index] * inverse).nearestLevel(in: -16...15) + 16).bytes
            for block in 0..<count {
                FiveBits.add(Int(levels[block]), index, to: &bytes, highBits: block * 22 + 2, lowBits: block * 22 + 6)
            }
        }
    }
}

/// How Q5_0 and Q5_1 lay 32 numbers of 5 bits down: four bytes of the upper bits, then 16 bytes of nibbles.
enum FiveBits {
    /// - Parameters:
    ///   - index: Of the number, 0…31.
    ///   - highBits: The offset of the upper bits in the block, in bytes.
    ///   - lowBits: The offset of the nibbles.
    @inline(__always)
    static func level(_ index: Int, in block: Span<UInt8>, highBits: Int, lowBits: Int) -> Int {
        let low = index < 16 ? block[lowBits + index] & 0x0F : block[lowBits + index - 16] >> 4
        let high = block[highBits + index / 8] >> (index % 8) & 1
        return Int(low | high << 4)
    }

    static func clear(_ blocks: inout MutableSpan<UInt8>, count: Int, stride: Int, bits: Range<Int>) {
        for block in 0..<count {
            for index in bits { blocks[block * stride + index] = 0 }
        }
    }

    /// Puts a number where the block has zeros.
    static func add(_ q: Int, _ index: Int, to block: inout MutableSpan<UInt8>, highBits: Int, lowBits: Int) {
        block[lowBits + index % 16] |= UInt8(q & 0x0F) << (index < 16 ? 0 : 4)
        block[highBits + index / 8] |= UInt8(q >> 4) << (index % 8)
    }
}
