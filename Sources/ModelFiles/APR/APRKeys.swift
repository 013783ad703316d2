/// The hyper-parameters of APR's metadata beside GGUF's keys; read in both directions.
struct APRKey: Sendable {
    /// The first is written; all are read.
    let names: [String]
    /// Behind `<architecture>.`
    let canonical: [String]
    var isInteger = true

    static let all: [APRKey] = [
        APRKey(names: ["hidden_size", "hidden_dim", "d_model", "n_embd"], canonical: ["embedding_length"]),
        APRKey(names: ["num_layers", "n_layers", "num_hidden_layers", "n_layer"], canonical: ["block_count"]),
        APRKey(names: ["num_heads", "n_heads", "num_attention_heads", "n_head"], canonical: ["attention.head_count"]),
        APRKey(
            names: ["num_kv_heads", "n_kv_heads", "num_key_value_heads"], canonical: ["attention.head_count_kv"]),
        APRKey(names: ["vocab_size", "n_vocab"], canonical: ["vocab_size"]),
        APRKey(
            names: ["intermediate_size", "ffn_dim", "intermediate_dim", "n_inner"], canonical: ["feed_forward_length"]),
        APRKey(
            names: ["max_position_embeddings", "max_seq_len", "context_length", "n_ctx"], canonical: ["context_length"]
        ),
        APRKey(names: ["rope_theta"], canonical: ["rope.freq_base"], isInteger: false),
        APRKey(
            names: ["rms_norm_eps", "layer_norm_eps", "norm_eps"], canonical: ["attention.layer_norm_rms_epsilon"],
            isInteger: false),
        APRKey(names: ["head_dim"], canonical: ["attention.key_length", "attention.value_length"]),
        APRKey(names: ["num_experts"], canonical: ["expert_count"]),
        APRKey(names: ["num_experts_per_tok"], canonical: ["expert_used_count"]),
        APRKey(names: ["sliding_window"], canonical: ["attention.sliding_window"]),
    ]

    /// `rope_type`: what the number says of the two channels that form a pair.
    static let pairings: [(number: Int, canonical: String)] = [(0, "adjacent"), (2, "halves")]

    /// Keys that ask for a computation that the table has no word for.
    static let refused = ["rope_scaling", "rope_parameters", "logit_scale", "attention_bias_type", "layer_types"]
}
