import Tensors

/// A model of any format as APR's metadata and tensors.
extension APRWriter {
    /// All of a file, as it lies there.
    ///
    /// - Throws: As for a draft.
    package init(_ model: any ModelFile) throws { try self.init(ModelDraft(copying: model)) }

    /// - Throws: `ModelFileError` where the model's metadata are not what they should be, `Problem` where it has no place in an
    ///   APR file (a tensor of a type that readers do not agree on).
    package init(_ draft: ModelDraft) throws {
        let name = try draft.metadata.requiredString("general.architecture")
        let architecture = HuggingFaceArchitecture.all.first { $0.canonicalName == name }
        let tensors = draft.tensors.map { tensor in
            Tensor(
                name: architecture?.tensorNames.published(of: tensor.name) ?? tensor.name,
                type: .plain(tensor.elementType), shape: tensor.shape
            ) { put in
                try tensor.write { bytes throws(ModelFileError) in
                    do { try put(bytes) } catch { throw ModelFileError(writing: tensor.name, error) }
                }
            }
        }
        try self.init(metadata: Self.metadata(of: draft, name, architecture), tensors: tensors)
    }

    private static func metadata(
        of draft: ModelDraft, _ name: String, _ architecture: HuggingFaceArchitecture?
    ) throws(ModelFileError) -> [UInt8] {
        let metadata = draft.metadata
        var writer = JSONWriter()
        writer.add("model_type", name)
        if let title = try metadata.string("general.name") { writer.add("name", title) }
        if let format = draft.originalFormat { writer.add("original_format", format) }
        writer.add("architecture", name)
        var written: Set<String> = []
        for key in APRKey.all {
            let canonical = "\(name).\(key.canonical[0])"
            written.formUnion(key.canonical.map { "\(name).\($0)" })
            if key.isInteger {
                if let value = try metadata.integer(canonical) { writer.add(key.names[0], value) }
            } else if let value = try metadata.finiteNumber(canonical) {
                writer.add(key.names[0], value)
            }
        }
        let pairing = try metadata.string("\(name).rope.pairing") ?? architecture?.canonicalPairing
        if let type = APRKey.pairings.first(where: { $0.canonical == pairing }) {
            writer.add("rope_type", type.number)
            written.insert("\(name).rope.pairing")
        }
        try addTokenizer(metadata, to: &writer)
        for key in metadata.keys
        where key.hasPrefix(name + ".") && !written.contains(key) || key.hasPrefix("tokenizer.realizar.") {
            try add(key, of: metadata, to: &writer)
        }
        return writer.finish()
    }

    private static func addTokenizer(_ metadata: Metadata, to writer: inout JSONWriter) throws(ModelFileError) {
        let ggml = "tokenizer.ggml.", apr = "tokenizer."
        if let model = try metadata.string(ggml + "model") { writer.add(apr + "model", model) }
        if let pre = try metadata.string(ggml + "pre") { writer.add(apr + "pre_type", pre) }
        if let tokens = try metadata.byteStrings(ggml + "tokens") { writer.add(apr + "vocabulary", strings: tokens) }
        if let types = try metadata.integers(ggml + "token_type") { writer.add(apr + "token_type", integers: types) }
        if let scores = try metadata.numbers(ggml + "scores") {
            writer.add(apr + "scores", numbers: scores.map { $0.isFinite ? $0 : 0 })
        }
        if let merges = try metadata.byteStrings(ggml + "merges") { writer.add(apr + "merges", strings: merges) }
        for role in ["bos", "eos", "unknown", "padding"] {
            let key = "\(role)_token_id"
            if let id = try metadata.integer(ggml + key) { writer.add(apr + key, id) }
        }
        for key in ["add_bos_token", "add_eos_token", "add_space_prefix"] {
            if let value = try metadata.bool(ggml + key) { writer.add(apr + key, value) }
        }
        if let template = try metadata.string("tokenizer.chat_template") { writer.add("chat_template", template) }
    }

    /// What APR has no key for, under its own name.
    private static func add(
        _ key: String, of metadata: Metadata, to writer: inout JSONWriter
    ) throws(ModelFileError) {
        guard let value = metadata[key] else { return }
        switch value {
        case .bool(let bool): writer.add(key, bool)
        case .string(let bytes): writer.add(key, string: bytes)
        case .array(let array) where array.elementType.isInteger:
            writer.add(key, integers: try metadata.integers(key) ?? [])
        case .array: return
        default:
            if let integer = value.integer {
                writer.add(key, integer)
            } else if let number = try metadata.finiteNumber(key) {
                writer.add(key, number)
            }
        }
    }
}

extension Metadata {
    /// - Throws: Also for NaN and infinities, which JSON does not have.
    fileprivate func finiteNumber(_ key: String) throws(ModelFileError) -> Double? {
        try number(key, in: -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude)
    }
}
