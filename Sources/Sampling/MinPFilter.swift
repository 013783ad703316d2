/// Keeps tokens at least `share` times as likely as the likeliest.
///
/// Source: Nguyen et al. 2024, "Turning up the heat: min-p sampling", arXiv:2407.01082, section 3.
package struct MinPFilter: LogitProcessor {
    private let share: Double

    /// - Precondition: `share` lies in [0, 1].
    package init(share: Double) {
        precondition(share >= 0 && share <= 1, "MinPFilter: share \(share)")
        self.share = share
    }

    package func process(_ candidates: inout Candidates, history: TokenHistory) {
        guard share >= .leastNormalMagnitude else { return }  // no ratio of probabilities is that small
        // p / pMax ≥ share, seen in logits: no exponential per token.
        let distance = PortableMath.logarithm(share) * candidates.temperature
        candidates.keep(atLeast: Double(candidates.maximum) + distance)
    }
}
