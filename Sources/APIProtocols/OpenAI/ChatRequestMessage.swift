/// One message of a chat request.
public struct ChatRequestMessage: Sendable, Equatable, Decodable {
    /// Roles that are served. `developer` is today's name for `system` and is read as such.
    public enum Role: String, Sendable, CaseIterable {
        case system, user, assistant
    }

    /// Of one message's content.
    public static let maximumPartCount = 1000

    public var role: Role
    /// The parts of a message of several are joined by line breaks.
    public var content: String
    public var name: String?

    public init(role: Role, content: String, name: String? = nil) {
        self.role = role
        self.content = content
        self.name = name
    }

    public init(from decoder: any Decoder) throws {
        let fields = try FieldReader(decoder)
        role = try Self.role(fields)
        try fields.refuseOthers(known: ["role", "content", "name"], rules: .chatMessage)
        // An assistant that calls a tool says nothing; clients send its message back with null for the text.
        let isSilent = role == .assistant && fields.has("tool_calls")
        content = try fields.required("content", Self.content(fields) ?? (isSilent ? "" : nil))
        name = try fields.string("name")
    }

    private static func role(_ fields: FieldReader) throws(RequestFieldError) -> Role {
        let name = try fields.required("role", fields.string("role"))
        switch name {
        case "developer": return .system
        case "tool", "function":
            throw fields.error("role", .unsupported(found: name, instead: "tool calls are not served yet"))
        default:
            guard let role = Role(rawValue: name) else {
                throw fields.invalid("role", expected: "\"system\", \"developer\", \"user\" or \"assistant\"")
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
