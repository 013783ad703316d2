/// The body of `POST /v1/chat/completions`.
///
/// Source: OpenAI API reference, "Create chat completion".
public struct ChatCompletionRequest: Sendable, Equatable, Decodable {
    /// nil if absent or empty.
    public var model: String?
    /// At least one, at most `maximumMessageCount`.
    public var messages: [ChatRequestMessage]
    /// `max_completion_tokens`, or its older name `max_tokens`; 0 or more.
    public var maximumTokenCount: Int?
    /// 0...20 with `logprobs: true`; nil without.
    public var topLogProbabilityCount: Int?
    /// At most `ChatTool.maximumCount`; none with `tool_choice: "none"`.
    public var tools: [ChatTool]
    /// Whether one answer may call several tools.
    public var allowsParallelToolCalls: Bool
    public var sampling: SamplingFields

    public static let maximumMessageCount = 10_000

    private static let names: Set<String> = SamplingFields.names.union([
        "model", "messages", "max_tokens", "max_completion_tokens", "logprobs", "top_logprobs", "tools",
        "tool_choice", "parallel_tool_calls",
    ])

    /// - Throws: `RequestFieldError` for the first field that is missing, out of range, unsupported or unknown.
    public init(from decoder: any Decoder) throws {
        let fields = try FieldReader(decoder)
        try fields.refuseOthers(known: Self.names, rules: .chatCompletion)
        model = try fields.string("model").flatMap { $0.isEmpty ? nil : $0 }
        messages = try fields.required(
            "messages",
            fields.array(
                "messages", of: ChatRequestMessage.self, maximumCount: Self.maximumMessageCount,
                expected: "an array of messages"))
        guard !messages.isEmpty else { throw fields.invalid("messages", expected: "an array of at least one message") }
        maximumTokenCount = try Self.maximumTokenCount(fields)
        topLogProbabilityCount = try Self.topLogProbabilityCount(fields)
        let tools = try ChatTool.tools(fields, body: JSONBody.text(of: decoder))
        self.tools = try Self.choosesTools(fields) ? tools : []
        allowsParallelToolCalls = try fields.boolean("parallel_tool_calls") ?? true
        sampling = try SamplingFields(fields)
    }

    /// `tool_choice`: whether the model may call tools. That it must cannot be promised.
    private static func choosesTools(_ fields: FieldReader) throws(RequestFieldError) -> Bool {
        switch fields.anyValue("tool_choice") {
        case nil, .string("auto"): return true
        case .string("none"): return false
        case let found?:
            throw fields.error(
                "tool_choice",
                .unsupported(found: found.description, instead: "leave it out or send \"none\" or \"auto\""))
        }
    }

    private static func maximumTokenCount(_ fields: FieldReader) throws(RequestFieldError) -> Int? {
        let current = try fields.integer("max_completion_tokens", in: 0...Int.max)
        let older = try fields.integer("max_tokens", in: 0...Int.max)
        if let current, let older, current != older {
            throw fields.error("max_tokens", .conflict(with: "max_completion_tokens"))
        }
        return current ?? older
    }

    private static func topLogProbabilityCount(_ fields: FieldReader) throws(RequestFieldError) -> Int? {
        let count = try fields.integer("top_logprobs", in: 0...20) ?? 0
        if try fields.boolean("logprobs") ?? false { return count }
        guard count == 0 else {
            throw fields.error(
                "top_logprobs", .unsupported(found: "\(count)", instead: "send it with \"logprobs\": true"))
        }
        return nil
    }
}
