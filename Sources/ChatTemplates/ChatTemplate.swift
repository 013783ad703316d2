import JinjaTemplates

/// A model's chat template: turns a conversation into the prompt that the model was trained on.
///
/// The template sees what transformers' `apply_chat_template` gives it: `messages`, `add_generation_prompt`, `bos_token`,
/// `eos_token`, `tools` and `documents` (none unless the caller sets them), `raise_exception` and `strftime_now`.
package struct ChatTemplate: Sendable {
    private let template: JinjaTemplate
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
        self.beginToken = beginToken
        self.endToken = endToken
        self.clock = clock
    }

    /// Writes the prompt of a conversation.
    ///
    /// - Parameters:
    ///   - addGenerationPrompt: whether the prompt ends with the opening of the assistant's next turn.
    ///   - variables: further names for the template, such as `enable_thinking` or `tools`; texts in them count as input.
    /// - Returns: the prompt, cut where its text comes from a message instead of the template; neighbours differ in
    ///   `isInput` and none is empty.
    /// - Throws: `.refused` for what the template raises itself, `.failed` for all else, `.reservedVariable` for a
    ///   variable that would replace one of the names above.
    package func render(
        messages: [ChatMessage], addGenerationPrompt: Bool, variables: [String: TemplateVariable] = [:]
    ) throws(ChatTemplateError) -> [PromptSegment] {
        var context: [String: JinjaValue] = ["tools": .none, "documents": .none]
        for (name, variable) in variables {
            guard !Self.reservedNames.contains(name) else {
                throw ChatTemplateError(problem: .reservedVariable(name))
            }
            context[name] = try variable.value(named: name)
        }
        context["messages"] = .list(messages.map(Self.value))
        context["add_generation_prompt"] = .boolean(addGenerationPrompt)
        context["bos_token"] = .text(beginToken)
        context["eos_token"] = .text(endToken)
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

    private static func value(_ message: ChatMessage) -> JinjaValue {
        var pairs: [(String, JinjaValue)] = [
            ("role", .text(message.role.rawValue)), ("content", .input(message.content)),
        ]
        if let name = message.name { pairs.append(("name", .input(name))) }
        return .dictionary(pairs)
    }
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
