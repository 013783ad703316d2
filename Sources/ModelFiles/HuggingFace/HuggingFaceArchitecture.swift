/// How one `model_type` of published models is read: what its configuration and its tensors are called in GGUF.
///
/// A new one is a file in Architectures/ and a row of `all`.
package struct HuggingFaceArchitecture: Sendable {
    /// `model_type` of `config.json`.
    package let modelType: String
    /// The class that `architectures` of `config.json` names.
    package let className: String
    /// `general.architecture`.
    package let canonicalName: String
    /// Which channels form a pair in GGUF files of the architecture: `adjacent` where converters permute the rows of queries and
    /// keys. In published weights it is always `halves`.
    package let canonicalPairing: String
    package let configuration: [ConfigurationKey]
    package let fixed: [FixedConfigurationKey]
    package let tensorNames: TensorNames
    package let slidingWindow: SlidingWindow
    /// `tie_word_embeddings` of a file that does not say.
    package let tiesEmbeddings: Bool
    package let attentionBias: AttentionBias

    /// When `sliding_window` is more than a number that nobody looks at.
    package enum SlidingWindow: Sendable, Equatable {
        /// The architecture has none.
        case never
        /// Where it is a number.
        case whenGiven
        /// Where `use_sliding_window` says so; `layer_types` may say for each layer.
        case whenSwitchedOn
    }

    /// Which projections of attention have a bias in transformers' class.
    package enum AttentionBias: Sendable, Equatable {
        case none
        /// Queries, keys and values have one, always.
        case inputs
        /// `attention_bias` says whether all four have one.
        case allWhenAsked
    }

    package static let all: [HuggingFaceArchitecture] = [.llama, .mistral, .qwen2, .qwen3]

    package static func named(_ modelType: String) -> HuggingFaceArchitecture? {
        all.first { $0.modelType == modelType }
    }
}

extension HuggingFaceArchitecture {
    /// Of decoders of the Llama kind.
    static func configuration(
        keyValueHeads: ConfigurationKey.Absence, headDimension: ConfigurationKey.Absence = .leftOut
    ) -> [ConfigurationKey] {
        [
            ConfigurationKey("num_hidden_layers", "block_count"),
            ConfigurationKey("max_position_embeddings", "context_length"),
            ConfigurationKey("hidden_size", "embedding_length"),
            ConfigurationKey("intermediate_size", "feed_forward_length"),
            ConfigurationKey("num_attention_heads", "attention.head_count"),
            ConfigurationKey("num_key_value_heads", "attention.head_count_kv", whenAbsent: keyValueHeads),
            ConfigurationKey(
                "head_dim", "attention.key_length", "attention.value_length", whenAbsent: headDimension),
            ConfigurationKey(
                "rms_norm_eps", "attention.layer_norm_rms_epsilon", kind: .number, whenAbsent: .number(1e-6)),
            ConfigurationKey("vocab_size", "vocab_size", whenAbsent: .leftOut),  // the embedding has so many rows
        ]
    }

    /// Of decoders of the Llama kind: gated networks with SiLU, and none of the switches for something else.
    static let gatedSiLU = [
        FixedConfigurationKey("hidden_act", .string("silu"), .string("swish")),
        FixedConfigurationKey("mlp_bias", .bool(false)),
        FixedConfigurationKey("rope_interleaved", .bool(false)),
        FixedConfigurationKey("use_mrope", .bool(false)),
        FixedConfigurationKey("use_qk_norm", .bool(false)),
        FixedConfigurationKey("is_encoder_decoder", .bool(false)),
        FixedConfigurationKey("add_cross_attention", .bool(false)),
    ]

    /// Of decoders of the Llama kind, without what only some have.
    static let tensorRows: [TensorNames.Row] = [
        ("token_embd.weight", "model.embed_tokens.weight"),
        ("output_norm.weight", "model.norm.weight"),
        ("output.weight", "lm_head.weight"),
        ("blk.{}.attn_norm.weight", "model.layers.{}.input_layernorm.weight"),
        ("blk.{}.attn_q.weight", "model.layers.{}.self_attn.q_proj.weight"),
        ("blk.{}.attn_q.bias", "model.layers.{}.self_attn.q_proj.bias"),
        ("blk.{}.attn_k.weight", "model.layers.{}.self_attn.k_proj.weight"),
        ("blk.{}.attn_k.bias", "model.layers.{}.self_attn.k_proj.bias"),
        ("blk.{}.attn_v.weight", "model.layers.{}.self_attn.v_proj.weight"),
        ("blk.{}.attn_v.bias", "model.layers.{}.self_attn.v_proj.bias"),
        ("blk.{}.attn_output.weight", "model.layers.{}.self_attn.o_proj.weight"),
        ("blk.{}.attn_output.bias", "model.layers.{}.self_attn.o_proj.bias"),
        ("blk.{}.ffn_norm.weight", "model.layers.{}.post_attention_layernorm.weight"),
        ("blk.{}.ffn_gate.weight", "model.layers.{}.mlp.gate_proj.weight"),
        ("blk.{}.ffn_up.weight", "model.layers.{}.mlp.up_proj.weight"),
        ("blk.{}.ffn_down.weight", "model.layers.{}.mlp.down_proj.weight"),
    ]

    /// Of those that normalize each head's queries and keys.
    static let headNormRows: [TensorNames.Row] = [
        ("blk.{}.attn_q_norm.weight", "model.layers.{}.self_attn.q_norm.weight"),
        ("blk.{}.attn_k_norm.weight", "model.layers.{}.self_attn.k_norm.weight"),
    ]
}
