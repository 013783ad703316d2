import Tensors

/// `config.json` of a model whose metadata are in GGUF's words: the table of its architecture, read backwards.
struct ConfigurationExport {
    let architecture: HuggingFaceArchitecture
    let contextLength: Int
    private let values: [(name: String, value: Value)]
    private let window: Int?
    private let rotary: RotaryExport
    private let hasAttentionBias: Bool
    private let tiesEmbeddings: Bool
    private let elementType: ElementType

    private enum Value {
        case integer(Int)
        case number(Double)
    }

    /// - Parameters:
    ///   - tensors: Under GGUF's names.
    ///   - factors: Of `rope_freqs.weight`, which is not among the tensors.
    /// - Throws: `.unsupported` naming the architecture, key or tensor that transformers has no word for.
    init(
        _ metadata: Metadata, tensors: [TensorDraft], factors: [Float]?
    ) throws(ModelFileError) {
        let name = try metadata.requiredString("general.architecture")
        var keys = ArchitectureKeys(metadata, architecture: name)
        let contextLength = try keys.integer("context_length", in: 1...1 << 32) ?? 0
        self.contextLength = contextLength
        window = try Self.window(&keys, contextLength: contextLength)
        architecture = try Self.architecture(name, hasWindow: window != nil, metadata)
        let embedding = tensors.first { $0.name == "token_embd.weight" }
        guard let rows = embedding?.shape.dimensions.first else {
            throw ModelFileError(
                file: metadata.file, subject: .tensor("token_embd.weight"), problem: .missing(expected: "it"))
        }
        let heads = try Heads(&keys)
        values = try Self.values(architecture.configuration, &keys, heads, vocabularySize: rows)
        rotary = try RotaryExport(
            &keys, headDimension: heads.dimension, contextLength: contextLength, factors: factors)
        keys.drop("tensor_data_layout")
        for count in ["expert_count", "expert_used_count"] where try keys.integer(count) ?? 0 != 0 {
            throw keys.error(count, expected: "0 (mixtures of experts are not written)", found: "experts")
        }
        try keys.refuseRest()
        hasAttentionBias = try Self.hasAttentionBias(architecture, tensors, metadata)
        tiesEmbeddings = !tensors.contains { $0.name == "output.weight" }
        elementType = Self.commonType(tensors)
    }

    /// - Parameter tokens: Special tokens, as `generation_config.json` has them too.
    func json(_ tokens: SpecialTokenIDs) -> [UInt8] {
        var writer = JSONWriter(.indented)
        writer.add("architectures", strings: ByteStrings([architecture.className.utf8]))
        writer.add("model_type", architecture.modelType)
        for (name, value) in values {
            switch value {
            case .integer(let integer): writer.add(name, integer)
            case .number(let number): writer.add(name, number)
            }
        }
        writer.add("hidden_act", "silu")
        if architecture.attentionBias == .allWhenAsked { writer.add("attention_bias", hasAttentionBias) }
        if let window { writer.add("sliding_window", window) } else { writer.addNull("sliding_window") }
        rotary.add(to: &writer)
        writer.add("tie_word_embeddings", tiesEmbeddings)
        tokens.add(to: &writer)
        // The older spelling, which newer versions read as well.
        writer.add("torch_dtype", elementType.torchName)
        return writer.finish()
    }

    // MARK: Parts

    /// Channels and counts of heads, of which files may leave out what follows from the width.
    private struct Heads {
        let count: Int
        let dimension: Int

        init(_ keys: inout ArchitectureKeys) throws(ModelFileError) {
            guard let count = try keys.integer("attention.head_count", in: 1...1 << 16),
                let width = try keys.integer("embedding_length", in: 1...1 << 32)
            else { throw keys.missing("attention.head_count", expected: "it, and embedding_length") }
            self.count = count
            dimension = try keys.integer("attention.key_length", in: 1...1 << 16) ?? width / count
        }
    }

