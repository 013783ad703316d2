/// How the grid formats choose their steps: sub-block j's is `unit · (2 · level[j] + 1)`, where all share the unit.
struct OddSteps {
    let wanted: [16 of Float]
    /// The unit with which the top level gives the largest wanted step.
    let unit: Float
    private let top: Int

    /// - Parameters:
    ///   - size: Values per sub-block: 16 or 32.
    ///   - top: The largest level.
    ///   - step: The step that a sub-block's range of `values` wants.
    init(_ values: Span<Float>, size: Int, top: Int, step: (Span<Float>, Range<Int>) -> Float) {
        var wanted: [16 of Float] = .init(repeating: 0)
        var largest: Float = 0
        for part in 0..<256 / size {
            wanted[part] = step(values, part * size..<(part + 1) * size)
            largest = max(largest, wanted[part])
        }
        self.wanted = wanted
        self.top = top
        unit = largest / Float(2 * top + 1)
    }

    /// A step that makes the sub-block's largest magnitude the grid's largest level.
    static func spanning(_ largestLevel: Int) -> (Span<Float>, Range<Int>) -> Float {
        { values, range in values.farthestFromZero(in: range).magnitude / Float(largestLevel) }
    }

    /// 1.5 times the mean magnitude stands for 8: of Gaussian values those of more than 0.6 σ then become ±1.2 σ, the others 0,
    /// which is near the best that three levels can do (Max 1960, table 1).
    static func ternary(_ values: Span<Float>, _ range: Range<Int>) -> Float {
        range.reduce(0) { $0 + values[$1].magnitude } * 1.5 / Float(8 * range.count)
    }

    /// The level of sub-block `part`, with `unit` as the block has stored it.
    func level(of part: Int, unit: Float) -> Int {
        nearestLevel((wanted[part] * inverse(unit) - 1) / 2, in: 0...top)
    }
}
