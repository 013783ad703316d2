/// Signed levels with one scale for each of eight groups: `value ≈ scale · q`, fitted by least squares. Scales may be
/// negative, which brings the one level more that the negative side has to the side that needs it.
struct SymmetricFit {
    private(set) var scale = Lanes()
    /// What the fit explains of `Σ x²`; the rest is the error.
    private(set) var explained = Lanes()

    /// The best fit that was found: levels are rounded for a grid of scales around the one that just reaches the number farthest
    /// from zero, with either sign, each time the scale follows from the levels, and the best one is improved by rounding again.
    init(_ numbers: Span<Lanes>, levels: ClosedRange<Float>) {
        var farthest = Lanes()
        for index in numbers.indices {
            let value = numbers[index]
            farthest = farthest.replacing(with: value, where: value.magnitude .> farthest.magnitude)
        }
        let inverse = farthest.inverseOrZero
        for step in 0..<Self.gridCount {
            let stretch = Float(step - Self.gridCount / 2) * 0.1 * (-levels.lowerBound / 8)
            for end in [levels.lowerBound - stretch, levels.upperBound + stretch] {
                keepBetter(SignedMoments(numbers, inverseScale: inverse * end, levels: levels))
            }
        }
        for _ in 0..<2 { keepBetter(SignedMoments(numbers, inverseScale: scale.inverseOrZero, levels: levels)) }
    }

    private static let gridCount = 13

    private mutating func keepBetter(_ moments: SignedMoments) {
        let best = moments.xq * moments.qq.inverseOrZero
        let gain = best * moments.xq
        let isBetter = gain .> explained
        scale = scale.replacing(with: best, where: isBetter)
        explained = explained.replacing(with: gain, where: isBetter)
    }
}

/// As `LevelMoments` for signed levels without an offset.
struct SignedMoments {
    var qq = Lanes()  // Σ q²
    var xq = Lanes()  // Σ x q

    /// Rounds `value · inverseScale` to levels.
    @inline(__always)
    init(_ numbers: Span<Lanes>, inverseScale: Lanes, levels: ClosedRange<Float>) {
        for index in numbers.indices {
            let number = numbers[index]
            let level = (number * inverseScale).nearestLevel(in: levels)
            qq += level * level
            xq += level * number
        }
    }

    /// What `scale · q` explains of `Σ x²`.
    @inline(__always)
    func explained(by scale: Lanes) -> Lanes { scale * (2 * xq - scale * qq) }
}
