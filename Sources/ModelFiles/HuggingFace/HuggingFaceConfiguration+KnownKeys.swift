extension HuggingFaceConfiguration {
    /// Keys that are read by name, beside those of the architecture's table.
    static let understoodKeys: Set<String> = [
        "model_type", "architectures", "text_config", "tie_word_embeddings", "bos_token_id", "eos_token_id",
        "pad_token_id",
        "rope_theta", "rope_scaling", "rope_parameters", "sliding_window", "use_sliding_window", "layer_types",
        // Biases are seen by their tensors.
        "attention_bias",
    ]

    /// Keys that say nothing about the logits of a text: training, memory, bookkeeping.
    static let harmlessKeys: Set<String> = [
        "_attn_implementation", "_attn_implementation_autoset", "_flash_attn_2_enabled", "_from_model_config",
        "_name_or_path", "_commit_hash", "attention_dropout", "attention_probs_dropout_prob", "attn_implementation",
        "attn_pdrop", "cache_implementation", "chunk_size_feed_forward", "classifier_dropout", "dtype", "embd_pdrop",
        "finetuning_task", "gradient_checkpointing",
        "hidden_dropout", "hidden_dropout_prob", "id2label", "initializer_range", "label2id", "license",
        // Which layers a window would be for; `layer_types` says it better, and the window bounds the context either way.
        "max_window_layers", "is_decoder", "is_llama_config", "max_sequence_length", "tie_encoder_decoder",
        "transformers.js_config", "use_flash_attention", "use_flash_attn",
        "num_labels", "output_attentions", "output_hidden_states", "pretraining_tp", "problem_type", "resid_pdrop",
        "return_dict", "task_specific_params", "tokenizer_class", "torch_dtype", "torchscript", "transformers_version",
        "unsloth_fixed", "unsloth_version", "use_bfloat16", "use_cache", "model_max_length", "original_torch_dtype",
    ]

    /// Defaults of generation that older files have here; requests say what they want.
    static let generationKeys: Set<String> = [
        "bad_words_ids", "begin_suppress_tokens", "decoder_start_token_id", "diversity_penalty", "do_sample",
        "early_stopping", "encoder_no_repeat_ngram_size", "exponential_decay_length_penalty", "forced_bos_token_id",
        "forced_eos_token_id", "length_penalty", "max_length", "min_length", "no_repeat_ngram_size", "num_beam_groups",
        "num_beams", "num_return_sequences", "output_scores", "prefix", "remove_invalid_values", "repetition_penalty",
        "return_dict_in_generate", "sep_token_id", "suppress_tokens", "temperature", "tf_legacy_loss", "top_k", "top_p",
        "typical_p",
    ]
}
