/// Subtracts the same amount from the logit of each token that the answer already has (OpenAI's `presence_penalty`).
package struct PresencePenalty: LogitProcessor {
    private let penalty: Double

    package init(penalty: Double) { self.penalty = penalty }

    package func process(_ candidates: inout Candidates, history: TokenHistory) {
        for tokenID in history.answerCounts.keys { candidates.adjust(tokenID) { $0 - penalty } }
    }
}
