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
        case llama3(Llama3Scaling)
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
            let parameters = Llama3Scaling(
                factor: try reader.positive(factor), low: try reader.positive("low_freq_factor"),
                high: try reader.positive("high_freq_factor"), originalLength: try reader.originalLength())
            guard parameters.low < parameters.high else {
                throw reader.error(
                    "low_freq_factor", expected: "less than high_freq_factor \(parameters.high)",
                    found: "\(parameters.low)")
            }
            scaling = .llama3(parameters)
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
        // A head has at most 256 channels; the engine refuses others.
        if case .llama3(let parameters) = scaling, let dimension, (2...256).contains(dimension) {
            frequencyFactors = parameters.factors(base: base, dimension: dimension)
        } else {
            frequencyFactors = nil
        }
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
        case .llama3(let parameters):
            // GGUF has only what comes of these, `rope_freqs.weight`; they are kept for the way back.
            add("llama3.factor", parameters.factor)
            add("llama3.low_freq_factor", parameters.low)
            add("llama3.high_freq_factor", parameters.high)
            add("llama3.original_context_length", .fitting(parameters.originalLength))
        case .yarn(let factor, let originalLength, let attention, let betaFast, let betaSlow):
            add("scaling.type", .string(Array("yarn".utf8)))
            add("scaling.factor", factor)
            add("scaling.original_context_length", .fitting(originalLength))
            add("scaling.attn_factor", attention)
            add("scaling.yarn_beta_fast", betaFast)
            add("scaling.yarn_beta_slow", betaSlow)
        }
    }
}
