#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The rotary scaling `llama3`: waves longer than the original context divided by `low` are stretched by `factor`, those shorter
/// than it divided by `high` stay, and between the two the stretching fades.
///
/// Source: transformers, modeling_rope_utils.py, `_compute_llama3_parameters`.
struct Llama3Scaling: Equatable {
    var factor: Double
    var low: Double
    var high: Double
    /// Tokens of context that the model had before.
    var originalLength: Int

    /// By which the frequencies are divided, `[dimension / 2]`.
    func factors(base: Double, dimension: Int) -> [Float] {
        (0..<dimension / 2).map { pair in
            let wave = 2 * Double.pi * pow(base, 2 * Double(pair) / Double(dimension))
            let share = Swift.min(Swift.max((Double(originalLength) / wave - low) / (high - low), 0), 1)
            return Float(1 / ((1 - share) / factor + share))
        }
    }

    /// Whether these parameters give the factors, up to how far computing them in float32 strays (2⁻²⁰).
    func gives(_ factors: [Float], base: Double) -> Bool {
        zip(self.factors(base: base, dimension: 2 * factors.count), factors).allSatisfy { abs($0 / $1 - 1) < 0x1p-20 }
    }

    /// The parameters behind factors that lie in a file without them.
    ///
    /// All models of the family have 1 and 4 for the two bounds, and their original context is a power of two. What is found
    /// gives every factor again, and so computes the same whatever parameters its author had.
    ///
    /// - Returns: Nil for factors that no such parameters give.
    init?(giving factors: [Float], base: Double) {
        guard let largest = factors.max(), largest.isFinite, largest > 1 else { return nil }
        let whole = Double(largest.rounded())
        let factor = abs(Double(largest) / whole - 1) < 0x1p-20 ? whole : Double(largest)
        for exponent in 6...20 {
            let candidate = Llama3Scaling(factor: factor, low: 1, high: 4, originalLength: 1 << exponent)
            guard candidate.gives(factors, base: base) else { continue }
            self = candidate
            return
        }
        return nil
    }

    init(factor: Double, low: Double, high: Double, originalLength: Int) {
        self.factor = factor
        self.low = low
        self.high = high
        self.originalLength = originalLength
    }
}
