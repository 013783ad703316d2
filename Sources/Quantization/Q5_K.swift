package import Tensors

/// 256 numbers of 5 bits in 8 groups: `value = (d · scale) · q − (dmin · minimum)`.
///
/// ```
/// scales, see SuperBlockScales (16 bytes) | 32 bytes: bit g of byte i is bit 4 of q[32g + i] | 128 bytes: bits 0…3, as in Q4_K
///                                                                                                             (176 bytes)
/// ```
///
/// Encoding: as Q4_K, with 31 steps.
package enum Q5_K: SearchedBlockCodec {
    package static let elementType = ElementType.q5K

    private static let highBits = SuperBlockScales.byteCount
    private static let lowBits = highBits + 32

    static func decodeBlock(_ block: Span<UInt8>, into values: inout MutableSpan<Float>) {
        for group in 0..<8 {
            let (scale, minimum) = SuperBlockScales.decode(group: group, of: block)
            let (part, shift) = (lowBits + group / 2 * 32, group % 2 * 4)
            for index in 0..<32 {
                let low = block[part + index] >> shift & 0x0F
                let high = block[highBits + index] >> group & 1
                values[group * 32 + index] = scale * Float(low | high << 4) - minimum
            }
        }
    }

    static func encodeBlock(_ values: Span<Float>, into block: inout MutableSpan<UInt8>) {
        SuperBlockScales.encode(values, top: 31, into: &block)
        for index in SuperBlockScales.byteCount..<176 { block[index] = 0 }
        for group in 0..<8 {
            let (scale, minimum) = SuperBlockScales.decode(group: group, of: block.span)
            let (part, shift) = (lowBits + group / 2 * 32, group % 2 * 4)
            for index in 0..<32 {
                let q = nearestLevel((values[group * 32 + index] + minimum) * inverse(scale), in: 0...31)
                block[part + index] |= UInt8(q & 0x0F) << shift
                block[highBits + index] |= UInt8(q >> 4) << group
            }
        }
    }

    static func searchBlock(_ values: Span<Float>, into block: inout MutableSpan<UInt8>) {
        let search = SuperBlockSearch(values, top: 31)
        SuperBlockScales.store(search, in: &block)
        let (inverse, offsets) = (search.scales.inverseOrZero, search.offsets)
        for index in 0..<32 {
            let levels = search.levels(at: index, inverseScales: inverse, offsets: offsets)
            for part in 0..<4 {
                let (even, odd) = (levels[2 * part], levels[2 * part + 1])
                block[lowBits + 32 * part + index] = even & 0x0F | odd << 4
            }
            block[highBits + index] = (0..<8).reduce(0) { $0 | (levels[$1] >> 4) << UInt8($1) }
        }
    }
}
