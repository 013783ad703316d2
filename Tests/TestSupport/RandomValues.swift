/// Seeded float32 values for tests of numeric code.
package enum RandomValues {
    /// Uniform in [−scale, scale).
    package static func uniform(count: Int, scale: Float = 1, seed: UInt64) -> [Float] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in generator.unitFloat() * scale }
    }

    /// Mostly small values and now and then one a hundred times as large, as activations of real models have them.
    package static func withOutliers(count: Int, seed: UInt64) -> [Float] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in
            generator.next().isMultiple(of: 97) ? generator.unitFloat() * 100 : generator.unitFloat()
        }
    }
}
