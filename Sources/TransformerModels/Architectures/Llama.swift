internal import Compute

extension Architecture {
    /// Llama 1 to 3, Mistral and others whose files say `llama`. Converters permute query and key rows, so that pairs are
    /// adjacent. Touvron et al. 2023, arXiv:2302.13971; Jiang et al. 2023, arXiv:2310.06825.
    package static let llama = Architecture(
        name: "llama", rotaryPairing: .adjacent, requiresAttentionBias: false, hasQueryKeyNorm: false)
}
