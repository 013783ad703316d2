/// Eight values as magnitudes, which a grid approximates, and a byte of signs: bit i set makes value i negative.
struct SignedGroup {
    private(set) var magnitudes: [8 of Float]
    private(set) var signs: UInt8

    /// - Parameters:
    ///   - values: At least `start + 8` of them.
    ///   - factor: What turns a value into units of the grid's levels.
    ///   - even: The format stores seven signs, and the eighth makes the number of set ones even. Where it is odd, the value
    ///     nearest to zero changes its sign: its magnitude is then negative, and the grid's least level is nearest to it.
    init(_ values: Span<Float>, from start: Int, factor: Float, even: Bool) {
        magnitudes = .init(repeating: 0)
        signs = 0
        var smallest = 0
        for index in 0..<8 {
            let value = values[start + index]
            magnitudes[index] = value.magnitude * factor
            if value.sign == .minus { signs |= 1 << UInt8(index) }
            if magnitudes[index] < magnitudes[smallest] { smallest = index }
        }
        if even, !signs.nonzeroBitCount.isMultiple(of: 2) {
            signs ^= 1 << UInt8(smallest)
            magnitudes[smallest].negate()
        }
    }

    /// The byte whose lower seven bits are `stored`, and whose upper one makes the number of set bits even.
    @inline(__always)
    static func evenSigns(_ stored: UInt32) -> UInt8 {
        let low = UInt8(truncatingIfNeeded: stored & 0x7F)
        return low | UInt8(low.nonzeroBitCount & 1) << 7
    }
}

extension LevelGrid {
    /// Writes an entry's levels, with signs, times `step` to `values[start..<start + width]`.
    ///
    /// - Parameter signs: Bit i belongs to level i; higher bits are not looked at.
    @inline(__always)
    func decode(entry: Int, signs: UInt8, step: Float, into values: inout MutableSpan<Float>, from start: Int) {
        for index in 0..<width {
            let value = step * Float(level(index, ofEntry: entry))
            values[start + index] = signs >> UInt8(index) & 1 == 0 ? value : -value
        }
    }
}
