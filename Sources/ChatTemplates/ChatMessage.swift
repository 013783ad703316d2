/// Who speaks in a conversation.
public enum ChatRole: String, Sendable, Codable, CaseIterable {
    case system, user, assistant, tool
}

/// One turn of a conversation.
public struct ChatMessage: Sendable, Equatable {
    public var role: ChatRole
    /// nil for an assistant that says nothing and calls tools instead.
    public var content: String?
    /// The speaker's name, where the client gives one; of a tool's result, the tool's name.
    public var name: String?
    /// What an assistant thought before it answered.
    public var reasoning: String?
    /// The tools that an assistant calls.
    public var toolCalls: [ToolCall]
    /// Of a tool's result: the call that it answers.
    public var toolCallID: String?

    public init(
        role: ChatRole, content: String?, name: String? = nil, reasoning: String? = nil, toolCalls: [ToolCall] = [],
        toolCallID: String? = nil
    ) {
        self.role = role
        self.content = content
        self.name = name
        self.reasoning = reasoning
        self.toolCalls = toolCalls
        self.toolCallID = toolCallID
    }
}

/// A call of a tool by the assistant.
public struct ToolCall: Sendable, Equatable {
    /// What the tool's result names.
    public var id: String
    public var name: String
    /// JSON text as the model wrote it; an object unless the model made a mistake.
    public var arguments: String

    public init(id: String, name: String, arguments: String) {
        self.id = id
        self.name = name
        self.arguments = arguments
    }
}
