/// Makes tokens of the recent past less likely: divides their positive and multiplies their negative logits, once per token.
///
/// Source: Keskar et al. 2019, "CTRL", arXiv:1909.05858, section 4.1; the case of negative logits as in later practice, since
/// dividing them would make a token likelier.
package struct RepetitionPenalty: LogitProcessor {
    private let penalty: Double
    private let window: Int

    /// - Parameters:
    ///   - penalty: Above 1 discourages, below 1 encourages.
    ///   - window: Looks at this many of the latest tokens, prompt included; −1 is all.
    package init(penalty: Double, window: Int) {
        self.penalty = penalty
        self.window = window
    }

    package func process(_ candidates: inout Candidates, history: TokenHistory) {
        let recent = history.tokenIDs.suffix(window < 0 ? history.tokenIDs.count : window)
        for tokenID in Set(recent) {
            candidates.adjust(tokenID) { $0 > 0 ? $0 / penalty : $0 * penalty }
        }
    }
}
