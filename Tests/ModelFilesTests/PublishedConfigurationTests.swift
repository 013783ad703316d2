import ModelFiles
import Tensors
import TestSupport
import Testing

@Suite("config.json of published models")
struct PublishedConfigurationTests {
    static func open(_ model: PublishedModel) throws -> HuggingFaceModel {
        try HuggingFaceModel(ModelFolder(contents: model.contents, path: "m"))
    }

    static func open(_ configuration: [String: String?]) throws -> HuggingFaceModel {
        var model = PublishedModel()
        model.configuration = configuration
        return try open(model)
    }

    @Test func `hyper-parameters get the names that GGUF has for them`() throws {
        let metadata = try Self.open(["head_dim": "16", "vocab_size": "260", "rope_theta": "500000.0"]).metadata
        #expect(try metadata.string("general.architecture") == "llama")
        #expect(try metadata.string("general.name") == "m")
        let integers = [
            "block_count": 1, "embedding_length": 32, "feed_forward_length": 64, "attention.head_count": 2,
            "attention.head_count_kv": 1, "context_length": 64, "attention.key_length": 16,
            "attention.value_length": 16,
            "rope.dimension_count": 16, "vocab_size": 260,
        ]
        for (key, value) in integers { #expect(try metadata.integer("llama." + key) == value, "\(key)") }
        #expect(try metadata.number("llama.rope.freq_base") == 500_000)
        #expect(try metadata.number("llama.attention.layer_norm_rms_epsilon") == Double(Float(1e-5)))
        #expect(try metadata.string("llama.rope.pairing") == "halves")
        #expect(metadata["llama.rope.scaling.type"] == nil && metadata["llama.attention.sliding_window"] == nil)
    }

    @Test func `tensors get the names that GGUF has for them and stay where they lie`() throws {
        let model = try Self.open([:])
        #expect(
            model.tensors.map(\.name) == [
                "token_embd.weight", "output_norm.weight", "blk.0.attn_norm.weight", "blk.0.attn_q.weight",
                "blk.0.attn_k.weight", "blk.0.attn_v.weight", "blk.0.attn_output.weight", "blk.0.ffn_norm.weight",
                "blk.0.ffn_gate.weight", "blk.0.ffn_up.weight", "blk.0.ffn_down.weight",
            ])
        let entry = try #require(model.entry(named: "output_norm.weight"))
        let first = model.view(of: entry).bytes.loadUnaligned(fromByteOffset: 0, as: Float.self)
        #expect(first == RandomValues.uniform(count: 1, seed: 2)[0])
    }