    private static func values(
        _ table: [ConfigurationKey], _ keys: inout ArchitectureKeys, _ heads: Heads, vocabularySize: Int
    ) throws(ModelFileError) -> [(name: String, value: Value)] {
        let derived = [
            "head_dim": heads.dimension, "num_key_value_heads": heads.count, "vocab_size": vocabularySize,
        ]
        var values: [(name: String, value: Value)] = []
        for key in table {
            if key.kind == .number {
                guard let number = try keys.number(key.canonical[0]) else {
                    throw keys.missing(key.canonical[0], expected: "a number")
                }
                values.append((key.published, .number(number)))
                continue
            }
            var found: Int?
            for name in key.canonical {
                guard let integer = try keys.integer(name) else { continue }
                guard found == nil || found == integer else {
                    throw keys.error(name, expected: "\(found ?? 0), as in \(key.canonical[0])", found: "\(integer)")
                }
                found = integer
            }
            // A vocabulary's count in metadata may leave out rows that fill up the embedding.
            if key.published == "vocab_size" { found = vocabularySize }
            guard let integer = found ?? derived[key.published] else {
                throw keys.missing(key.canonical[0], expected: "an integer")
            }
            values.append((key.published, .integer(integer)))
        }
        return values
    }

    /// The window, where it is shorter than the context and so changes what is computed.
    private static func window(
        _ keys: inout ArchitectureKeys, contextLength: Int
    ) throws(ModelFileError) -> Int? {
        let window = try keys.integer("attention.sliding_window") ?? 0
        return window > 0 && window < contextLength ? window : nil
    }

    /// Of several classes that compute the same, the one that has a window where there is one, and not otherwise.
    private static func architecture(
        _ name: String, hasWindow: Bool, _ metadata: Metadata
    ) throws(ModelFileError) -> HuggingFaceArchitecture {
        let known = HuggingFaceArchitecture.all.filter { $0.canonicalName == name }
        if known.isEmpty {
            throw metadata.error(
                "general.architecture",
                .unsupported(
                    found: "writing \(PrintableName.quoted(name)) as safetensors",
                    advice: "those written are "
                        + Set(HuggingFaceArchitecture.all.map(\.canonicalName)).sorted().joined(separator: ", ")))
        }
        if let found = known.first(where: {
            hasWindow ? $0.slidingWindow == .whenGiven : $0.slidingWindow != .whenGiven
        }) {
            return found
        }
        throw metadata.error(
            "\(name).attention.sliding_window",
            .unsupported(
                found: "a window shorter than the context", advice: "which layers have it, the file does not say"))
    }

    /// - Throws: `.unsupported` for biases that the class of transformers does not have, or has beside others.
    private static func hasAttentionBias(
        _ architecture: HuggingFaceArchitecture, _ tensors: [TensorDraft], _ metadata: Metadata
    ) throws(ModelFileError) -> Bool {
        let all: Set<Substring> = ["attn_q", "attn_k", "attn_v", "attn_output"]
        let found = Set(
            tensors.compactMap { tensor -> Substring? in
                let parts = tensor.name.split(separator: ".")
                return parts.last == "bias" ? parts.dropLast().last : nil
            }
        ).intersection(all)
        let allowed: [Set<Substring>] =
            switch architecture.attentionBias {
            case .none: [[]]
            case .inputs: [all.subtracting(["attn_output"])]
            case .allWhenAsked: [[], all]
            }
        guard allowed.contains(found) else {
            let names = found.sorted().joined(separator: ", ")
            throw metadata.error(
                "general.architecture",
                .unsupported(
                    found: "biases of \(names.isEmpty ? "nothing" : names) in \(architecture.className)",
                    advice: "its class in transformers has others"))
        }
        return found == all
    }

    /// What transformers is to compute in: the type that all tensors have, else the one that holds all of them.
    private static func commonType(_ tensors: [TensorDraft]) -> ElementType {
        let types = Set(tensors.map(\.elementType))
        return types.count == 1 && [.float16, .bfloat16].contains(types.first) ? types.first ?? .float32 : .float32
    }
}

extension ElementType {
    fileprivate var torchName: String {
        switch self {
        case .float16: "float16"
        case .bfloat16: "bfloat16"
        default: "float32"
        }
    }
}

/// Ids of the tokens that steer generation.
struct SpecialTokenIDs {
    var begin: Int?
    var end: Int?
    var padding: Int?
    /// All that end an answer, ascending, `end` among them.
    var ends: [Int] = []

    func add(to writer: inout JSONWriter) {
        if let begin { writer.add("bos_token_id", begin) }
        if ends.count == 1 { writer.add("eos_token_id", ends[0]) }
        // The one that ends a text comes first, where readers that want one look.
        if ends.count > 1 {
            let first = end.map { [$0] } ?? []
            writer.add("eos_token_id", integers: first + ends.filter { $0 != end })
        }
        if let padding { writer.add("pad_token_id", padding) }
    }

    /// `generation_config.json`
    var generationConfiguration: [UInt8] {
        var writer = JSONWriter(.indented)
        add(to: &writer)
        return writer.finish()
    }
}
