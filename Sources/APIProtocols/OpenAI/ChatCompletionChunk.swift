/// One event of a streamed chat answer.
public struct ChatCompletionChunk: Sendable, Equatable, Encodable {
    /// What the chunk brings.
    public enum Content: Sendable, Equatable {
        /// The first chunk: who speaks.
        case role
        case text(String, ChatLogProbabilities?)
        case reasoning(String, ChatLogProbabilities?)
        case toolCall(ChatToolCallDelta)
        /// The last chunk of the choice: `stop`, `length` or `tool_calls`.
        case finish(String)
        /// Token counts; has no choices.
        case usage(Usage)
    }

    public var id: String
    /// Seconds since 1970, the same in all chunks.
    public var created: Int
    public var model: String
    /// Whether the stream ends with a usage chunk; the others then say `"usage": null`.
    public var streamHasUsage: Bool
    public var content: Content

    public init(id: String, created: Int, model: String, streamHasUsage: Bool, content: Content) {
        self.id = id
        self.created = created
        self.model = model
        self.streamHasUsage = streamHasUsage
        self.content = content
    }

    private enum CodingKeys: String, CodingKey { case id, object, created, model, choices, usage }
    private enum ChoiceKeys: String, CodingKey {
        case index, delta, logprobs
        case finishReason = "finish_reason"
    }
    private enum DeltaKeys: String, CodingKey {
        case role, content
        case reasoning = "reasoning_content"
        case toolCalls = "tool_calls"
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode("chat.completion.chunk", forKey: .object)
        try container.encode(created, forKey: .created)
        try container.encode(model, forKey: .model)
        var choices = container.nestedUnkeyedContainer(forKey: .choices)
        if case .usage(let usage) = content {
            try container.encode(usage, forKey: .usage)
            return
        }
        if streamHasUsage { try container.encodeNil(forKey: .usage) }
        var choice = choices.nestedContainer(keyedBy: ChoiceKeys.self)
        try choice.encode(0, forKey: .index)
        var delta = choice.nestedContainer(keyedBy: DeltaKeys.self, forKey: .delta)
        var logProbabilities: ChatLogProbabilities?
        var finishReason: String?
        switch content {
        case .role:
            try delta.encode("assistant", forKey: .role)
            try delta.encode("", forKey: .content)
        case .text(let text, let tokens):
            try delta.encode(text, forKey: .content)
            logProbabilities = tokens
        case .reasoning(let text, let tokens):
            try delta.encode(text, forKey: .reasoning)
            logProbabilities = tokens
        case .toolCall(let call): try delta.encode([call], forKey: .toolCalls)
        case .finish(let reason): finishReason = reason
        case .usage: break
        }
        try choice.encode(logProbabilities, forKey: .logprobs)
        try choice.encode(finishReason, forKey: .finishReason)
    }
}
