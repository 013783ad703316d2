import Foundation
import ModelFiles
import Tensors
import TestSupport
import Testing

@Suite("Writing folders of safetensors")
struct HuggingFaceWriterTests {
    let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    @Test(arguments: [
        [:], ["rope_theta": "500000.0", "head_dim": "16", "rms_norm_eps": "1e-06", "eos_token_id": "[257, 258]"],
        ["rope_scaling": #"{"rope_type":"linear","factor":4.0}"#],
        [
            "rope_scaling":
                #"{"rope_type":"yarn","factor":4.0,"original_max_position_embeddings":16,"attention_factor":1.5,"beta_fast":24}"#
        ],
        [
            "rope_scaling": """
            {"rope_type":"llama3","factor":8,"low_freq_factor":1,"high_freq_factor":4,
            "original_max_position_embeddings":64}
            """
        ],
        ["model_type": #""mistral""#, "architectures": #"["MistralForCausalLM"]"#, "sliding_window": "48"],
    ])
    func `what a folder says is what the written one says`(configuration: [String: String]) throws {
        var model = PublishedModel()
        for (key, value) in configuration { model.configuration[key] = value }
        model.files["tokenizer_config.json"] =
            #"{"bos_token":"<s>","eos_token":"</s>","pad_token":"<|im_end|>","chat_template":"{{ \"é\" }}"}"#
        let source = try open(model)
        let written = try write(ModelDraft(copying: source))
        #expect(written.tokenizerProblem == nil)
        for key in source.metadata.keys where key != "general.name" {
            #expect(shown(written.metadata[key]) == shown(source.metadata[key]), "\(key)")
        }
        // Written out is also what the configuration left to defaults.
        let further = Set(written.metadata.keys).subtracting(source.metadata.keys)
        #expect(
            further.isSubset(of: [
                "llama.vocab_size", "llama.attention.key_length", "llama.attention.value_length",
                "tokenizer.realizar.end_token_ids",
            ]))
        try expectSameTensors(written, source)
    }

    @Test
    func `templates with names keep them`() throws {
        var model = PublishedModel()
        model.files["tokenizer_config.json"] =
            #"{"chat_template":[{"name":"default","template":"a"},{"name":"tool_use","template":"b"}]}"#
        let written = try write(ModelDraft(copying: try open(model)))
        #expect(try written.metadata.string("tokenizer.chat_template") == "a")
        #expect(try written.metadata.strings("tokenizer.chat_templates") == ["tool_use"])
        #expect(try written.metadata.string("tokenizer.chat_template.tool_use") == "b")
    }

    @Test(arguments: [1, 5000, 20_000, 1 << 30])
    func `shards hold what they may, and the index finds every tensor`(limit: Int) throws {
        let source = try open(PublishedModel())
        let writer = try HuggingFaceWriter(ModelDraft(copying: source), shardByteCount: limit)
        try writer.write(to: scratch.path("model"))
        let names = try FileManager.default.contentsOfDirectory(atPath: scratch.path("model")).sorted()
        let weights = names.filter { $0.hasSuffix(".safetensors") }
        let sizes = try names.map { try scratch.bytes("model/" + $0).count }
        #expect(sizes.reduce(0, +) == writer.byteCount)
        if limit == 1 << 30 {
            #expect(weights == ["model.safetensors"])
            #expect(!names.contains("model.safetensors.index.json"))
        } else {
            #expect(weights.first == "model-00001-of-0000\(weights.count).safetensors" || weights.count > 9)
            #expect(names.contains("model.safetensors.index.json"))
            if limit == 1 { #expect(weights.count == source.tensors.count) }
        }
        for name in weights {
            let tensors = try SafeTensorsFile(MappedFile(path: scratch.path("model/" + name))).tensors
            let size = tensors.reduce(0) { $0 + $1.byteRange.count }
            #expect(size <= limit || tensors.count == 1)
        }
        try expectSameTensors(try openModelFile(path: scratch.path("model")), source)
    }

    @Test
    func `numbers begin at multiples of their size, and the header says PyTorch`() throws {
        let values: [(String, ElementType, Int)] = [("a", .bfloat16, 3), ("b", .float32, 1), ("c", .float16, 1)]
        var draft = try ModelDraft(copying: open(PublishedModel()))
        draft.tensors += values.map { name, type, count in
            TensorDraft(
                name: "blk.1.attn_\(name == "a" ? "q" : name == "b" ? "k" : "v").weight", elementType: type,
                shape: Shape([count])
            ) {
                sink throws(ModelFileError) in
                let bytes = [UInt8](repeating: 1, count: count * type.blockFormat.bytesPerBlock)
                try sink(bytes.span.bytes)
            }
        }
        try HuggingFaceWriter(draft).write(to: scratch.path("model"))
        let file = try SafeTensorsFile(MappedFile(path: scratch.path("model/model.safetensors")))
        #expect(file.comments.map(\.key) == ["format"] && file.comments.map(\.value) == ["pt"])
        for tensor in file.tensors {
            #expect(tensor.byteRange.lowerBound.isMultiple(of: tensor.elementType.blockFormat.bytesPerBlock))
        }
    }

    // MARK: What is refused

    @Test(arguments: [
        ("llama.attention.logit_softcap", "a key that config.json has no word for"),
        ("llama.rope.scaling.type", "none, linear or yarn"), ("llama.expert_count", "mixtures of experts"),
        ("llama.rope.dimension_count", "all 16 channels of a head"), ("llama.attention.value_length", "16, as in"),
        ("llama.rope.pairing", "'halves'"), ("tokenizer.ggml.pre", "split otherwise than in training"),
        ("tokenizer.ggml.model", "writing a tokenizer of the kind"), ("general.architecture", "writing '3' as"),
    ])
    func `a value that has no place is named`(key: String, expected: String) throws {
        var draft = try ModelDraft(copying: open(PublishedModel()))
        draft.metadata.set("llama.attention.key_length", .uint32(16))
        let isText = ["pre", "model", "type", "pairing", "architecture"].contains { key.hasSuffix($0) }
        draft.metadata.set(key, isText ? .string(Array("3".utf8)) : .uint32(3))
        let error = #expect(throws: ModelFileError.self) { _ = try HuggingFaceWriter(draft) }
        #expect(error?.description.contains(expected) == true, "\(String(describing: error))")
        #expect(error?.subject == .key(key))
    }

    @Test
    func `a window whose layers the file does not tell is refused where it is felt`() throws {
        var model = PublishedModel()
        model.configuration["model_type"] = #""qwen3""#
        model.configuration["architectures"] = #"["Qwen3ForCausalLM"]"#
        model.configuration["head_dim"] = "16"
        for norm in ["q_norm", "k_norm"] { model.shapes["model.layers.0.self_attn.\(norm).weight"] = [16] }
        var draft = try ModelDraft(copying: open(model))
        draft.metadata.set("qwen3.attention.sliding_window", .uint32(64))
        _ = try HuggingFaceWriter(draft)  // as long as the context
        draft.metadata.set("qwen3.attention.sliding_window", .uint32(63))
        let error = #expect(throws: ModelFileError.self) { _ = try HuggingFaceWriter(draft) }
        #expect(error?.subject == .key("qwen3.attention.sliding_window"))
    }

    @Test(arguments: [
        ("blk.0.ffn_gate.bias", "a tensor that LlamaForCausalLM does not have"),
        ("blk.0.attn_q.bias", "biases of attn_q in LlamaForCausalLM"),
        ("rope_freqs.weight", "a table of factors that no known parameters give"),
    ])
    func `a tensor that transformers would not have is named`(name: String, expected: String) throws {
        var draft = try ModelDraft(copying: open(PublishedModel()))
        draft.tensors.append(
            TensorDraft(name: name, elementType: .float32, shape: Shape([8])) { sink throws(ModelFileError) in
                let values = (0..<8).map { Float($0) + 1 }
                try sink(values.span.bytes)
            })
        let error = #expect(throws: ModelFileError.self) { _ = try HuggingFaceWriter(draft) }
        #expect(error?.description.contains(expected) == true, "\(String(describing: error))")
    }

    @Test
    func `factors without parameters are told apart by what gives them`() throws {
        var model = PublishedModel()
        model.configuration["rope_scaling"] =
            #"{"rope_type":"llama3","factor":32,"low_freq_factor":1,"high_freq_factor":4,"#
            + #""original_max_position_embeddings":8192}"#
        let source = try open(model)
        var draft = ModelDraft(copying: source)
        for key in source.metadata.keys where key.contains(".llama3.") { draft.metadata.remove(key) }
        let written = try write(draft)
        #expect(try written.metadata.number("llama.rope.llama3.factor") == 32)
        let (one, other) = (
            try #require(source.entry(named: "rope_freqs.weight")),
            try #require(written.entry(named: "rope_freqs.weight"))
        )
        #expect(written.view(of: other).bytes.elementsEqual(source.view(of: one).bytes))
        draft.metadata.set("llama.rope.freq_base", .float32(20_000))
        #expect(throws: ModelFileError.self) { _ = try HuggingFaceWriter(draft) }
    }

    @Test
    func `tokens that JSON cannot hold, or holds once, are refused`() throws {
        let source = try open(PublishedModel())
        let tokens = try source.metadata.requiredByteStrings("tokenizer.ggml.tokens")
        for (text, expected) in [([0xFF] as [UInt8], "expected UTF-8 texts"), (Array("a".utf8), "under two ids")] {
            var draft = ModelDraft(copying: source)
            var changed = ByteStrings(tokens.dropLast())
            changed.append(text)
            draft.metadata.set("tokenizer.ggml.tokens", .array(MetadataArray(strings: changed)))
            let error = #expect(throws: ModelFileError.self) { _ = try HuggingFaceWriter(draft) }
            #expect(error?.description.contains(expected) == true, "\(String(describing: error))")
        }
    }

    // MARK: Support

    private func open(_ model: PublishedModel) throws -> HuggingFaceModel {
        try HuggingFaceModel(ModelFolder(contents: model.contents, path: "memory"))
    }

    private func write(_ draft: ModelDraft) throws -> any ModelFile {
        let path = scratch.path("\(UInt32.random(in: 0...UInt32.max))")
        try HuggingFaceWriter(draft).write(to: path)
        return try openModelFile(path: path)
    }

    private func expectSameTensors(_ model: any ModelFile, _ other: any ModelFile) throws {
        #expect(Set(model.tensors.map(\.name)) == Set(other.tensors.map(\.name)))
        for entry in other.tensors {
            let found = try #require(model.entry(named: entry.name))
            #expect(found.elementType == entry.elementType && found.shape == entry.shape)
            #expect(model.view(of: found).bytes.elementsEqual(other.view(of: entry).bytes), "\(entry.name)")
        }
    }

    /// Values without the place where they lie.
    private func shown(_ value: MetadataValue?) -> String {
        guard case .array(let array)? = value else { return "\(String(describing: value))" }
        return "\((try? array.values()) ?? [])"
    }
}
