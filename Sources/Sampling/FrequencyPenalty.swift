/// Subtracts from a token's logit once per occurrence in the answer (OpenAI's `frequency_penalty`).
package struct FrequencyPenalty: LogitProcessor {
    private let penalty: Double

    package init(penalty: Double) { self.penalty = penalty }

    package func process(_ candidates: inout Candidates, history: TokenHistory) {
        for (tokenID, count) in history.answerCounts { candidates.adjust(tokenID) { $0 - penalty * Double(count) } }
    }
}
