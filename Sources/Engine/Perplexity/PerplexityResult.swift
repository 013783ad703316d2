#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// How well a model predicts a text, and how far it is from another model.
package struct PerplexityResult: Sendable {
    package let contextLength: Int
    package let chunkCount: Int
    /// −ln of the probability of each counted token.
    package fileprivate(set) var loss = Mean()
    /// Nil without a reference model.
    package fileprivate(set) var comparison: Comparison?

    package init(contextLength: Int, chunkCount: Int, isComparing: Bool) {
        self.contextLength = contextLength
        self.chunkCount = chunkCount
        if isComparing { comparison = Comparison() }
    }

    package struct Comparison: Sendable {
        package fileprivate(set) var referenceLoss = Mean()
        /// Loss less the reference's, token by token: ln of the ratio of the perplexities.
        package fileprivate(set) var lossDifference = Mean()
        /// Σ p ln (p / q) with the reference's p, in nats.
        package fileprivate(set) var divergence = Mean()
        /// 1 where both models have the same likeliest token.
        package fileprivate(set) var agreement = Mean()
        private var divergences: [Double] = []

        /// The divergence below which `share` of the tokens lie; nil without tokens.
        package func divergenceQuantile(_ share: Double) -> Double? {
            guard !divergences.isEmpty else { return nil }
            let sorted = divergences.sorted()
            return sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
        }

        fileprivate mutating func add(_ observation: PerplexityObservation, _ other: PerplexityObservation.Comparison) {
            referenceLoss.add(other.loss)
            lossDifference.add(observation.loss - other.loss)
            divergence.add(other.divergence)
            divergences.append(other.divergence)
            agreement.add(other.isSameBest ? 1 : 0)
        }
    }

    package var perplexity: Double { exp(loss.value) }
    /// Of the reference model; nil without one.
    package var referencePerplexity: Double? { comparison.map { exp($0.referenceLoss.value) } }
    /// The standard error, to first order.
    package var perplexityError: Double { perplexity * loss.error }

    mutating func add(_ observation: PerplexityObservation) {
        loss.add(observation.loss)
        if let other = observation.comparison { comparison?.add(observation, other) }
    }
}

/// What one token tells.
struct PerplexityObservation: Sendable {
    var loss = 0.0
    var comparison: Comparison?

    struct Comparison: Sendable {
        let loss: Double
        let divergence: Double
        let isSameBest: Bool
    }
}
