/// The scales of a block of 16 groups that share `d`, each with a signed integer scale, chosen for the least error.
///
/// Each group's own best fit comes first; then `d` and the integer scales are improved in turn: given `d`, each group tries the
/// scales beside its own, and given all of them `d` follows from one linear equation.
///
/// `count` is the numbers in a group.
struct SignedScalesSearch<let count: Int> {
    /// Eight of the groups.
    struct Groups {
        let numbers: [count of Lanes]
        fileprivate(set) var scaleLevels = Lanes()
    }

    private let levels: ClosedRange<Float>
    private let scaleRange: ClosedRange<Float>
    private(set) var first: Groups
    private(set) var second: Groups
    /// As stored.
    private(set) var sharedScale: Float

    /// - Parameter values: `[16 · count]`.
    init(_ values: Span<Float>, levels: ClosedRange<Float>, scaleLevels: ClosedRange<Float>) {
        self.levels = levels
        scaleRange = scaleLevels
        first = Groups(numbers: [count of Lanes](values, startingAt: 0))
        second = Groups(numbers: [count of Lanes](values, startingAt: 8 * count))
        let fits = (SymmetricFit(first.numbers.span, levels: levels), SymmetricFit(second.numbers.span, levels: levels))
        let largest = max(fits.0.scale.magnitude.max(), fits.1.scale.magnitude.max())
        sharedScale = HalfFloat.rounded(largest / scaleLevels.upperBound)
        let inverse = inverse(sharedScale)
        first.scaleLevels = (fits.0.scale * inverse).nearestLevel(in: scaleLevels)
        second.scaleLevels = (fits.1.scale * inverse).nearestLevel(in: scaleLevels)
        improve()
    }

    private mutating func improve() {
        var (best, gain) = (self, improveLevels())
        for _ in 0..<2 {
            improveShared()
            let after = improveLevels()
            if after > gain { (best, gain) = (self, after) }
        }
        self = best
    }

    /// - Returns: What is explained of the squares, of all groups.
    private mutating func improveLevels() -> Float {
        improve(&first) + improve(&second)
    }

    private func improve(_ groups: inout Groups) -> Float {
        let start = groups.scaleLevels
        var best = Lanes(repeating: -.infinity)
        for step: Float in [0, -1, 1] {
            let scales = (start + step).nearestLevel(in: scaleRange)
            let moments = moments(of: groups, scales: scales)
            let gain = moments.explained(by: sharedScale * scales)
            let isBetter = gain .> best
            groups.scaleLevels = groups.scaleLevels.replacing(with: scales, where: isBetter)
            best = best.replacing(with: gain, where: isBetter)
        }
        return best.sum()
    }

    private func moments(of groups: Groups, scales: Lanes) -> SignedMoments {
        SignedMoments(
            groups.numbers.span, inverseScale: (sharedScale * scales).inverseOrZero, levels: levels)
    }

    /// Least squares for `x ≈ d · (scale · q)` over all groups.
    private mutating func improveShared() {
        var (squares, products): (Float, Float) = (0, 0)
        for groups in [first, second] {
            let (moments, scales) = (moments(of: groups, scales: groups.scaleLevels), groups.scaleLevels)
            squares += (scales * scales * moments.qq).sum()
            products += (scales * moments.xq).sum()
        }
        if squares > 0 { sharedScale = HalfFloat.rounded(products / squares) }
    }
}
