extension HuggingFaceArchitecture {
    /// transformers, models/mistral/configuration_mistral.py. GGUF has no name of its own for it: it computes as Llama does.
    package static let mistral = HuggingFaceArchitecture(
        modelType: "mistral", className: "MistralForCausalLM", canonicalName: "llama", canonicalPairing: "adjacent",
        configuration: configuration(keyValueHeads: .refused), fixed: gatedSiLU,
        tensorNames: TensorNames(tensorRows), slidingWindow: .whenGiven, tiesEmbeddings: false,
        attentionBias: .none)
}
