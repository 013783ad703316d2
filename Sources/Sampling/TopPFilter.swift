/// Keeps the smallest set of likeliest tokens that holds the share `p` of the candidates' probability.
///
/// Source: Holtzman et al. 2019, "The curious case of neural text degeneration", arXiv:1904.09751, section 3.1.
package struct TopPFilter: LogitProcessor {
    private let share: Double

    /// - Precondition: `share` lies in (0, 1].
    package init(share: Double) {
        precondition(share > 0 && share <= 1, "TopPFilter: share \(share)")
        self.share = share
    }

    package func process(_ candidates: inout Candidates, history: TokenHistory) {
        let target = share * candidates.totalWeight()
        // Real distributions reach it within a few hundred tokens, so the ranking starts short and grows only when it must.
        var length = 256
        while true {
            let ranking = candidates.best(length)
            var sum = 0.0
            for (index, candidate) in ranking.enumerated() {
                sum += candidates.weight(candidate.logit)
                if sum >= target { return candidates.keep(ranking.prefix(index + 1)) }
            }
            // The whole ranking sums in another order than the total, and may miss the target by a rounding error.
            if ranking.count < length { return candidates.keep(ranking[...]) }
            length *= 8
        }
    }
}
