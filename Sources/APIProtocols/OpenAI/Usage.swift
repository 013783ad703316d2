/// Token counts of one answer.
public struct Usage: Sendable, Equatable, Encodable {
    public var promptTokenCount: Int
    /// Tokens of the prompt that were not computed, since the cache had them.
    public var cachedPromptTokenCount: Int
    public var completionTokenCount: Int

    public init(promptTokenCount: Int, cachedPromptTokenCount: Int = 0, completionTokenCount: Int) {
        self.promptTokenCount = promptTokenCount
        self.cachedPromptTokenCount = cachedPromptTokenCount
        self.completionTokenCount = completionTokenCount
    }

    private enum CodingKeys: String, CodingKey {
        case promptTokenCount = "prompt_tokens"
        case completionTokenCount = "completion_tokens"
        case totalTokenCount = "total_tokens"
        case promptTokenDetails = "prompt_tokens_details"
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(promptTokenCount, forKey: .promptTokenCount)
        try container.encode(completionTokenCount, forKey: .completionTokenCount)
        try container.encode(promptTokenCount + completionTokenCount, forKey: .totalTokenCount)
        try container.encode(["cached_tokens": cachedPromptTokenCount], forKey: .promptTokenDetails)
    }
}
