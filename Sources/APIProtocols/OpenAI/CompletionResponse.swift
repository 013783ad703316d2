/// The answer of `POST /v1/completions`, whole or as one event of a stream: both have the same shape.
public struct CompletionResponse: Sendable, Equatable, Encodable {
    /// The single choice, or in a part of a stream what it adds.
    public struct Choice: Sendable, Equatable {
        public var text: String
        public var logProbabilities: CompletionLogProbabilities?
        /// `stop` or `length`; nil before the end of a stream.
        public var finishReason: String?

        public init(text: String, logProbabilities: CompletionLogProbabilities?, finishReason: String?) {
            self.text = text
            self.logProbabilities = logProbabilities
            self.finishReason = finishReason
        }
    }

    /// How `usage` is written.
    public enum UsageField: Sendable, Equatable {
        case absent, null
        case counts(Usage)
    }

    public var id: String
    /// Seconds since 1970.
    public var created: Int
    public var model: String
    /// nil in the chunk that only has the token counts.
    public var choice: Choice?
    public var usage: UsageField

    public init(id: String, created: Int, model: String, choice: Choice?, usage: UsageField) {
        self.id = id
        self.created = created
        self.model = model
        self.choice = choice
        self.usage = usage
    }

    private enum CodingKeys: String, CodingKey { case id, object, created, model, choices, usage }
    private enum ChoiceKeys: String, CodingKey {
        case index, text, logprobs
        case finishReason = "finish_reason"
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode("text_completion", forKey: .object)
        try container.encode(created, forKey: .created)
        try container.encode(model, forKey: .model)
        switch usage {
        case .absent: break
        case .null: try container.encodeNil(forKey: .usage)
        case .counts(let usage): try container.encode(usage, forKey: .usage)
        }
        var choices = container.nestedUnkeyedContainer(forKey: .choices)
        guard let choice else { return }
        var fields = choices.nestedContainer(keyedBy: ChoiceKeys.self)
        try fields.encode(0, forKey: .index)
        try fields.encode(choice.text, forKey: .text)
        try fields.encode(choice.logProbabilities, forKey: .logprobs)
        try fields.encode(choice.finishReason, forKey: .finishReason)
    }
}
