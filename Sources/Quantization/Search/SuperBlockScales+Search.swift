/// The scales and minimums of a Q4_K or Q5_K block as they are stored, chosen for the least error of what is decoded.
///
/// Each group's own best fit comes first; then the shared `d` and `dmin` and the 6-bit levels are improved in turn. Given `d` and
/// `dmin`, each group tries the scale levels beside its own, each with the minimum level that fits the rounding it leads to.
/// Given all levels, `d` and `dmin` follow from two linear equations over the whole block.
struct SuperBlockSearch {
    private let numbers: [32 of Lanes]
    private let sums: AffineSums
    private let top: Float
    /// As stored.
    private(set) var sharedScale: Float
    private(set) var sharedMinimum: Float
    /// Integers in 0…63.
    private(set) var scaleLevels = Lanes()
    private(set) var minimumLevels = Lanes()

    /// - Parameter values: `[256]`.
    init(_ values: Span<Float>, top: Float) {
        self.top = top
        numbers = [32 of Lanes](values, startingAt: 0)
        sums = AffineSums(numbers.span)
        let fit = AffineFit(numbers.span, top: top, offsetIsNegative: true)
        sharedScale = HalfFloat.rounded(fit.scale.max() / 63)
        sharedMinimum = HalfFloat.rounded(-fit.offset.min() / 63)
        scaleLevels = (fit.scale * inverse(sharedScale)).nearestLevel(in: 0...63)
        minimumLevels = (-fit.offset * inverse(sharedMinimum)).nearestLevel(in: 0...63)
        improve()
    }

    /// `d · scale` and `−dmin · minimum` of all groups.
    var scales: Lanes { sharedScale * scaleLevels }
    var offsets: Lanes { -(sharedMinimum * minimumLevels) }

    /// Levels of number `index` of all groups.
    @inline(__always)
    func levels(at index: Int, inverseScales: Lanes, offsets: Lanes) -> SIMD8<UInt8> {
        ((numbers[index] - offsets) * inverseScales).nearestLevel(in: 0...top).bytes
    }

    private mutating func improve() {
        improveLevels()
        for _ in 0..<Self.roundCount {
            let before = self
            let moments = moments(scales: scales, offsets: offsets)
            let error = sums.error(of: moments, scale: scales, offset: offsets).sum()
            improveShared(moments)
            improveLevels()
            let after = self.moments(scales: scales, offsets: offsets)
            // Rounding d to 11 bits may undo the gain.
            guard sums.error(of: after, scale: scales, offset: offsets).sum() < error else {
                self = before
                return
            }
        }
    }

    private static let roundCount = 2

    private func moments(scales: Lanes, offsets: Lanes) -> LevelMoments {
        LevelMoments(numbers.span, inverseScale: scales.inverseOrZero, offset: offsets, top: top)
    }

    private mutating func improveLevels() {
        let start = (scale: scaleLevels, minimum: minimumLevels)
        var best = Lanes(repeating: .infinity)
        for step: Float in [0, -1, 1] {
            let levels = (start.scale + step).nearestLevel(in: 0...63)
            let scales = sharedScale * levels
            var minimums = start.minimum
            for _ in 0..<2 {
                let offsets = -(sharedMinimum * minimums)
                let moments = moments(scales: scales, offsets: offsets)
                let error = sums.error(of: moments, scale: scales, offset: offsets)
                let isBetter = error .< best
                scaleLevels = scaleLevels.replacing(with: levels, where: isBetter)
                minimumLevels = minimumLevels.replacing(with: minimums, where: isBetter)
                best = best.replacing(with: error, where: isBetter)
                let wanted = (scales * moments.q - sums.x) / sums.count
                minimums = (wanted * inverse(sharedMinimum)).nearestLevel(in: 0...63)
            }
        }
    }

    /// Least squares for `x ≈ d · (scale · q) − dmin · minimum` over all groups.
    private mutating func improveShared(_ moments: LevelMoments) {
        let (s, m) = (scaleLevels, minimumLevels)
        let a = (s * s * moments.qq).sum(), b = (s * m * moments.q).sum(), c = (m * m).sum() * sums.count
        let x = (s * moments.xq).sum(), y = (m * sums.x).sum()
        let determinant = a * c - b * b
        if determinant > a * c * 0x1p-20 {
            // d · a − dmin · b = x and d · b − dmin · c = y
            let (scale, minimum) = ((x * c - y * b) / determinant, (x * b - y * a) / determinant)
            guard scale > 0, minimum > 0 else { return }
            sharedScale = HalfFloat.rounded(scale)
            sharedMinimum = HalfFloat.rounded(minimum)
        } else if a > 0, x > 0 {
            sharedScale = HalfFloat.rounded(x / a)
        }
    }
}
