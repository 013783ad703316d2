internal import ModelFiles

#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// How rotation is slowed down, so that a model sees a longer context than it was trained for.
package enum RotaryScaling: Sendable, Equatable {
    case none
    /// Every pair turns `factor` times slower. Chen et al. 2023, arXiv:2306.15595.
    case linear(factor: Double)
    /// Pairs that turn often within the original context keep their speed, those that turn rarely get `factor` times slower,
    /// and between the two the change fades; queries and keys grow a little. Peng et al. 2023, arXiv:2309.00071.
    case yarn(YarnScaling)
}

package struct YarnScaling: Sendable, Equatable {
    package var factor: Double
    /// Tokens that the model was trained for.
    package var originalLength: Int
    /// Multiplies cosines and sines, beside the 1 + 0.1 · ln factor of the paper.
    package var attentionFactor: Double
    /// Turns within the original length from which a pair keeps its speed.
    package var betaFast: Double
    /// Turns up to which a pair is slowed down wholly.
    package var betaSlow: Double
}

extension RotaryScaling {
    /// What cosines and sines are multiplied by.
    var magnitude: Double {
        guard case .yarn(let yarn) = self else { return 1 }
        return yarn.attentionFactor * (yarn.factor > 1 ? 1 + 0.1 * log(yarn.factor) : 1)
    }

    /// By which the speed of each pair is divided, `[pairs]`.
    func slowdowns(dimension: Int, base: Double) -> [Double] {
        let pairs = dimension / 2
        switch self {
        case .none: return [Double](repeating: 1, count: pairs)
        case .linear(let factor): return [Double](repeating: factor, count: pairs)
        case .yarn(let yarn): return yarn.slowdowns(dimension: dimension, base: base)
        }
    }
}

extension YarnScaling {
    fileprivate func slowdowns(dimension: Int, base: Double) -> [Double] {
        let first = max(pair(turning: betaFast, dimension, base).rounded(.down), 0)
        let last = min(pair(turning: betaSlow, dimension, base).rounded(.up), Double(dimension - 1))
        let span = max(last - first, 0.001)
        return (0..<dimension / 2).map { pair in
            let slowed = min(max((Double(pair) - first) / span, 0), 1)
            return 1 / (slowed / factor + (1 - slowed))
        }
    }

    /// Which pair turns so many times within the original length; not a whole number.
    private func pair(turning turns: Double, _ dimension: Int, _ base: Double) -> Double {
        Double(dimension) * log(Double(originalLength) / (turns * 2 * .pi)) / (2 * log(base))
    }
}

// MARK: - Reading

extension RotaryScaling {
    /// `rope.scaling.*`: none, linear or yarn. Older files give only a factor, or only `rope.scale_linear`.
    ///
    /// - Throws: `ModelFileError` for another type, and for numbers that make no sense.
    init(_ reader: ConfigurationReader, contextLength: Int) throws(ModelFileError) {
        // A factor without a type means linear scaling, as writers of older files meant it.
        let older = try reader.number("rope.scale_linear", in: 1e-3...1e6, default: 1)
        let factor = try reader.number("rope.scaling.factor", in: 1e-3...1e6, default: older)
        switch try reader.metadata.string(reader.key("rope.scaling.type")) ?? "linear" {
        case "none": self = .none
        case "linear": self = factor == 1 ? .none : .linear(factor: factor)
        case "yarn":
            let base = try reader.number("rope.freq_base", in: 1...1e12, default: 10_000)
            guard base > 1 else {
                throw reader.error("rope.freq_base", expected: "a number above 1 for yarn", found: "\(base)")
            }
            self = .yarn(
                YarnScaling(
                    factor: factor,
                    originalLength: try reader.count(
                        "rope.scaling.original_context_length", in: 1...1 << 24, default: contextLength),
                    attentionFactor: try reader.number("rope.scaling.attn_factor", in: 1e-3...1e3, default: 1),
                    betaFast: try reader.number("rope.scaling.yarn_beta_fast", in: 1e-3...1e6, default: 32),
                    betaSlow: try reader.number("rope.scaling.yarn_beta_slow", in: 1e-3...1e6, default: 1)))
        case let type:
            throw reader.error("rope.scaling.type", expected: "none, linear or yarn", found: type)
        }
    }
}
