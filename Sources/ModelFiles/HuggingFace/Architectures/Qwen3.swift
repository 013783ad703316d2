extension HuggingFaceArchitecture {
    /// transformers, models/qwen3/configuration_qwen3.py.
    package static let qwen3 = HuggingFaceArchitecture(
        modelType: "qwen3", className: "Qwen3ForCausalLM", canonicalName: "qwen3", canonicalPairing: "halves",
        configuration: configuration(keyValueHeads: .refused, headDimension: .number(128)), fixed: gatedSiLU,
        tensorNames: TensorNames(tensorRows + headNormRows), slidingWindow: .whenSwitchedOn, tiesEmbeddings: false,
        attentionBias: .allWhenAsked)
}
