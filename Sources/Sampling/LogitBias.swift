/// Adds a fixed amount to the logits of single tokens; −100 bans in practice, 100 forces (OpenAI's `logit_bias`).
package struct LogitBias: LogitProcessor {
    private let bias: [Int32: Double]

    package init(_ bias: [Int32: Double]) { self.bias = bias }

    package func process(_ candidates: inout Candidates, history: TokenHistory) {
        for (tokenID, amount) in bias { candidates.adjust(tokenID) { $0 + amount } }
    }
}
