package import Tensors

/// 256 numbers of 4 bits in 8 groups: `value = (d · scale) · q − (dmin · minimum)`.
///
/// ```
/// scales, see SuperBlockScales (16 bytes) | 4 × 32 bytes: byte i of part p has q[64p + i] low, q[64p + 32 + i] high
///                                                                                                             (144 bytes)
/// ```
///
/// Encoding: plainly, each group's span is cut into 15 steps; the search is `SuperBlockSearch`.
package enum Q4_K: SearchedBlockCodec {
    package static let elementType = ElementType.q4K

    static func decodeBlock(_ block: Span<UInt8>, into values: inout MutableSpan<Float>) {
        for group in 0..<8 {
            let (scale, minimum) = SuperBlockScales.decode(group: group, of: block)
            let (part, shift) = (SuperBlockScales.byteCount + group / 2 * 32, group % 2 * 4)
            for index in 0..<32 {
                let q = block[part + index] >> shift & 0x0F
                values[group * 32 + index] = scale * Float(q) - minimum
            }
        }
    }

    static func encodeBlock(_ values: Span<Float>, into block: inout MutableSpan<UInt8>) {
        SuperBlockScales.encode(values, top: 15, into: &block)
        for index in SuperBlockScales.byteCount..<144 { block[index] = 0 }
        for group in 0..<8 {
            let (scale, minimum) = SuperBlockScales.decode(group: group, of: block.span)
            let (part, shift) = (SuperBlockScales.byteCount + group / 2 * 32, group % 2 * 4)
            for index in 0..<32 {
                let q = nearestLevel((values[group * 32 + index] + minimum) * inverse(scale), in: 0...15)
                block[part + index] |= UInt8(q) << shift
            }
        }
    }

    static func searchBlock(_ values: Span<Float>, into block: inout MutableSpan<UInt8>) {
        let search = SuperBlockSearch(values, top: 15)
        SuperBlockScales.store(search, in: &block)
        let (inverse, offsets) = (search.scales.inverseOrZero, search.offsets)
        for index in 0..<32 {
            let levels = search.levels(at: index, inverseScales: inverse, offsets: offsets)
            for part in 0..<4 {
                block[SuperBlockScales.byteCount + 32 * part + index] = levels[2 * part] | levels[2 * part + 1] << 4
            }
        }
    }
}
