/// The answer of `POST /v1/chat/completions`, whole.
public struct ChatCompletionResponse: Sendable, Equatable, Encodable {
    public var id: String
    /// Seconds since 1970.
    public var created: Int
    public var model: String
    public var content: String
    public var logProbabilities: ChatLogProbabilities?
    /// `stop` or `length`.
    public var finishReason: String
    public var usage: Usage

    public init(
        id: String, created: Int, model: String, content: String, logProbabilities: ChatLogProbabilities?,
        finishReason: String, usage: Usage
    ) {
        self.id = id
        self.created = created
        self.model = model
        self.content = content
        self.logProbabilities = logProbabilities
        self.finishReason = finishReason
        self.usage = usage
    }

    private enum CodingKeys: String, CodingKey { case id, object, created, model, choices, usage }
    private enum ChoiceKeys: String, CodingKey {
        case index, message, logprobs
        case finishReason = "finish_reason"
    }
    private enum MessageKeys: String, CodingKey { case role, content, refusal }

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
        try message.encode(content, forKey: .content)
        try message.encodeNil(forKey: .refusal)
    }
}
