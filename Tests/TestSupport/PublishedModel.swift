/// A small Llama as a folder is published for transformers, in memory, whose parts tests replace to break it.
package struct PublishedModel: Sendable {
    package static let width = 32, inner = 64, heads = 2, keyValueHeads = 1, head = 16, layers = 1

    /// Values of `config.json` as JSON text, in place of the sound ones; nil leaves the key out.
    package var configuration: [String: String?] = [:]
    /// `tokenizer.json`; nil leaves the file out.
    package var tokenizer: String? = tokenizerOfBytes
    /// Shapes in place of the sound ones; nil leaves the tensor out.
    package var shapes: [String: [Int]?] = [:]
    package var values: [String: [Float]] = [:]
    /// Rows of the embedding.
    package var vocabularySize = 260
    /// Put before each tensor's name.
    package var prefix = ""
    /// Further files.
    package var files: [String: String] = [:]

    package init() {}

    package static let soundConfiguration: [(key: String, value: String)] = [
        ("architectures", "[\"LlamaForCausalLM\"]"), ("model_type", "\"llama\""), ("hidden_size", "\(width)"),
        ("intermediate_size", "\(inner)"), ("num_hidden_layers", "\(layers)"), ("num_attention_heads", "\(heads)"),
        ("num_key_value_heads", "\(keyValueHeads)"), ("max_position_embeddings", "64"), ("rms_norm_eps", "1e-05"),
        ("hidden_act", "\"silu\""), ("tie_word_embeddings", "true"), ("torch_dtype", "\"float32\""),
    ]

    /// 256 bytes, then `<s>`, `</s>`, `<|im_end|>`; no merges.
    package static let tokenizerOfBytes: String = {
        let letters = (0..<256).map { byte -> String in
            let isPrintable = (0x21...0x7E).contains(byte) || (0xA1...0xAC).contains(byte) || byte >= 0xAE
            let before = (0..<byte).count { !((0x21...0x7E).contains($0) || (0xA1...0xAC).contains($0) || $0 >= 0xAE) }
            let scalar = Unicode.Scalar(UInt32(isPrintable ? byte : 256 + before)) ?? " "
            return scalar == "\"" || scalar == "\\" ? "\\\(scalar)" : "\(scalar)"
        }
        let vocabulary = letters.enumerated().map { "\"\($1)\":\($0)" }.joined(separator: ",")
        let added = ["<s>", "</s>", "<|im_end|>"].enumerated().map {
            "{\"id\":\(256 + $0),\"content\":\"\($1)\",\"single_word\":false,\"lstrip\":false,\"rstrip\":false,"
                + "\"normalized\":false,\"special\":true}"
        }
        return """
            {"version":"1.0","truncation":null,"padding":null,"added_tokens":[\(added.joined(separator: ","))],
            "normalizer":null,"pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false,"use_regex":true},
            "post_processor":null,"decoder":{"type":"ByteLevel"},
            "model":{"type":"BPE","dropout":null,"unk_token":null,"fuse_unk":false,"byte_fallback":false,
            "vocab":{\(vocabulary)},"merges":[]}}
            """
    }()

    package var soundShapes: [(String, [Int])] {
        let layer = "model.layers.0."
        return [
            ("model.embed_tokens.weight", [vocabularySize, Self.width]), ("model.norm.weight", [Self.width]),
            (layer + "input_layernorm.weight", [Self.width]),
            (layer + "self_attn.q_proj.weight", [Self.heads * Self.head, Self.width]),
            (layer + "self_attn.k_proj.weight", [Self.keyValueHeads * Self.head, Self.width]),
            (layer + "self_attn.v_proj.weight", [Self.keyValueHeads * Self.head, Self.width]),
            (layer + "self_attn.o_proj.weight", [Self.width, Self.heads * Self.head]),
            (layer + "post_attention_layernorm.weight", [Self.width]),
            (layer + "mlp.gate_proj.weight", [Self.inner, Self.width]),
            (layer + "mlp.up_proj.weight", [Self.inner, Self.width]),
            (layer + "mlp.down_proj.weight", [Self.width, Self.inner]),
        ]
    }

    package var configurationText: String {
        var members: [String] = []
        for (key, value) in Self.soundConfiguration {
            if let value = configuration[key] ?? value { members.append("\"\(key)\": \(value)") }
        }
        for (key, value) in configuration.sorted(by: { $0.key < $1.key })
        where !Self.soundConfiguration.contains(where: { $0.key == key }) {
            if let value { members.append("\"\(key)\": \(value)") }
        }
        return "{" + members.joined(separator: ", ") + "}"
    }

    /// By name: the folder's files.
    package var contents: [String: [UInt8]] {
        var contents = files.mapValues { [UInt8]($0.utf8) }
        contents["config.json"] = contents["config.json"] ?? [UInt8](configurationText.utf8)
        if let tokenizer { contents["tokenizer.json"] = [UInt8](tokenizer.utf8) }
        if contents["model.safetensors.index.json"] == nil { contents["model.safetensors"] = weights() }
        return contents
    }

    /// A safetensors file of those tensors whose published names `isIncluded` takes.
    package func weights(where isIncluded: (String) -> Bool = { _ in true }) -> [UInt8] {
        var builder = SafeTensorsBuilder()
        builder.addComments("{\"format\":\"pt\"}")
        let added = shapes.sorted { $0.key < $1.key }.filter { entry in !soundShapes.contains { $0.0 == entry.key } }
        for (index, (name, shape)) in (soundShapes + added.map { ($0.key, $0.value ?? []) }).enumerated()
        where isIncluded(name) {
            guard let shape = shapes[name] ?? shape else { continue }
            let count = shape.reduce(1, *)
            let seed = UInt64(index + 1)
            builder.addTensor(
                prefix + name, shape: shape, values: values[name] ?? RandomValues.uniform(count: count, seed: seed))
        }
        return builder.build()
    }
}
