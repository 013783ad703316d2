/// How the next token is chosen from the logits.
///
/// The defaults are temperature 0.8, top-k 40, top-p 0.95, min-p 0.05, as people expect of a local model.
public struct SamplingOptions: Sendable, Equatable {
    /// 0 chooses the likeliest token; finite, 0...5.
    public var temperature: Double = 0.8
    /// Keeps the k likeliest tokens; 0 keeps all.
    public var topK: Int = 40
    /// Keeps the smallest set of tokens whose probabilities reach p; 1 keeps all; in (0, 1].
    public var topP: Double = 0.95
    /// Keeps tokens at least this share as likely as the likeliest; 0 keeps all; in [0, 1].
    public var minP: Double = 0.05
    /// Divides positive and multiplies negative logits of tokens seen in the last `penaltyWindow` ones; 1 is off; in (0, 10].
    public var repetitionPenalty: Double = 1
    /// Subtracted from the logit of each token that the answer already has; −2...2.
    public var presencePenalty: Double = 0
    /// Subtracted from the logit of a token once per occurrence in the answer; −2...2.
    public var frequencyPenalty: Double = 0
    /// How many of the latest tokens (prompt included) the repetition penalty looks at; 0 is none, −1 is all.
    public var penaltyWindow: Int = 64
    /// Added to the logits of single tokens; −100...100.
    public var logitBias: [Int32: Double] = [:]
    /// The same seed gives the same tokens; nil draws a fresh one.
    public var seed: UInt64?

    public init() {}

    /// Always the likeliest token, no filters, no penalties.
    public static var greedy: SamplingOptions {
        var options = SamplingOptions()
        options.temperature = 0
        options.topK = 0
        options.topP = 1
        options.minP = 0
        return options
    }
}
