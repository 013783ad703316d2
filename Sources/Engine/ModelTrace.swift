/// What a forward pass computed, step by step.
package struct ModelTrace: Sendable {
    package let steps: [TraceStep]
    /// `[T, V]`
    package let logits: [Float]
}

package struct TraceStep: Sendable {
    /// Nil for what stands before or behind all layers.
    package let layer: Int?
    package let step: String
    package let statistics: TensorStatistics
}

/// Statistics of a tensor's values; those that are no numbers are only counted.
package struct TensorStatistics: Sendable, Equatable {
    package let mean: Float
    /// Population standard deviation.
    package let deviation: Float
    package let minimum: Float
    package let maximum: Float
    package let l2Norm: Float
    package let nanCount: Int
    package let infinityCount: Int

    package init(_ values: [Float]) {
        var sum = 0.0, squares = 0.0, count = 0, nans = 0, infinities = 0
        var low = Float.infinity, high = -Float.infinity
        for value in values {
            if value.isNaN {
                nans += 1
            } else if value.isInfinite {
                infinities += 1
            } else {
                sum += Double(value)
                squares += Double(value) * Double(value)
                low = Swift.min(low, value)
                high = Swift.max(high, value)
                count += 1
            }
        }
        let mean = count > 0 ? sum / Double(count) : .nan
        var variance = 0.0
        for value in values where value.isFinite { variance += (Double(value) - mean) * (Double(value) - mean) }
        self.mean = Float(mean)
        deviation = count > 0 ? Float((variance / Double(count)).squareRoot()) : .nan
        minimum = count > 0 ? low : .nan
        maximum = count > 0 ? high : .nan
        l2Norm = Float(squares.squareRoot())
        nanCount = nans
        infinityCount = infinities
    }
}
