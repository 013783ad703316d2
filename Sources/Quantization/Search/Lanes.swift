/// One number of each of eight groups that are encoded side by side: what a group's code computes for a number, it computes for
/// eight groups at once, and sums over a group need no sums over lanes.
typealias Lanes = SIMD8<Float>

extension SIMD8<Float> {
    /// The nearest integers, ties to even, held inside `range`. NaN gives some integer of the range.
    ///
    /// Below 2²² adding 1.5 · 2²³ leaves no bits for a fraction; the sum rounds.
    @inline(__always)
    func nearestLevel(in range: ClosedRange<Float>) -> Lanes {
        let shift: Float = 0x1.8p23
        let (least, greatest) = (Lanes(repeating: range.lowerBound), Lanes(repeating: range.upperBound))
        // Held first, so that the sum is exact. A comparison with NaN is false.
        let low = greatest.replacing(with: self, where: self .< greatest)
        return (least.replacing(with: low, where: low .> least) + shift) - shift
    }

    /// Integers from −128 to 255 as bytes, negative ones in two's complement; anything else as some byte.
    @inline(__always)
    var bytes: SIMD8<UInt8> {
        let shifted = self + 0x1.8p23
        return SIMD8<UInt8>(truncatingIfNeeded: unsafeBitCast(shifted, to: SIMD8<UInt32>.self))
    }

    /// 1 over each lane, 0 where it is 0.
    var inverseOrZero: Lanes {
        let isZero = self .== 0
        return (1 / self.replacing(with: 1, where: isZero)).replacing(with: 0, where: isZero)
    }

    var magnitude: Lanes { replacing(with: -self, where: self .< 0) }
}

extension InlineArray where Element == Lanes {
    /// Number i of eight groups out of a row, group g at `start + g · count`.
    ///
    /// - Parameter groupCount: How many of the lanes have a group; the others are zeros.
    init(_ values: Span<Float>, startingAt start: Int, groupCount: Int = 8) {
        self.init(repeating: Lanes())
        for index in indices {
            for group in 0..<groupCount { self[index][group] = values[start + group * Self.count + index] }
        }
    }
}
