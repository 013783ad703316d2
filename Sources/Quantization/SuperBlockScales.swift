/// The scales of a Q4_K or Q5_K block: 256 numbers in 8 groups of 32, each with a scale and a minimum of 6 bits, and one f16
/// number for each of the two that all groups share. A group's values are `(d · scale) · q − (dmin · minimum)`.
///
/// ```
/// d f16 | dmin f16 | 12 bytes, for i in 0…3:                                                                   (16 bytes)
///     byte i       bits 0…5 scale[i]      bits 6…7 bits 4…5 of scale[i + 4]
///     byte i + 4   bits 0…5 minimum[i]    bits 6…7 bits 4…5 of minimum[i + 4]
///     byte i + 8   bits 0…3 bits 0…3 of scale[i + 4]       bits 4…7 bits 0…3 of minimum[i + 4]
/// ```
enum SuperBlockScales {
    static let byteCount = 16

    /// `d · scale` and `dmin · minimum` of one group.
    @inline(__always)
    static func decode(group: Int, of block: Span<UInt8>) -> (scale: Float, minimum: Float) {
        let (scale, minimum) = levels(group: group, of: block)
        return (block.half(at: 0) * Float(scale), block.half(at: 2) * Float(minimum))
    }

    @inline(__always)
    private static func levels(group: Int, of block: Span<UInt8>) -> (scale: UInt8, minimum: UInt8) {
        if group < 4 { return (block[4 + group] & 0x3F, block[8 + group] & 0x3F) }
        let low = block[8 + group]
        let (scaleTop, minimumTop) = (block[group] >> 6, block[4 + group] >> 6)
        return (low & 0x0F | scaleTop << 4, low >> 4 | minimumTop << 4)
    }

    /// Chooses and stores the scales for groups whose numbers go from 0 to `top`.
    ///
    /// Each group spans its least value, or 0 where all are above, to its greatest; `d` and `dmin` make the largest scale and
    /// minimum 63.
    static func encode(_ values: Span<Float>, top: Int, into block: inout MutableSpan<UInt8>) {
        var scales: [8 of Float] = .init(repeating: 0)
        var minimums: [8 of Float] = .init(repeating: 0)
        var (largestScale, largestMinimum): (Float, Float) = (0, 0)
        for group in 0..<8 {
            let (least, greatest) = values.bounds(in: group * 32..<(group + 1) * 32)
            minimums[group] = max(0, -least)
            scales[group] = (greatest + minimums[group]) / Float(top)
            largestScale = max(largestScale, scales[group])
            largestMinimum = max(largestMinimum, minimums[group])
        }
        let inverseScale = inverse(block.store(half: largestScale / 63, at: 0))
        let inverseMinimum = inverse(block.store(half: largestMinimum / 63, at: 2))
        for index in 4..<byteCount { block[index] = 0 }
        for group in 0..<8 {
            let scale = nearestLevel(scales[group] * inverseScale, in: 0...63)
            let minimum = nearestLevel(minimums[group] * inverseMinimum, in: 0...63)
            store(UInt8(scale), UInt8(minimum), group: group, in: &block)
        }
    }

    /// Stores what a search has found.
    static func store(_ search: SuperBlockSearch, in block: inout MutableSpan<UInt8>) {
        block.store(half: search.sharedScale, at: 0)
        block.store(half: search.sharedMinimum, at: 2)
        for index in 4..<byteCount { block[index] = 0 }
        let (scales, minimums) = (search.scaleLevels.bytes, search.minimumLevels.bytes)
        for group in 0..<8 { store(scales[group], minimums[group], group: group, in: &block) }
    }

    private static func store(_ scale: UInt8, _ minimum: UInt8, group: Int, in block: inout MutableSpan<UInt8>) {
        if group < 4 {
            block[4 + group] |= scale
            block[8 + group] |= minimum
        } else {
            block[8 + group] |= scale & 0x0F | minimum << 4
            block[group] |= (scale >> 4) << 6
            block[4 + group] |= (minimum >> 4) << 6
        }
    }
}
