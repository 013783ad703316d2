/// Keeps the k likeliest tokens; of equal ones the lower ids.
///
/// Source: Fan et al. 2018, "Hierarchical neural story generation", arXiv:1805.04833, section 5.
package struct TopKFilter: LogitProcessor {
    private let count: Int

    /// - Precondition: `count` is positive.
    package init(count: Int) {
        precondition(count > 0, "TopKFilter: \(count) candidates")
        self.count = count
    }

    package func process(_ candidates: inout Candidates, history: TokenHistory) { candidates.keepBest(count) }
}
