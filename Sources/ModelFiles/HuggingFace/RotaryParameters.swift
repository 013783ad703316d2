#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// How positions become angles, as `config.json` says it in its older (`rope_theta`, `rope_scaling`) or newer
/// (`rope_parameters`) spelling.
///
/// Source: transformers, modeling_rope_utils.py.
struct RotaryParameters {
    private let base: Double
    private let dimension: Int?
    private let scaling: Scaling
    /// `[pairs]`, by which frequencies are divided; `llama3` only.
    let frequencyFactors: [Float]?

    private enum Scaling {
        case none
        case linear(factor: Double)
        case llama3(factor: Double, low: Double, high: Double, originalLength: Int)
        /// `attention` multiplies the cosines and sines, beside what the method itself asks for.
        case yarn(factor: Double, originalLength: Int, attention: Double?, betaFast: Double?, betaSlow: Double?)
    }

    /// - Throws: For a type that is not known here, or parameters that are missing or have no meaning for their type.
    init(_ configuration: HuggingFaceConfiguration) throws(ModelFileError) {
        let reader = try RotaryParameterReader(configuration)
        if let given = try reader.number("rope_theta") {
            base = given
        } else {
            base = try configuration.number("rope_theta") ?? 10_000
        }
        dimension = try configuration.headDimension()
        let type = try reader.type(), factor = "factor"
        switch type {
        case "default":
            try reader.allowOnly([])
            scaling = .none
        case "linear":
            try reader.allowOnly([factor])
            scaling = .linear(factor: try reader.positive(factor))
        case "llama3":
            try reader.allowOnly([factor, "low_freq_factor", "high_freq_factor", "original_max_position_embeddings"])
            scaling = .llama3(
                factor: try reader.positive(factor), low: try reader.positive("low_freq_factor"),
                high: try reader.positive("high_freq_factor"), originalLength: try reader.originalLength())
        case "yarn":
            try reader.allowOnly([
                factor, "attention_factor", "beta_fast", "beta_slow", "mscale", "mscale_all_dim",
                "original_max_position_embeddings", "truncate",
            ])
            let scale = try reader.positive(factor)
            scaling = .yarn(
                factor: scale, originalLength: try reader.originalLength(),
                attention: try reader.yarnAttention(factor: scale), betaFast: try reader.number("beta_fast"),
                betaSlow: try reader.number("beta_slow"))
        default:
            throw reader.unsupported(type)
        }
        frequencyFactors = try Self.frequencyFactors(scaling, base: base, dimension: dimension, reader)
    }

    func append(to metadata: inout Metadata, prefix: String) {
        func add(_ name: String, _ value: MetadataValue) { metadata.append(prefix + "rope." + name, value) }
        func add(_ name: String, _ number: Double?) { if let number { add(name, .float32(Float(number))) } }
        add("freq_base", base)
        if let dimension { add("dimension_count", .fitting(dimension)) }
        // Published weights have the two channels of a pair in the two halves of a head.
        add("pairing", .string(Array("halves".utf8)))
        switch scaling {
        case .none: break
        case .linear(let factor):
            add("scaling.type", .string(Array("linear".utf8)))
            add("scaling.factor", factor)
        case .llama3(let factor, let low, let high, let originalLength):
            // GGUF has only what comes of these, `rope_freqs.weight`; they are kept for the way back.
            add("llama3.factor", factor)
            add("llama3.low_freq_factor", low)
            add("llama3.high_freq_factor", high)
            add("llama3.original_context_length", .fitting(originalLength))
        case .yarn(let factor, let originalLength, let attention, let betaFast, let betaSlow):
            add("scaling.type", .string(Array("yarn".utf8)))
            add("scaling.factor", factor)
            add("scaling.original_context_length", .fitting(originalLength))
            add("scaling.attn_factor", attention)
            add("scaling.yarn_beta_fast", betaFast)
            add("scaling.yarn_beta_slow", betaSlow)
        }
    }

    /// Waves longer than the original context divided by `low` are stretched by `factor`, those shorter than it divided by
    /// `high` stay, and between the two the stretching fades.
    private static func frequencyFactors(
        _ scaling: Scaling, base: Double, dimension: Int?, _ reader: RotaryParameterReader
    ) throws(ModelFileError) -> [Float]? {
        guard case .llama3(let factor, let low, let high, let originalLength) = scaling, let dimension else {
            return nil
        }
        guard low < high else {
            throw reader.error("low_freq_factor", expected: "less than high_freq_factor \(high)", found: "\(low)")
        }
        // A head has at most 256 channels; the engine refuses others.
        guard (2...256).contains(dimension) else { return nil }
        return (0..<dimension / 2).map { pair in
            let wave = 2 * Double.pi * pow(base, 2 * Double(pair) / Double(dimension))
            let share = Swift.min(Swift.max((Double(originalLength) / wave - low) / (high - low), 0), 1)
            return Float(1 / ((1 - share) / factor + share))
        }
    }
}
