import JinjaTemplates

/// A model's chat template: turns a conversation into the prompt that the model was trained on.
///
/// The template sees what transformers' `apply_chat_template` gives it: `messages`, `add_generation_prompt`, `bos_token`,
/// `eos_token`, `tools` and `documents` (none unless the caller sets them), `raise_exception` and `strftime_now`.
package struct ChatTemplate: Sendable {
    private let template: JinjaTemplate
    /// Whether the template has a place for tools.
    package let mentionsTools: Bool
    private let beginToken: String
    private let endToken: String
    private let clock: @Sendable () -> Int

    /// Reads a template.
    ///
    /// - Parameters:
    ///   - source: the Jinja text, as in a model file's `tokenizer.chat_template`.
    ///   - beginToken: the text of the token that begins a sequence, or "" for a model without one.
    ///   - endToken: the text of the token that ends a sequence, or "".
    ///   - clock: seconds since 1970 in UTC, for templates that write today's date.
    /// - Throws: `.invalidTemplate` with line and column.
    package init(
        source: String, beginToken: String, endToken: String,
        clock: @escaping @Sendable () -> Int = SystemClock.secondsSince1970
    ) throws(ChatTemplateError) {
        do {
            template = try JinjaTemplate(source)
        } catch {
            throw ChatTemplateError(error, whileRendering: false)
        }
        mentionsTools = source.contains("tools")
        self.beginToken = beginToken
        self.endToken = endToken
        self.clock = clock
    }

    /// Writes the prompt of a conversation.
    ///
    /// A message that says nothing has `content` none and a call's arguments are an object, as in transformers. Templates
    /// that do not take that (they join either to a text) get an empty text and the arguments' JSON text.
    ///
    /// - Parameters:
    ///   - tools: what the model may call.
    ///   - addGenerationPrompt: whether the prompt ends with the opening of the assistant's next turn.
    ///   - variables: further names for the template, such as `enable_thinking` or `tools`; texts in them count as input.
    /// - Returns: the prompt, cut where its text comes from a message instead of the template; neighbours differ in
    ///   `isInput` and none is empty.
    /// - Throws: `.refused` for what the template raises itself, `.noPlaceForTools` for tools that it does not mention,
    ///   `.failed` for all else, `.reservedVariable` for a variable that would replace one of the names above.
    package func render(
        messages: [ChatMessage], tools: [ToolDefinition] = [], addGenerationPrompt: Bool,
        variables: [String: TemplateVariable] = [:]
    ) throws(ChatTemplateError) -> [PromptSegment] {
        if !tools.isEmpty, !mentionsTools { throw ChatTemplateError(problem: .noPlaceForTools) }
        var context = try context(
            tools: tools.isEmpty ? .none : .list(tools.map(\.value)), addGenerationPrompt: addGenerationPrompt,
            variables: variables)
        let shapes = MessageShape.shapes(for: messages)
        for shape in shapes.dropLast() {
            do throws(ChatTemplateError) {
                return try render(messages, shape, &context)
            } catch {
                guard case .failed = error.problem else { throw error }
            }
        }
        return try render(messages, shapes.last ?? MessageShape(), &context)
    }

    private func render(
        _ messages: [ChatMessage], _ shape: MessageShape, _ context: inout [String: JinjaValue]
    ) throws(ChatTemplateError) -> [PromptSegment] {
        var values: [JinjaValue] = []
        for message in messages { values.append(try shape.value(of: message)) }
        context["messages"] = .list(values)
        return try render(context)
    }

    /// All that a template sees but the messages.
    func context(
        tools: TemplateVariable, addGenerationPrompt: Bool, variables: [String: TemplateVariable]
    ) throws(ChatTemplateError) -> [String: JinjaValue] {
        var context: [String: JinjaValue] = ["tools": .none, "documents": .none]
        for (name, variable) in variables {
            guard !Self.reservedNames.contains(name) else {
                throw ChatTemplateError(problem: .reservedVariable(name))
            }
            context[name] = try variable.value(named: name)
        }
        if tools != .none { context["tools"] = try tools.value(named: "tools") }
        context["add_generation_prompt"] = .boolean(addGenerationPrompt)
        context["bos_token"] = .text(beginToken)
        context["eos_token"] = .text(endToken)
        return context
    }

    func render(_ context: [String: JinjaValue]) throws(ChatTemplateError) -> [PromptSegment] {
        do {
            return try template.render(context, now: CivilTime(secondsSince1970: clock()))
                .map { PromptSegment(text: $0.text, isInput: $0.isInput) }
        } catch {
            throw ChatTemplateError(error, whileRendering: true)
        }
    }

    private static let reservedNames: Set<String> = [
        "messages", "add_generation_prompt", "bos_token", "eos_token", "raise_exception", "strftime_now", "range",
        "namespace", "dict",
    ]
}

/// A stretch of a prompt. Only text of the template (`isInput` false) may become control tokens.
package struct PromptSegment: Sendable, Equatable {
    package var text: String
    /// Whether the text comes from a message or another value that a client sent.
    package var isInput: Bool

    package init(text: String, isInput: Bool) {
        self.text = text
        self.isInput = isInput
    }
}
