internal import Compute

extension Architecture {
    /// Qwen 2 and 2.5: biases on queries, keys and values. Yang et al. 2024, arXiv:2407.10671.
    package static let qwen2 = Architecture(
        name: "qwen2", rotaryPairing: .halves, requiresAttentionBias: true, hasQueryKeyNorm: false)
}