    @Test(arguments: HuggingFaceArchitecture.all.map(\.modelType))
    func `names of tensors translate both ways`(_ type: String) throws {
        let names = try #require(HuggingFaceArchitecture.named(type)).tensorNames
        #expect(names.rows.count >= 16)
        for row in names.rows {
            let canonical = row.canonical.replacing("{}", with: "17")
            let published = row.published.replacing("{}", with: "17")
            #expect(names.canonical(of: published) == canonical && names.published(of: canonical) == published)
        }
        for stranger in [
            "model.layers.007.mlp.up_proj.weight", "model.layers.x.mlp.up_proj.weight",
            "model.layers.{}.mlp.up_proj.weight",
            "model.layers.-1.mlp.up_proj.weight", "lm_head.weight.0", "", "model.layers.99999999.mlp.up_proj.weight",
        ] { #expect(names.canonical(of: stranger) == nil, "\(stranger)") }
    }

    // MARK: Rotation

    @Test func `both spellings of rotation say the same`() throws {
        for configuration in [
            ["rope_theta": "1e6", "rope_scaling": #"{"type":"linear","factor":4}"#],
            ["rope_parameters": #"{"rope_theta":1000000,"rope_type":"linear","factor":4.0}"#],
            [
                "rope_theta": "1e6",
                "rope_parameters": #"{"rope_type":"linear","factor":4.0,"partial_rotary_factor":1.0}"#,
            ],
        ] {
            let metadata = try Self.open(configuration).metadata
            #expect(try metadata.number("llama.rope.freq_base") == 1e6)
            #expect(try metadata.string("llama.rope.scaling.type") == "linear")
            #expect(try metadata.number("llama.rope.scaling.factor") == 4)
        }
        #expect(try Self.open(["rope_scaling": "null"]).metadata["llama.rope.scaling.type"] == nil)
        #expect(
            try Self.open(["rope_parameters": #"{"rope_type":"default"}"#]).metadata["llama.rope.scaling.type"] == nil)
    }

    @Test func `llama3's rotation becomes factors per frequency`() throws {
        let model = try Self.open([
            "rope_parameters": """
            {"rope_type":"llama3","rope_theta":10000,"factor":8,"low_freq_factor":1,"high_freq_factor":4,
            "original_max_position_embeddings":512}
            """
        ])
        let entry = try #require(model.entry(named: "rope_freqs.weight"))
        #expect(entry.shape == Shape([8]) && entry.elementType == .float32)
        let bytes = model.view(of: entry).bytes
        let factors = (0..<8).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
        // Wave lengths 2π · 10000^(i/8): 6, 20, 63, 199, 628 …; below 512/4 = 128 nothing changes, above 512 all does.
        #expect(factors[..<3] == [1, 1, 1] && factors[4...] == [8, 8, 8, 8])
        let share = (512 / (2 * Float.pi * pow10000(3.0 / 8)) - 1) / 3
        #expect(abs(factors[3] - 1 / ((1 - share) / 8 + share)) < 1e-5)
        #expect(try model.metadata.number("llama.rope.llama3.high_freq_factor") == 4)
    }

    private func pow10000(_ exponent: Float) -> Float {
        // 10000^(3/8) = 10^1.5
        exponent == 0.375 ? 31.622776 : .nan
    }

    @Test func `yarn keeps its parameters, with the attention factor beside the method's own`() throws {
        let metadata = try Self.open([
            "rope_scaling": """
            {"type":"yarn","factor":4.0,"original_max_position_embeddings":16,"attention_factor":1.0,"beta_fast":24,
            "beta_slow":2,"truncate":true}
            """
        ]).metadata
        #expect(try metadata.string("llama.rope.scaling.type") == "yarn")
        #expect(try metadata.number("llama.rope.scaling.factor") == 4)
        #expect(try metadata.integer("llama.rope.scaling.original_context_length") == 16)
        #expect(try metadata.number("llama.rope.scaling.yarn_beta_fast") == 24)
        #expect(try metadata.number("llama.rope.scaling.yarn_beta_slow") == 2)
        let attention = try #require(try metadata.number("llama.rope.scaling.attn_factor"))
        #expect(abs(attention * (1 + 0.1 * 1.3862943611) - 1) < 1e-6)  // ln 4
    }

    // MARK: Windows, ties, parts

    static let windows: [(type: String, [String: String], window: Int?)] = [
        ("mistral", ["sliding_window": "48"], 48), ("mistral", ["sliding_window": "null"], nil), ("mistral", [:], nil),
        ("qwen2", ["sliding_window": "48", "use_sliding_window": "false"], nil),
        ("qwen2", ["sliding_window": "48"], nil),
        ("qwen2", ["sliding_window": "48", "use_sliding_window": "true"], 48),
        (
            "qwen2", ["sliding_window": "48", "use_sliding_window": "true", "layer_types": #"["full_attention"]"#], nil
        ),
        (
            "qwen3", ["sliding_window": "48", "use_sliding_window": "true", "layer_types": #"["sliding_attention"]"#],
            48
        ),
    ]

    @Test(arguments: windows.indices)
    func `a sliding window counts where the architecture's rule says so`(_ index: Int) throws {
        let (type, keys, window) = Self.windows[index]
        var configuration: [String: String?] = keys.mapValues { $0 }
        configuration["model_type"] = "\"\(type)\""
        configuration["architectures"] = .some(nil)
        let metadata = try Self.open(configuration).metadata
        let name = type == "mistral" ? "llama" : type
        #expect(try metadata.integer("\(name).attention.sliding_window") == window)
    }

    @Test func `a tied output may be there as a copy, and an untied one has to be there`() throws {
        let table = RandomValues.uniform(count: 260 * 32, seed: 1)
        var model = PublishedModel()
        model.shapes["lm_head.weight"] = [260, 32]
        model.values["lm_head.weight"] = table
        #expect(try Self.open(model).entry(named: "output.weight") == nil)
        model.configuration["tie_word_embeddings"] = "false"
        #expect(try Self.open(model).entry(named: "output.weight") != nil)
        model.shapes["lm_head.weight"] = .some(nil)
        expectError(
            "m/model.safetensors: tensor 'lm_head.weight': expected it, as tie_word_embeddings is not true, found none"
        ) { try Self.open(model) }
        var other = PublishedModel()
        other.shapes["lm_head.weight"] = [260, 32]
        expectErrorEnding(
            "key 'tie_word_embeddings': expected an lm_head.weight that equals model.embed_tokens.weight, found another one"
        ) { try Self.open(other) }
    }

    @Test func `the language model of a larger one is read, the other parts are left`() throws {
        var model = PublishedModel()
        model.files["config.json"] = """
            {"model_type":"mistral3","architectures":["Mistral3ForConditionalGeneration"],"vision_config":{"depth":3},
            "tie_word_embeddings":true,"text_config":\(model.configurationText
                .replacing("\"tie_word_embeddings\": true, ", with: "")
                .replacing("\"llama\"", with: "\"mistral\""))}
            """
        model.prefix = "language_model."
        let found = try Self.open(model)
        #expect(try found.metadata.string("general.architecture") == "llama")
        #expect(found.entry(named: "blk.0.ffn_up.weight") != nil)
        model.prefix = ""
        model.shapes["vision_tower.patch.weight"] = [3]
        #expect(try Self.open(model).tensors.count == 11)
    }

    @Test func `an unknown architecture can be looked at and is named`() throws {
        let model = try Self.open(["model_type": "\"gemma9\"", "architectures": "[\"Gemma9ForCausalLM\"]"])
        #expect(try model.metadata.string("general.architecture") == "gemma9")
        #expect(model.entry(named: "model.norm.weight") != nil)
    }

    @Test func `keys that say nothing about the logits are left`() throws {
        #expect(throws: Never.self) {
            try Self.open([
                "transformers.js_config": #"{"dtype":"q4"}"#, "is_llama_config": "true", "rope_interleaved": "false",
                "pretraining_tp": "1", "unknown": "null", "temperature": "0.6", "_name_or_path": "\"x\"",
            ])
        }
    }

    // MARK: Refusals

    static let refused: [(keys: [String: String?], error: String)] = [
        (["num_hidden_layers": nil], "m/config.json: key 'num_hidden_layers': expected an integer, found none"),
        (["num_hidden_layers": "1.5"], "key 'num_hidden_layers': expected an integer, found a number"),
        (["hidden_size": "\"32\""], "key 'hidden_size': expected an integer, found a string"),
        (
            ["hidden_act": "\"gelu\""],
            "key 'hidden_act': expected 'silu' or 'swish' (nothing else is computed here), found 'gelu'"
        ),
        (
            ["rope_interleaved": "true"],
            "key 'rope_interleaved': expected false (nothing else is computed here), found true"
        ),
        (["mlp_bias": "true"], "key 'mlp_bias': expected false (nothing else is computed here), found true"),
        (
            ["architectures": "[\"LlamaForSequenceClassification\"]"],
            "key 'architectures': expected 'LlamaForCausalLM', found 'LlamaForSequenceClassification'"
        ),
        (
            ["logit_scale": "0.5"],
            "key 'logit_scale': expected only keys whose meaning is known, found one that may change the computation"
        ),
        (
            ["quantization_config": #"{"quant_method":"gptq","bits":4}"#],
            "key 'quantization_config': the quantization 'gptq' is not supported: take the model's unquantized files; "
                + "--quantize makes small weights of them"
        ),
        (
            ["rope_scaling": #"{"type":"dynamic","factor":2}"#],
            "key 'rope_scaling': the rotary scaling 'dynamic' is not supported: the types computed here are default, linear, "
                + "llama3, yarn"
        ),
        (["rope_scaling": #"{"type":"linear"}"#], "key 'rope_scaling.factor': expected a number, found none"),
        (
            ["rope_scaling": #"{"type":"linear","factor":-2}"#],
            "key 'rope_scaling.factor': expected a number above 0, found -2.0"
        ),
        (
            ["rope_scaling": #"{"type":"linear","factor":2,"mrope_section":[1]}"#],
            "key 'rope_scaling.mrope_section': expected only parameters of the type linear, found one more"
        ),
        (
            ["rope_scaling": #"{"type":"yarn","factor":2,"truncate":false}"#],
            "key 'rope_scaling.truncate': expected true (bounds that are not whole are not computed), found false"
        ),
        (
            [
                "rope_scaling": #"{"type":"linear","factor":2}"#,
                "rope_parameters": #"{"rope_type":"linear","factor":2}"#,
            ], "key 'rope_scaling': expected none beside rope_parameters, found both"
        ),
        (["model_type": nil], "m/config.json: key 'model_type': expected the architecture's name, found none"),
        (["model_type": "3"], "key 'model_type': expected a string, found an integer"),
        (["eos_token_id": "\"</s>\""], "no error"),
    ]

    @Test(arguments: refused.indices)
    func `what is not understood is refused by name`(_ index: Int) throws {
        let (keys, error) = Self.refused[index]
        if error == "no error" {
            // The tokenizer's words are its own: the model can still be looked at.
            let model = try Self.open(keys)
            #expect(
                model.tokenizerProblem?.description.hasSuffix("expected a token id or a list of them, found a string")
                    == true)
        } else {
            expectErrorEnding(error) { try Self.open(keys) }
        }
    }

    @Test func `a tensor that the architecture does not have is refused`() {
        var model = PublishedModel()
        model.shapes["model.layers.0.mlp.gate.weight"] = [4, 32]
        expectErrorEnding(
            "tensor 'model.layers.0.mlp.gate.weight': a tensor that LlamaForCausalLM does not have is not supported: running "
                + "without it would give wrong answers"
        ) { try Self.open(model) }
        model = PublishedModel()
        model.shapes["model.layers.0.self_attn.rotary_emb.inv_freq"] = [8]
        #expect(throws: Never.self) { try Self.open(model) }
    }

    @Test(arguments: 0..<8)
    func `mutated configurations open or throw`(_ seed: Int) {
        var model = PublishedModel()
        model.configuration["rope_scaling"] =
            #"{"rope_type":"llama3","factor":8,"low_freq_factor":1,"high_freq_factor":4}"#
        let sound = model.contents
        var mutator = JSONMutator(sound["config.json"] ?? [], seed: UInt64(seed))
        var openedCount = 0
        for _ in 0..<500 {
            var contents = sound
            contents["config.json"] = mutator.next()
            if (try? HuggingFaceModel(ModelFolder(contents: contents, path: "m"))) != nil { openedCount += 1 }
        }
        #expect((25...475).contains(openedCount), "\(openedCount)")
    }
}
