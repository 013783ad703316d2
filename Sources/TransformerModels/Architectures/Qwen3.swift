internal import Compute

extension Architecture {
    /// Qwen 3: query and key norms per head, a head dimension of its own. Yang et al. 2025, arXiv:2505.09388.
    package static let qwen3 = Architecture(
        name: "qwen3", rotaryPairing: .halves, requiresAttentionBias: false, hasQueryKeyNorm: true)
}
