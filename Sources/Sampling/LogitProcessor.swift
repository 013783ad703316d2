/// One link of the chain between logits and choice: changes logits, removes candidates, or both.
///
/// A grammar's mask is one too: it bans what may not follow (`Candidates.ban`), and is handed to `Sampler.init` as a constraint.
package protocol LogitProcessor: Sendable {
    /// - Note: Must be a function of its arguments alone, so that a seed gives the same tokens everywhere.
    func process(_ candidates: inout Candidates, history: TokenHistory)
}
