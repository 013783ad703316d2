extension HuggingFaceConfiguration {
    /// Adds what GGUF would say under `general.architecture` and `<architecture>.*`.
    ///
    /// - Returns: Factors by which the frequencies of rotation are divided, `[pairs]`, where the configuration asks for some;
    ///   GGUF has them as the tensor `rope_freqs.weight`.
    /// - Throws: For a key that is missing, of a wrong type, or that asks for a computation that is not done here.
    func append(
        to metadata: inout Metadata, for architecture: HuggingFaceArchitecture
    ) throws(ModelFileError) -> [Float]? {
        let prefix = architecture.canonicalName + "."
        metadata.append("general.architecture", .string(Array(architecture.canonicalName.utf8)))
        for key in architecture.configuration {
            guard let value = try canonicalValue(of: key) else { continue }
            for name in key.canonical { metadata.append(prefix + name, value, offset: values[key.published]?.offset) }
        }
        for key in architecture.fixed { try check(key) }
        if let window = try slidingWindow(architecture.slidingWindow) {
            metadata.append(
                prefix + "attention.sliding_window", .fitting(window), offset: values["sliding_window"]?.offset)
        }
        let rotary = try RotaryParameters(self)
        rotary.append(to: &metadata, prefix: prefix)
        try refuseUnknownKeys(architecture)
        return rotary.frequencyFactors
    }

    private func canonicalValue(of key: ConfigurationKey) throws(ModelFileError) -> MetadataValue? {
        switch key.kind {
        case .integer: if let integer = try integer(key.published) { return .fitting(integer) }
        case .number: if let number = try number(key.published) { return .float32(Float(number)) }
        }
        switch key.whenAbsent {
        case .leftOut: return nil
        case .number(let number):
            return key.kind == .integer ? .fitting(Int(number)) : .float32(Float(number))
        case .refused:
            throw ModelFileError(
                file: file, subject: .key(key.published),
                problem: .missing(expected: key.kind == .integer ? "an integer" : "a number"))
        }
    }

    private func check(_ key: FixedConfigurationKey) throws(ModelFileError) {
        guard let value = value(key.name), !key.allows(value) else { return }
        throw error(key.name, expected: "\(key.shown) (nothing else is computed here)", found: value.shown)
    }

    /// How many channels a head has; nil where the numbers of heads make no sense, which is refused elsewhere.
    func headDimension() throws(ModelFileError) -> Int? {
        if let given = try integer("head_dim") { return given }
        if let key = architecture?.configuration.first(where: { $0.published == "head_dim" }),
            case .number(let number) = key.whenAbsent
        {
            return Int(number)
        }
        guard let heads = try integer("num_attention_heads"), let width = try integer("hidden_size"), heads > 0 else {
            return nil
        }
        return width / heads
    }

    /// The window of the layers that have one.
    private func slidingWindow(
        _ rule: HuggingFaceArchitecture.SlidingWindow
    ) throws(ModelFileError) -> Int? {
        guard rule != .never, let window = try integer("sliding_window") else { return nil }
        if rule == .whenGiven { return window }
        guard try bool("use_sliding_window") ?? false else { return nil }
        guard let types = value("layer_types") else { return window }
        for type in types.array ?? [types] where !["full_attention", "sliding_attention"].contains(type.string) {
            throw error(
                "layer_types", expected: "a list of 'full_attention' and 'sliding_attention'", found: type.shown)
        }
        return types.array?.contains { $0.string == "sliding_attention" } ?? false ? window : nil
    }

    /// A key that is not understood may change what has to be computed: it is refused, never skipped.
    private func refuseUnknownKeys(_ architecture: HuggingFaceArchitecture) throws(ModelFileError) {
        let known = Set(architecture.configuration.map(\.published) + architecture.fixed.map(\.name))
        for key in values.keys {
            guard let value = value(key), !known.contains(key), !Self.understoodKeys.contains(key) else { continue }
            if Self.harmlessKeys.contains(key) || Self.generationKeys.contains(key) { continue }
            if key == "quantization_config" {
                let method = value.object?["quant_method"]?.string ?? "unknown"
                throw unsupported(
                    key, found: "the quantization \(PrintableName.quoted(method))",
                    advice: "take the model's unquantized files; --quantize makes small weights of them")
            }
            throw error(key, expected: "only keys whose meaning is known", found: "one that may change the computation")
        }
    }
}

extension MetadataValue {
    /// An integer in the type that writers of GGUF use for it: uint32, or the next one that holds it.
    static func fitting(_ integer: Int) -> MetadataValue {
        if let value = UInt32(exactly: integer) { return .uint32(value) }
        return .int64(Int64(integer))
    }
}
