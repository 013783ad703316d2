internal import Compute

#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// Angles by which channel pairs are rotated, growing with the position.
///
/// Pair i turns by position · base^(−2i/d) / factor[i], slowed down further by what stretches the context; angles are computed
/// in float64. Source: Su et al. 2021, arXiv:2104.09864; the factors are Llama 3's, as `rope_freqs.weight` of a file holds them.
struct RotaryEmbedding: Sendable {
    /// Radians per position, `[pairs]`.
    let frequencies: [Double]
    /// What cosines and sines are multiplied by.
    let magnitude: Double

    /// - Parameter factors: `[pairs]`, above 0.
    init(dimension: Int, base: Double, scaling: RotaryScaling, factors: [Float]?) {
        magnitude = scaling.magnitude
        let slowdowns = scaling.slowdowns(dimension: dimension, base: base)
        frequencies = (0..<dimension / 2).map { pair in
            let frequency = pow(base, -2 * Double(pair) / Double(dimension)) / slowdowns[pair]
            guard let factors, pair < factors.count else { return frequency }
            return frequency / Double(factors[pair])
        }
    }

    /// Cosines and sines `[T, pairs]` of the step's tokens.
    func angles(of sequences: [SequenceSlice], tokenCount: Int) -> RotaryAngles {
        let pairs = frequencies.count
        var cosines = [Float](repeating: 1, count: tokenCount * pairs)
        var sines = [Float](repeating: 0, count: tokenCount * pairs)
        for sequence in sequences {
            for (index, token) in sequence.tokens.enumerated() {
                let position = Double(sequence.startPosition + index)
                for pair in 0..<pairs {
                    let angle = position * frequencies[pair]
                    cosines[token * pairs + pair] = Float(magnitude * cos(angle))
                    sines[token * pairs + pair] = Float(magnitude * sin(angle))
                }
            }
        }
        return RotaryAngles(pairCount: pairs, cosines: cosines, sines: sines)
    }
}
