/// One message of a chat request.
public struct ChatRequestMessage: Sendable, Equatable, Decodable {
    /// Roles that are served. `developer` is today's name for `system` and is read as such.
    public enum Role: String, Sendable, CaseIterable {
        case system, user, assistant, tool
    }

    /// Of one message's content.
    public static let maximumPartCount = 1000
    /// Of one message's calls.
    public static let maximumToolCallCount = 1000

    public var role: Role
    /// The parts of a message of several are joined by line breaks; nil for an assistant that only calls tools.
    public var content: String?
    public var name: String?
    /// Of an assistant: what it thought.
    public var reasoning: String?
    /// Of an assistant.
    public var toolCalls: [ChatToolCall]
    /// Of a tool: the call whose result the content is.
    public var toolCallID: String?

    public init(
        role: Role, content: String?, name: String? = nil, reasoning: String? = nil, toolCalls: [ChatToolCall] = [],
        toolCallID: String? = nil
    ) {
        self.role = role
        self.content = content
        self.name = name
        self.reasoning = reasoning
        self.toolCalls = toolCalls
        self.toolCallID = toolCallID
    }

    public init(from decoder: any Decoder) throws {
        let fields = try FieldReader(decoder)
        let role = try Self.role(fields)
        self.role = role
        try fields.refuseOthers(known: Self.names(of: role), rules: .chatMessage)
        name = try fields.string("name")
        reasoning = role == .assistant ? try fields.string("reasoning_content") : nil
        toolCalls = role == .assistant ? try Self.toolCalls(fields) : []
        toolCallID = role == .tool ? try fields.required("tool_call_id", fields.string("tool_call_id")) : nil
        // An assistant that calls a tool says nothing; clients send its message back with null for the text.
        let content = try Self.content(fields)
        let isSilent = role == .assistant && fields.has("tool_calls")
        self.content =
            isSilent && !toolCalls.isEmpty ? content : try fields.required("content", content ?? (isSilent ? "" : nil))
    }

    private static func names(of role: Role) -> Set<String> {
        let names: Set<String> = ["role", "content", "name"]
        return switch role {
        case .system, .user: names
        case .assistant: names.union(["tool_calls", "reasoning_content"])
        case .tool: names.union(["tool_call_id"])
        }
    }

    private static func toolCalls(_ fields: FieldReader) throws(RequestFieldError) -> [ChatToolCall] {
        try fields.array(
            "tool_calls", of: ChatToolCall.self, maximumCount: maximumToolCallCount,
            expected: "an array of tool calls") ?? []
    }

    private static func role(_ fields: FieldReader) throws(RequestFieldError) -> Role {
        let name = try fields.required("role", fields.string("role"))
        switch name {
        case "developer": return .system
        case "function":
            throw fields.error("role", .unsupported(found: name, instead: "send the role \"tool\""))
        default:
            guard let role = Role(rawValue: name) else {
                throw fields.invalid(
                    "role", expected: "\"system\", \"developer\", \"user\", \"assistant\" or \"tool\"")
            }
            return role
        }
    }

    private static func content(_ fields: FieldReader) throws(RequestFieldError) -> String? {
        let expected = "a string or an array of text parts"
        if let text: String = try? fields.value("content", expected: expected) { return text }
        let parts = try fields.array("content", of: TextPart.self, maximumCount: maximumPartCount, expected: expected)
        return parts?.map(\.text).joined(separator: "\n")
    }
}

/// `{"type": "text", "text": …}`
private struct TextPart: Decodable {
    let text: String

    init(from decoder: any Decoder) throws {
        let fields = try FieldReader(decoder)
        let type = try fields.required("type", fields.string("type"))
        guard type == "text" else {
            throw fields.error(
                "type", .unsupported(found: JSONValue.string(type).description, instead: "only \"text\" parts are read")
            )
        }
        text = try fields.required("text", fields.string("text"))
        try fields.refuseOthers(known: ["type", "text"], rules: FieldRules())
    }
}
