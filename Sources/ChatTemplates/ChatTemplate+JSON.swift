import JinjaTemplates

extension ChatTemplate {
    /// Writes the prompt of a conversation that is given as JSON: every field reaches the template as it is, as in
    /// transformers' `apply_chat_template`.
    ///
    /// - Parameters:
    ///   - messages: a list of objects. All texts in them count as input but the well-known roles, of which templates make
    ///     control tokens (`<|user|>`).
    ///   - tools: a list, or none.
    /// - Throws: `.invalidMessages` for anything but a list of objects, `.nestedVariable`, and as the method for messages.
    package func render(
        json messages: TemplateVariable, tools: TemplateVariable = .none, addGenerationPrompt: Bool,
        variables: [String: TemplateVariable] = [:]
    ) throws(ChatTemplateError) -> [PromptSegment] {
        guard case .list(let messages) = messages else {
            throw ChatTemplateError(problem: .invalidMessages("they are no JSON array"))
        }
        if tools != .none {
            guard case .list(let definitions) = tools else {
                throw ChatTemplateError(problem: .invalidTool("the tools are no JSON array"))
            }
            if !definitions.isEmpty, !mentionsTools { throw ChatTemplateError(problem: .noPlaceForTools) }
        }
        var context = try context(tools: tools, addGenerationPrompt: addGenerationPrompt, variables: variables)
        var values: [JinjaValue] = []
        for (index, message) in messages.enumerated() {
            guard case .object(let entries) = message else {
                throw ChatTemplateError(problem: .invalidMessages("message \(index) is no JSON object"))
            }
            var pairs: [(JinjaValue, JinjaValue)] = []
            for entry in entries { pairs.append((.input(entry.name), try Self.value(of: entry, in: index))) }
            values.append(.dictionary(pairs))
        }
        context["messages"] = .list(values)
        return try render(context)
    }

    private static func value(
        of entry: TemplateVariable.Entry, in index: Int
    ) throws(ChatTemplateError) -> JinjaValue {
        if entry.name == "role", case .text(let role) = entry.value, wellKnownRoles.contains(role) {
            return .text(role)
        }
        return try entry.value.value(named: "\(entry.name) of message \(index)")
    }

    private static let wellKnownRoles: Set<String> = [
        "system", "developer", "user", "assistant", "tool", "function", "ipython", "tool_response", "model",
    ]
}
