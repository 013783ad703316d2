/// The answer of `POST /v1/chat/completions`, whole.
public struct ChatCompletionResponse: Sendable, Equatable, Encodable {
    public var id: String
    /// Seconds since 1970.
    public var created: Int
    public var model: String
    public var content: String
    /// What the model thought before it answered.
    public var reasoning: String?
    public var toolCalls: [ChatToolCall]
    public var logProbabilities: ChatLogProbabilities?
    /// `stop`, `length` or `tool_calls`.
    public var finishReason: String
    public var usage: Usage

    public init(
        id: String, created: Int, model: String, content: String, reasoning: String? = nil,
        toolCalls: [ChatToolCall] = [], logProbabilities: ChatLogProbabilities?, finishReason: String, usage: Usage
    ) {
        self.id = id
        self.created = created
        self.model = model
        self.content = content
        self.reasoning = reasoning
        self.toolCalls = toolCalls
        self.logProbabilities = logProbabilities
        self.finishReason = finishReason
        self.usage = usage
    }

    private enum CodingKeys: String, CodingKey { case id, object, created, model, choices, usage }
    private enum ChoiceKeys: String, CodingKey {
        case index, message, logprobs
        case finishReason = "finish_reason"
    }
    private enum MessageKeys: String, CodingKey {
        case role, content, refusal
        case reasoning = "reasoning_content"
        case toolCalls = "tool_calls"
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode("chat.completion", forKey: .object)
        try container.encode(created, forKey: .created)
        try container.encode(model, forKey: .model)
        try container.encode(usage, forKey: .usage)
        var choices = container.nestedUnkeyedContainer(forKey: .choices)
        var choice = choices.nestedContainer(keyedBy: ChoiceKeys.self)
        try choice.encode(0, forKey: .index)
        try choice.encode(finishReason, forKey: .finishReason)
        try choice.encode(logProbabilities, forKey: .logprobs)
        var message = choice.nestedContainer(keyedBy: MessageKeys.self, forKey: .message)
        try message.encode("assistant", forKey: .role)
        // An assistant that only calls tools says null.
        try message.encode(content.isEmpty && !toolCalls.isEmpty ? nil : content, forKey: .content)
        if let reasoning { try message.encode(reasoning, forKey: .reasoning) }
        if !toolCalls.isEmpty { try message.encode(toolCalls, forKey: .toolCalls) }
        try message.encodeNil(forKey: .refusal)
    }
}
