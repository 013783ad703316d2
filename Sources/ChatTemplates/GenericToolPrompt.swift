/// Puts tools, calls and results into the texts of a conversation, for models whose templates have no place for them.
///
/// What the model is asked to answer is what `ToolCallConvention.json` reads.
package enum GenericToolPrompt {
    /// A conversation of plain texts. The tools stand behind the instructions, or before the first message where there are
    /// none (not every template takes instructions); calls are the JSON that they are asked to be; results are what the
    /// user says next.
    package static func messages(_ messages: [ChatMessage], tools: [ToolDefinition]) -> [ChatMessage] {
        var result: [ChatMessage] = []
        var lastWasResult = false
        for message in messages {
            if message.role == .tool {
                let text = "Result of \(message.name ?? message.toolCallID ?? "the call"):\n\(message.content ?? "")"
                if lastWasResult {
                    result[result.count - 1].content? += "\n\n" + text
                } else {
                    result.append(ChatMessage(role: .user, content: text))
                }
            } else {
                result.append(plain(message))
            }
            lastWasResult = message.role == .tool
        }
        guard !tools.isEmpty else { return result }
        if result.first?.role == .system {
            result[0].content = "\(result[0].content ?? "")\n\n\(instructions(tools))"
        } else if let first = result.firstIndex(where: { $0.role == .user }) {
            result[first].content = "\(instructions(tools))\n\n\(result[first].content ?? "")"
        } else {
            result.insert(ChatMessage(role: .user, content: instructions(tools)), at: 0)
        }
        return result
    }

    private static func plain(_ message: ChatMessage) -> ChatMessage {
        guard !message.toolCalls.isEmpty else { return message }
        let calls = message.toolCalls.map { call in
            "{\"name\": \(JSONText.quoted(call.name)), \"arguments\": \(call.arguments)}"
        }
        let list = calls.count == 1 ? calls[0] : "[\(calls.joined(separator: ", "))]"
        var message = message
        message.toolCalls = []
        message.content = [message.content, list].compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: "\n")
        return message
    }

    private static func instructions(_ tools: [ToolDefinition]) -> String {
        """
        You can call these functions:

        \(tools.map { ($0.value["function"] ?? .none).json }.joined(separator: "\n"))

        To call one, answer with nothing but a JSON object {"name": "…", "arguments": {…}}; to call several, with a list of \
        such objects. You will be told the results. Answer in plain text where no call is needed.
        """
    }
}

extension TemplateVariable {
    /// JSON text, spaced as Python's `json.dumps` does.
    var json: String {
        switch self {
        case .none: "null"
        case .boolean(let value): value ? "true" : "false"
        case .integer(let value): "\(value)"
        case .double(let value): value.isFinite ? "\(value)" : "null"
        case .text(let value): JSONText.quoted(value)
        case .list(let items): "[\(items.map(\.json).joined(separator: ", "))]"
        case .object(let entries):
            "{\(entries.map { "\(JSONText.quoted($0.name)): \($0.value.json)" }.joined(separator: ", "))}"
        }
    }
}
