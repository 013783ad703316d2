extension APRMetadata {
    /// What GGUF would say of the model.
    ///
    /// - Parameter tensorNames: As the file has them.
    /// - Throws: For a value of a wrong type, one that contradicts another, or a computation that is not done here.
    func canonical(tensorNames: [String]) throws(ModelFileError) -> (Metadata, HuggingFaceArchitecture?) {
        if try string("format") == "entrenar-checkpoint" {
            throw ModelFileError(
                file: file, offset: values["format"]?.offset, subject: .key("format"),
                problem: .unsupported(
                    found: "a checkpoint of entrenar", advice: "its weights lie by columns; export the model first"))
        }
        var metadata = Metadata(file: file)
        let (name, architecture) = try architectureName()
        metadata.append("general.architecture", .string(Array(name.utf8)))
        if let title = try string("name") { metadata.append("general.name", .string(Array(title.utf8))) }
        for key in APRKey.all {
            let value: MetadataValue?
            if key.isInteger {
                value = try integer(key.names).map { .fitting($0) }
            } else {
                value = try number(key.names).map { .float32(Float($0)) }
            }
            guard let value, !(key.canonical[0].hasPrefix("expert") && value.integer == 0) else { continue }
            for canonical in key.canonical { metadata.append("\(name).\(canonical)", value) }
        }
        for key in APRKey.refused where values[key] != nil {
            throw error(key, expected: "none (it would change the computation)", found: values[key]?.shown ?? "")
        }
        if let activation = try string("hidden_act"), activation != "silu" {
            throw error("hidden_act", expected: "'silu'", found: PrintableName.quoted(activation))
        }
        if let pairing = try pairing(name, architecture, tensorNames) {
            metadata.append("\(name).rope.pairing", .string(Array(pairing.utf8)))
        }
        try appendTokenizer(to: &metadata, architecture: name)
        try appendCanonicalKeys(to: &metadata, architecture: name)
        return (metadata, architecture)
    }

    /// What APR has no key for may stand under GGUF's or ours.
    private func appendCanonicalKeys(to metadata: inout Metadata, architecture: String) throws(ModelFileError) {
        for (key, value) in values.members
        where key.hasPrefix(architecture + ".") || key.hasPrefix("tokenizer.realizar.") {
            guard let canonical = value.metadataValue else {
                throw error(key, expected: "a number, bool, string or a list of integers", found: value.kind)
            }
            if metadata[key] == nil { metadata.append(key, canonical, offset: value.offset) }
        }
    }

    /// `architecture`, else `model_type`: GGUF's name, a `model_type` or a class of transformers.
    private func architectureName() throws(ModelFileError) -> (String, HuggingFaceArchitecture?) {
        let stated: String
        if let architecture = try string("architecture") {
            stated = architecture
        } else if let type = try string("model_type") {
            stated = type
        } else {
            return ("unknown", nil)
        }
        let known = HuggingFaceArchitecture.all.first {
            $0.modelType == stated.lowercased() || $0.className == stated || $0.canonicalName == stated.lowercased()
        }
        return (known?.canonicalName ?? stated, known)
    }

    /// Which channels rotate together. Without `rope_type` it follows from where the weights came from, and where even that is
    /// not said, only for architectures whose weights nobody permutes.
    private func pairing(
        _ name: String, _ architecture: HuggingFaceArchitecture?, _ tensorNames: [String]
    ) throws(ModelFileError) -> String? {
        if let type = try integer(["rope_type"]) {
            guard let pairing = APRKey.pairings.first(where: { $0.number == type }) else {
                throw error("rope_type", expected: "0 (adjacent) or 2 (halves)", found: "\(type)")
            }
            return pairing.canonical
        }
        guard let architecture, name == "llama" else { return nil }
        let origin = try string("original_format")?.lowercased() ?? ""
        if origin.contains("gguf") { return "adjacent" }
        if origin.contains("safetensors") || origin.contains("huggingface") { return "halves" }
        let names = architecture.tensorNames
        // GGUF's names come with GGUF's permuted rows.
        if tensorNames.contains(where: { names.published(of: $0) != nil }) { return "adjacent" }
        guard tensorNames.contains(where: { names.canonical(of: $0)?.hasSuffix("attn_q.weight") ?? false }) else {
            return nil
        }
        throw ModelFileError(
            file: file, subject: .key("rope_type"),
            problem: .missing(expected: "0 (adjacent) or 2 (halves), as weights of both kinds have these names"))
    }

    // MARK: Tokenizer

    private func appendTokenizer(to metadata: inout Metadata, architecture: String) throws(ModelFileError) {
        for key in ["chat_template", "tokenizer.chat_template"] {
            if let template = try string(key) {
                metadata.append("tokenizer.chat_template", .string(Array(template.utf8)))
            }
        }
        guard let tokens else { return }
        let prefix = "tokenizer.ggml."
        let model = try tokenizerModel()
        metadata.append(prefix + "model", .string(Array(model.utf8)))
        if let pre = try string("tokenizer.pre_type") ?? impliedPreTokenizer(model, architecture) {
            metadata.append(prefix + "pre", .string(Array(pre.utf8)))
        }
        metadata.append(prefix + "tokens", .array(MetadataArray(strings: tokens)))
        metadata.append(
            prefix + "token_type", .array(MetadataArray(integers: tokenTypes ?? impliedTypes(tokens, model))))
        if let scores { metadata.append(prefix + "scores", .array(MetadataArray(numbers: scores))) }
        if let merges { metadata.append(prefix + "merges", .array(MetadataArray(strings: merges))) }
        for (role, short) in [("bos", "bos"), ("eos", "eos"), ("unk", "unknown"), ("pad", "padding")] {
            let keys = ["tokenizer.\(short)_token_id", "tokenizer.\(role)_token_id"]
            if let id = try integer(keys) ?? specialToken(role, in: tokens) {
                metadata.append("\(prefix)\(short)_token_id", .fitting(id))
            }
        }
        for key in ["add_bos_token", "add_eos_token", "add_space_prefix"] {
            if let value = try bool("tokenizer.\(key)") { metadata.append(prefix + key, .bool(value)) }
        }
    }

    private func tokenizerModel() throws(ModelFileError) -> String {
        var stated = try string("tokenizer.model")
        if stated == nil { stated = try string("tokenizer.model_type") }
        switch stated?.lowercased() {
        case "gpt2", "bpe": return "gpt2"
        case "llama", "spm", "sentencepiece": return "llama"
        case nil: return scores == nil && merges != nil ? "gpt2" : "llama"
        case let other?: return other
        }
    }

    /// Of architectures that have only one.
    private func impliedPreTokenizer(_ model: String, _ architecture: String) -> String? {
        model == "gpt2" && architecture.hasPrefix("qwen") ? "qwen2" : nil
    }

    /// Where no kinds are given: names in angle brackets with bars steer the model, and so do the special tokens.
    private func impliedTypes(_ tokens: ByteStrings, _ model: String) -> [Int] {
        let special = Set(["bos", "eos", "unk", "pad"].compactMap { specialToken($0, in: tokens) })
        return tokens.enumerated().map { id, text in
            let isName = text.starts(with: "<|".utf8) && text.reversed().starts(with: ">|".utf8)
            if isName || special.contains(id) { return PublishedVocabulary.Kind.control }
            let isByte = model == "llama" && PublishedVocabulary.isByteToken(text)
            return isByte ? PublishedVocabulary.Kind.byte : PublishedVocabulary.Kind.normal
        }
    }

    /// `special_tokens: {"bos_token": "<s>", …}`
    private func specialToken(_ role: String, in tokens: ByteStrings) -> Int? {
        guard let name = values["special_tokens"]?.object?["\(role)_token"]?.string else { return nil }
        return tokens.firstIndex { $0.elementsEqual(name.utf8) }
    }
}

extension JSONValue {
    /// Nil for what GGUF has no type for.
    fileprivate var metadataValue: MetadataValue? {
        switch content {
        case .bool(let bool): return .bool(bool)
        case .number(.integer(let integer)): return .fitting(integer)
        case .number(.double(let double)): return .float32(Float(double))
        case .string(let string): return .string(Array(string.utf8))
        case .array(let array):
            let integers = array.compactMap(\.integer)
            return integers.count == array.count ? .array(MetadataArray(integers: integers)) : nil
        case .null, .object: return nil
        }
    }
}
