#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// `RotaryParameters` backwards: GGUF's keys of the rotation as `rope_theta` and `rope_scaling`, the spelling that every version
/// of transformers reads.
struct RotaryExport {
    private let base: Double
    private let scaling: Scaling

    private enum Scaling {
        case none
        case linear(factor: Double)
        case llama3(Llama3Scaling)
        case yarn(factor: Double, originalLength: Int, attention: Double, betaFast: Double?, betaSlow: Double?)
    }

    /// - Parameter factors: Of `rope_freqs.weight`, `[pairs]`, where the model has it.
    /// - Throws: For a rotation that `config.json` has no words for, and one that cannot be known from the file.
    init(
        _ keys: inout ArchitectureKeys, headDimension: Int, contextLength: Int, factors: [Float]?
    ) throws(ModelFileError) {
        if let rotated = try keys.integer("rope.dimension_count"), rotated != headDimension {
            throw keys.error(
                "rope.dimension_count", expected: "all \(headDimension) channels of a head", found: "\(rotated)")
        }
        base = try keys.number("rope.freq_base") ?? 10_000
        guard base >= 1 else { throw keys.error("rope.freq_base", expected: "a number from 1", found: "\(base)") }
        keys.drop("rope.pairing", "rope.scaling.finetuned")
        let scaling = try Self.statedScaling(&keys, contextLength: contextLength)
        self.scaling = try Self.llama3Scaling(&keys, factors, base: base, beside: scaling) ?? scaling
    }

    func add(to writer: inout JSONWriter) {
        writer.add("rope_theta", base)
        switch scaling {
        case .none: writer.addNull("rope_scaling")
        case .linear(let factor):
            writer.addObject("rope_scaling") { writer in
                writer.add("rope_type", "linear")
                writer.add("factor", factor)
            }
        case .llama3(let parameters):
            writer.addObject("rope_scaling") { writer in
                writer.add("rope_type", "llama3")
                writer.add("factor", parameters.factor)
                writer.add("low_freq_factor", parameters.low)
                writer.add("high_freq_factor", parameters.high)
                writer.add("original_max_position_embeddings", parameters.originalLength)
            }
        case .yarn(let factor, let originalLength, let attention, let betaFast, let betaSlow):
            writer.addObject("rope_scaling") { writer in
                writer.add("rope_type", "yarn")
                writer.add("factor", factor)
                writer.add("original_max_position_embeddings", originalLength)
                if attention != 1 {
                    // There it stands for all that multiplies cosines and sines, here for what comes beside the method's own.
                    writer.add("attention_factor", attention * (factor > 1 ? 1 + 0.1 * log(factor) : 1))
                }
                if let betaFast { writer.add("beta_fast", betaFast) }
                if let betaSlow { writer.add("beta_slow", betaSlow) }
            }
        }
    }

    /// `rope.scaling.*`. Older files have only a factor, which means linear scaling, or only `rope.scale_linear`.
    private static func statedScaling(
        _ keys: inout ArchitectureKeys, contextLength: Int
    ) throws(ModelFileError) -> Scaling {
        let older = try keys.number("rope.scale_linear") ?? 1
        let factor = try keys.number("rope.scaling.factor") ?? older
        let type = try keys.string("rope.scaling.type") ?? "linear"
        let originalLength = try keys.integer("rope.scaling.original_context_length", in: 1...1 << 32)
        let attention = try keys.number("rope.scaling.attn_factor") ?? 1
        let betaFast = try keys.number("rope.scaling.yarn_beta_fast")
        let betaSlow = try keys.number("rope.scaling.yarn_beta_slow")
        guard factor > 0 else {
            throw keys.error("rope.scaling.factor", expected: "a number above 0", found: "\(factor)")
        }
        switch type {
        case "none": return .none
        case "linear": return factor == 1 ? .none : .linear(factor: factor)
        case "yarn":
            return .yarn(
                factor: factor, originalLength: originalLength ?? contextLength, attention: attention,
                betaFast: betaFast, betaSlow: betaSlow)
        default:
            throw keys.error(
                "rope.scaling.type", expected: "none, linear or yarn", found: PrintableName.quoted(type))
        }
    }

    /// What `rope_freqs.weight` comes from: the parameters that were kept beside it, or those that are found to give it.
    private static func llama3Scaling(
        _ keys: inout ArchitectureKeys, _ factors: [Float]?, base: Double, beside other: Scaling
    ) throws(ModelFileError) -> Scaling? {
        let prefix = "rope.llama3."
        let factor = try keys.number(prefix + "factor"), low = try keys.number(prefix + "low_freq_factor")
        let high = try keys.number(prefix + "high_freq_factor")
        let originalLength = try keys.integer(prefix + "original_context_length", in: 1...1 << 32)
        guard let factors else {
            guard factor == nil else {
                throw keys.error(prefix + "factor", expected: "rope_freqs.weight beside it", found: "no such tensor")
            }
            return nil
        }
        func unknown(_ found: String) -> ModelFileError {
            ModelFileError(
                file: keys.metadata.file, subject: .tensor("rope_freqs.weight"),
                problem: .unsupported(
                    found: found,
                    advice: "config.json says how the factors are computed, and the file does not; convert the model "
                        + "from where it was published"))
        }
        if factors.allSatisfy({ $0 == 1 }) { return nil }
        guard case .none = other else { throw unknown("a table of factors beside rope.scaling.type") }
        if let factor, let low, let high, let originalLength {
            let stated = Llama3Scaling(factor: factor, low: low, high: high, originalLength: originalLength)
            guard factor > 0, low < high, stated.gives(factors, base: base) else {
                throw unknown("a table of factors that contradicts rope.llama3.*")
            }
            return .llama3(stated)
        }
        guard let found = Llama3Scaling(giving: factors, base: base) else {
            throw unknown("a table of factors that no known parameters give")
        }
        return .llama3(found)
    }
}
