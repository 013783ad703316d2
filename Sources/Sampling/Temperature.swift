/// Divides all logits: below 1 sharpens the distribution, above 1 flattens it.
package struct Temperature: LogitProcessor {
    private let value: Double

    /// - Precondition: `value` is positive; 0 is greedy choice, which needs no distribution.
    package init(_ value: Double) {
        precondition(value > 0, "Temperature: \(value)")
        self.value = value
    }

    package func process(_ candidates: inout Candidates, history: TokenHistory) { candidates.temperature *= value }
}
