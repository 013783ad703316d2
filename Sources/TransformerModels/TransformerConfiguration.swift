package import Compute
package import ModelFiles

/// The hyper-parameters of a model, read from its file and checked against each other.
package struct TransformerConfiguration: Sendable, Equatable {
    package var architecture: String
    package var layerCount: Int
    package var hiddenSize: Int
    package var feedForwardSize: Int
    package var headCount: Int
    package var keyValueHeadCount: Int
    package var headDimension: Int
    package var vocabularySize: Int
    /// Tokens that the model was made for.
    package var contextLength: Int
    /// Channels of a head that are rotated; even.
    package var rotaryDimension: Int
    package var rotaryBase: Double
    package var rotaryScaling: RotaryScaling
    /// Which channels form a pair; nil where the file does not say and the architecture's own holds.
    package var rotaryPairing: RotaryPairing?
    package var normEpsilon: Float
}

extension TransformerConfiguration {
    /// Reads `<architecture>.*` of a GGUF file.
    ///
    /// - Throws: `ModelFileError` for a missing, mistyped or absurd value; `.unsupported` for features that this engine does not
    ///   have, such as experts.
    package init(_ metadata: Metadata, architecture: String, vocabularySize: Int) throws(ModelFileError) {
        let reader = ConfigurationReader(metadata: metadata, architecture: architecture)
        self.architecture = architecture
        self.vocabularySize = vocabularySize
        layerCount = try reader.count("block_count", in: 1...4096)
        hiddenSize = try reader.count("embedding_length", in: 1...1 << 20)
        feedForwardSize = try reader.count("feed_forward_length", in: 1...1 << 22)
        headCount = try reader.count("attention.head_count", in: 1...4096)
        keyValueHeadCount = try reader.count("attention.head_count_kv", in: 1...4096, default: headCount)
        contextLength = try reader.count("context_length", in: 1...1 << 24)
        guard headCount.isMultiple(of: keyValueHeadCount) else {
            throw reader.error(
                "attention.head_count_kv", expected: "a divisor of the \(headCount) heads",
                found: "\(keyValueHeadCount)")
        }
        // Without an explicit length the heads share the width evenly.
        if !hiddenSize.isMultiple(of: headCount), try reader.optionalCount("attention.key_length") == nil {
            throw reader.error(
                "attention.head_count", expected: "a divisor of the width \(hiddenSize)", found: "\(headCount)")
        }
        headDimension = try reader.count("attention.key_length", in: 2...256, default: hiddenSize / headCount)
        let valueLength = try reader.count("attention.value_length", in: 2...256, default: headDimension)
        guard valueLength == headDimension, headDimension.isMultiple(of: 2) else {
            throw reader.error(
                "attention.value_length", expected: "the key length \(headDimension), an even number",
                found: "\(valueLength)")
        }
        guard (2...256).contains(headDimension) else {
            throw reader.error(
                "attention.head_count", expected: "heads of 2 to 256 channels", found: "\(headDimension)")
        }
        rotaryDimension = try reader.count("rope.dimension_count", in: 2...headDimension, default: headDimension)
        guard rotaryDimension.isMultiple(of: 2) else {
            throw reader.error("rope.dimension_count", expected: "an even number", found: "\(rotaryDimension)")
        }
        rotaryBase = try reader.number("rope.freq_base", in: 1...1e12, default: 10_000)
        rotaryScaling = try RotaryScaling(reader, contextLength: contextLength)
        rotaryPairing = try reader.rotaryPairing()
        normEpsilon = Float(try reader.number("attention.layer_norm_rms_epsilon", in: 0...1))
        try reader.refuseExperts()
        contextLength = try reader.limitToWindow(contextLength)
        try reader.refuseUnknownKeys()
    }
}

/// Reads numbers below an architecture's prefix and says what was expected where they are wrong.
struct ConfigurationReader {
    let metadata: Metadata
    let architecture: String

    func key(_ name: String) -> String { "\(architecture).\(name)" }

    func error(_ name: String, expected: String, found: String) -> ModelFileError {
        metadata.error(about: key(name), expected: expected, found: found)
    }

    func optionalCount(_ name: String) throws(ModelFileError) -> Int? { try metadata.integer(key(name)) }

    func count(
        _ name: String, in range: ClosedRange<Int>, default fallback: Int? = nil
    ) throws(ModelFileError) -> Int {
        guard let value = try metadata.integer(key(name)) ?? fallback else {
            throw error(name, expected: "a number from \(range.lowerBound) to \(range.upperBound)", found: "none")
        }
        guard range.contains(value) else {
            throw error(
                name, expected: "a number from \(range.lowerBound) to \(range.upperBound)", found: "\(value)")
        }
        return value
    }

    func number(
        _ name: String, in range: ClosedRange<Double>, default fallback: Double? = nil
    ) throws(ModelFileError) -> Double {
        guard let value = try metadata.number(key(name)) ?? fallback else {
            throw error(name, expected: "a number from \(range.lowerBound) to \(range.upperBound)", found: "none")
        }
        guard range.contains(value) else {  // a NaN is in no range
            throw error(
                name, expected: "a number from \(range.lowerBound) to \(range.upperBound)", found: "\(value)")
        }
        return value
    }

    func rotaryPairing() throws(ModelFileError) -> RotaryPairing? {
        switch try metadata.string(key("rope.pairing")) {
        case nil: return nil
        case "adjacent"?: return .adjacent
        case "halves"?: return .halves
        case let other?: throw error("rope.pairing", expected: "adjacent or halves", found: other)
        }
    }

    func refuseExperts() throws(ModelFileError) {
        let experts = try metadata.integer(key("expert_count")) ?? 0
        guard experts == 0 else {
            throw error("expert_count", expected: "0 (mixtures of experts are not supported yet)", found: "\(experts)")
        }
    }

    /// Keys that are read above, or that say nothing about the computation.
    private static let knownKeys: Set<String> = [
        "block_count", "embedding_length", "feed_forward_length", "context_length", "vocab_size",
        "attention.head_count", "attention.head_count_kv", "attention.key_length", "attention.value_length",
        "attention.layer_norm_rms_epsilon", "attention.sliding_window", "rope.dimension_count", "rope.freq_base",
        "rope.scale_linear", "rope.scaling.type", "rope.scaling.factor", "rope.scaling.original_context_length",
        "rope.scaling.attn_factor", "rope.scaling.yarn_beta_fast", "rope.scaling.yarn_beta_slow",
        "rope.scaling.finetuned", "rope.pairing", "expert_count", "expert_used_count", "tensor_data_layout",
        // Of these `rope_freqs.weight` is made.
        "rope.llama3.factor", "rope.llama3.low_freq_factor", "rope.llama3.high_freq_factor",
        "rope.llama3.original_context_length",
    ]

    /// A key that is not understood may change what has to be computed: it is refused, never skipped.
    func refuseUnknownKeys() throws(ModelFileError) {
        let prefix = architecture + "."
        for full in metadata.keys where full.hasPrefix(prefix) {
            let name = String(full.dropFirst(prefix.count))
            guard !Self.knownKeys.contains(name) else { continue }
            throw error(
                name, expected: "only keys that this architecture's description knows",
                found: "one that may change the computation")
        }
    }

    /// Within its window a sliding-window model attends to everything, so that a shorter context gives exact results.
    func limitToWindow(_ contextLength: Int) throws(ModelFileError) -> Int {
        let window = try metadata.integer(key("attention.sliding_window")) ?? 0
        return window > 0 ? min(window, contextLength) : contextLength
    }
}
