extension HuggingFaceArchitecture {
    /// transformers, models/qwen2/configuration_qwen2.py.
    package static let qwen2 = HuggingFaceArchitecture(
        modelType: "qwen2", className: "Qwen2ForCausalLM", canonicalName: "qwen2", canonicalPairing: "halves",
        configuration: configuration(keyValueHeads: .refused), fixed: gatedSiLU,
        tensorNames: TensorNames(tensorRows), slidingWindow: .whenSwitchedOn, tiesEmbeddings: false,
        attentionBias: .inputs)
}
