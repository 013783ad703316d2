extension HuggingFaceArchitecture {
    /// transformers, models/llama/configuration_llama.py: without `num_key_value_heads` each head has keys of its own.
    package static let llama = HuggingFaceArchitecture(
        modelType: "llama", className: "LlamaForCausalLM", canonicalName: "llama", canonicalPairing: "adjacent",
        configuration: configuration(keyValueHeads: .leftOut), fixed: gatedSiLU, tensorNames: TensorNames(tensorRows),
        slidingWindow: .never, tiesEmbeddings: false,
        attentionBias: .allWhenAsked)
}
