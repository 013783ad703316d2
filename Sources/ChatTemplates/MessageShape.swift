import JinjaTemplates

/// How messages are put before a template, which is written for one of several shapes of the same thing.
struct MessageShape: Equatable {
    /// Whether a message without text has an empty one, instead of none.
    var hasEmptyContent = false
    /// Whether the arguments of a call are their JSON text, instead of the object that it stands for.
    var hasTextArguments = false

    /// The shapes that differ for these messages, transformers' own first.
    static func shapes(for messages: [ChatMessage]) -> [MessageShape] {
        let contents = messages.contains { $0.content == nil } ? [false, true] : [false]
        let arguments = messages.contains { !$0.toolCalls.isEmpty } ? [false, true] : [false]
        return contents.flatMap { content in
            arguments.map { MessageShape(hasEmptyContent: content, hasTextArguments: $0) }
        }
    }

    /// A message as templates see it; what it does not have is left out. What clients wrote counts as input.
    ///
    /// - Throws: `.nestedVariable` for arguments with too many lists and objects inside one another.
    func value(of message: ChatMessage) throws(ChatTemplateError) -> JinjaValue {
        let silence = hasEmptyContent ? JinjaValue.input("") : .none
        var pairs: [(String, JinjaValue)] = [
            ("role", .text(message.role.rawValue)), ("content", message.content.map { .input($0) } ?? silence),
        ]
        if let name = message.name { pairs.append(("name", .input(name))) }
        if let reasoning = message.reasoning { pairs.append(("reasoning_content", .input(reasoning))) }
        if !message.toolCalls.isEmpty {
            var calls: [JinjaValue] = []
            for call in message.toolCalls { calls.append(try value(of: call)) }
            pairs.append(("tool_calls", .list(calls)))
        }
        if let id = message.toolCallID { pairs.append(("tool_call_id", .input(id))) }
        return .dictionary(pairs)
    }

    private func value(of call: ToolCall) throws(ChatTemplateError) -> JinjaValue {
        let function: [(String, JinjaValue)] = [("name", .input(call.name)), ("arguments", try arguments(of: call))]
        return .dictionary([
            ("id", .input(call.id)), ("type", .text("function")), ("function", .dictionary(function)),
        ])
    }

    /// Arguments that are no JSON, as a model may write them, stay the text that they are.
    private func arguments(of call: ToolCall) throws(ChatTemplateError) -> JinjaValue {
        if hasTextArguments { return .input(call.arguments) }
        do throws(ChatTemplateError) {
            let name = "arguments of '\(call.name)'"
            return try TemplateVariable(json: call.arguments, of: name).value(named: name)
        } catch {
            guard case .invalidJSON = error.problem else { throw error }
            return .input(call.arguments)
        }
    }
}
