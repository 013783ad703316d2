/// Token counts of one answer.
public struct Usage: Sendable, Equatable, Encodable {
    public var promptTokenCount: Int
    public var completionTokenCount: Int

    public init(promptTokenCount: Int, completionTokenCount: Int) {
        self.promptTokenCount = promptTokenCount
        self.completionTokenCount = completionTokenCount
    }

    private enum CodingKeys: String, CodingKey {
        case promptTokenCount = "prompt_tokens"
        case completionTokenCount = "completion_tokens"
        case totalTokenCount = "total_tokens"
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(promptTokenCount, forKey: .promptTokenCount)
        try container.encode(completionTokenCount, forKey: .completionTokenCount)
        try container.encode(promptTokenCount + completionTokenCount, forKey: .totalTokenCount)
    }
}
