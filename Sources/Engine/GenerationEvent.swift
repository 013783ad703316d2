public import ChatTemplates

/// What a generation tells its caller, in order: `started`, any number of `text`, `reasoning` and `toolCall`, `finished`.
public enum GenerationEvent: Sendable, Equatable {
    /// The request has been admitted; the prompt has this many tokens.
    case started(promptTokenCount: Int)
    /// More of the answer: valid UTF-8; the chunks concatenate to exactly the whole text.
    case text(TextChunk)
    /// More of what the model thinks before it answers, where its template tells how it sets that off; not part of the
    /// answer's text.
    case reasoning(TextChunk)
    /// A call of one of the request's tools, piece by piece.
    case toolCall(ToolCallEvent)
    /// The end; nothing follows.
    case finished(GenerationSummary)
}

/// A piece of the answer and the tokens that completed it.
public struct TextChunk: Sendable, Equatable {
    public var text: String
    /// The tokens generated since the chunk before, whatever they were for; text of the last ones may still be held back (a cut
    /// character, a possible stop sequence or marker).
    public var tokens: [GeneratedToken]

    public init(text: String, tokens: [GeneratedToken]) {
        self.text = text
        self.tokens = tokens
    }
}

/// One generated token.
public struct GeneratedToken: Sendable, Equatable {
    public var tokenID: Int32
    /// The token's own bytes; may be part of a character.
    public var bytes: [UInt8]
    /// Natural logarithm of the probability under the model's unmodified distribution; nil unless asked for.
    public var logProbability: Double?
    /// The likeliest tokens at this place, best first.
    public var topLogProbabilities: [TokenLogProbability]

    public init(
        tokenID: Int32, bytes: [UInt8], logProbability: Double? = nil, topLogProbabilities: [TokenLogProbability] = []
    ) {
        self.tokenID = tokenID
        self.bytes = bytes
        self.logProbability = logProbability
        self.topLogProbabilities = topLogProbabilities
    }
}

/// A candidate token with the natural logarithm of its probability.
public struct TokenLogProbability: Sendable, Equatable {
    public var tokenID: Int32
    public var bytes: [UInt8]
    public var logProbability: Double

    public init(tokenID: Int32, bytes: [UInt8], logProbability: Double) {
        self.tokenID = tokenID
        self.bytes = bytes
        self.logProbability = logProbability
    }
}

/// Why a generation ended.
public enum FinishReason: String, Sendable, Codable {
    /// An end-of-generation token or a stop sequence.
    case stop
    /// `maximumTokenCount`, or the context is full.
    case length
    /// The model calls tools and waits for their results.
    case toolCalls = "tool_calls"
}

/// Counts and times of a finished generation.
public struct GenerationSummary: Sendable, Equatable {
    public var finishReason: FinishReason
    /// The stop sequence that ended it, if one did.
    public var stopSequence: String?
    public var promptTokenCount: Int
    /// Tokens of the prompt that were not computed, since the cache had them.
    public var cachedPromptTokenCount: Int
    public var completionTokenCount: Int
    /// From admission to the first token's logits.
    public var prefillDuration: Duration
    /// From the first token to the last.
    public var decodeDuration: Duration
    /// What `GenerationOptions.traceLevel` asked for.
    public var trace: GenerationTrace?

    public init(
        finishReason: FinishReason, stopSequence: String? = nil, promptTokenCount: Int, cachedPromptTokenCount: Int = 0,
        completionTokenCount: Int, prefillDuration: Duration, decodeDuration: Duration, trace: GenerationTrace? = nil
    ) {
        self.finishReason = finishReason
        self.stopSequence = stopSequence
        self.promptTokenCount = promptTokenCount
        self.cachedPromptTokenCount = cachedPromptTokenCount
        self.completionTokenCount = completionTokenCount
        self.prefillDuration = prefillDuration
        self.decodeDuration = decodeDuration
        self.trace = trace
    }
}
