package import Compute

/// What one architecture is made of; the rest is common to all.
package struct Architecture: Sendable {
    /// `general.architecture`
    package let name: String
    package let rotaryPairing: RotaryPairing
    /// Queries, keys and values have biases. Files may bring them for other architectures too; then they are used.
    package let requiresAttentionBias: Bool
    /// Each head's queries and keys are normalized before they are rotated.
    package let hasQueryKeyNorm: Bool

    /// The architectures that this engine runs: a new one is a file in Architectures/ and a row here.
    package static let all: [Architecture] = [.llama, .qwen2, .qwen3]

    package static func named(_ name: String) -> Architecture? { all.first { $0.name == name } }
}
