internal import Compute

#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// Angles by which channel pairs are rotated, growing with the position.
///
/// Pair i turns by position · base^(−2i/d) / factor[i]; angles are computed in float64.
/// Source: Su et al. 2021, arXiv:2104.09864; the factors are Llama 3's, as `rope_freqs.weight` of a file holds them.
struct RotaryEmbedding: Sendable {
    /// Radians per position, `[pairs]`.
    let frequencies: [Double]

    init(dimension: Int, base: Double, scale: Double, factors: [Float]?) {
        frequencies = (0..<dimension / 2).map { pair in
            let frequency = pow(base, -2 * Double(pair) / Double(dimension)) / scale
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
                    cosines[token * pairs + pair] = Float(cos(angle))
                    sines[token * pairs + pair] = Float(sin(angle))
                }
            }
        }
        return RotaryAngles(pairCount: pairs, cosines: cosines, sines: sines)
    }
}
