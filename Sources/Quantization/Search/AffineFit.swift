/// Levels 0…top with a scale and an offset for each of eight groups: `value ≈ scale · q + offset`, fitted by least squares.
struct AffineFit {
    private(set) var scale: Lanes
    private(set) var offset: Lanes
    /// The sum of squared errors.
    private(set) var error: Lanes

    /// The best fit that was found: levels are rounded for a grid of spans around the groups' own, each time scale and offset
    /// follow from the levels, and the best one is improved by rounding again with what came out.
    ///
    /// - Parameter offsetIsNegative: Whether offsets above 0 are out of reach, as in K-quants.
    init(_ numbers: Span<Lanes>, top: Float, offsetIsNegative: Bool) {
        let sums = AffineSums(numbers)
        var (least, greatest) = (numbers[0], numbers[0])
        for index in numbers.indices {
            let value = numbers[index]
            least = least.replacing(with: value, where: value .< least)
            greatest = greatest.replacing(with: value, where: value .> greatest)
        }
        if offsetIsNegative { least = least.replacing(with: 0, where: least .> 0) }
        let perSpan = (greatest - least).inverseOrZero
        self.init(scale: Lanes(), offset: least, error: Lanes(repeating: .infinity))
        for step in 0..<Self.gridCount {
            // From a span that is cut a little at its ends to one that is not used wholly.
            let levels = top + 0.9 - Float(step) * 0.1 * (top / 15)
            let moments = LevelMoments(numbers, inverseScale: perSpan * levels, offset: least, top: top)
            keepBetter(sums.solve(moments, offsetIsNegative: offsetIsNegative))
        }
        for _ in 0..<2 {
            let moments = LevelMoments(numbers, inverseScale: scale.inverseOrZero, offset: offset, top: top)
            keepBetter(sums.solve(moments, offsetIsNegative: offsetIsNegative))
        }
    }

    init(scale: Lanes, offset: Lanes, error: Lanes) {
        self.scale = scale
        self.offset = offset
        self.error = error
    }

    private static let gridCount = 18

    private mutating func keepBetter(_ other: AffineFit) {
        let isBetter = other.error .< error
        scale = scale.replacing(with: other.scale, where: isBetter)
        offset = offset.replacing(with: other.offset, where: isBetter)
        error = error.replacing(with: other.error, where: isBetter)
    }
}

/// What the levels of a rounding have to do with the numbers: sums over each group.
struct LevelMoments {
    var q = Lanes()  // Σ q
    var qq = Lanes()  // Σ q²
    var xq = Lanes()  // Σ x q

    /// Rounds `(value − offset) · inverseScale` to levels 0…top.
    @inline(__always)
    init(_ numbers: Span<Lanes>, inverseScale: Lanes, offset: Lanes, top: Float) {
        for index in numbers.indices {
            let number = numbers[index]
            let level = ((number - offset) * inverseScale).nearestLevel(in: 0...top)
            q += level
            qq += level * level
            xq += level * number
        }
    }
}

/// Sums over the numbers of each group that no rounding changes.
struct AffineSums {
    /// How many numbers there are.
    let count: Float
    private(set) var x = Lanes()  // Σ x
    private(set) var xx = Lanes()  // Σ x²

    init(_ numbers: Span<Lanes>) {
        count = Float(numbers.count)
        for index in numbers.indices {
            x += numbers[index]
            xx += numbers[index] * numbers[index]
        }
    }

    /// The scale and offset with the least error for given levels: the normal equations of a line.
    func solve(_ moments: LevelMoments, offsetIsNegative: Bool) -> AffineFit {
        let determinant = count * moments.qq - moments.q * moments.q
        // All levels alike determine no line.
        let isLine = determinant .> count * moments.qq * 0x1p-20
        let inverse = determinant.replacing(with: 1, where: .!isLine)
        var scale = ((count * moments.xq - x * moments.q) / inverse).replacing(with: 0, where: .!isLine)
        var offset = (x - scale * moments.q) / count
        if offsetIsNegative {
            let isAbove = offset .> 0
            scale = scale.replacing(with: moments.xq * moments.qq.inverseOrZero, where: isAbove)
            offset = offset.replacing(with: 0, where: isAbove)
        }
        return AffineFit(
            scale: scale, offset: offset, error: error(of: moments, scale: scale, offset: offset))
    }

    /// The sum of squared errors of `scale · q + offset`.
    @inline(__always)
    func error(of moments: LevelMoments, scale: Lanes, offset: Lanes) -> Lanes {
        let quadratic = scale * scale * moments.qq + 2 * scale * offset * moments.q + offset * offset * count
        return xx - 2 * (scale * moments.xq + offset * x) + quadratic
    }
}
