import ChatTemplates
import Testing

@Suite("Conversations with tools")
struct ToolConversationTests {
    private static let weather =
        #"{"type": "object", "properties": {"city": {"type": "string"}, "days": {"type": "integer"}}}"#

    private func render(_ source: String, _ messages: [ChatMessage], tools: [ToolDefinition] = []) throws -> String {
        try ChatTemplate(source: source, beginToken: "", endToken: "")
            .render(messages: messages, tools: tools, addGenerationPrompt: false).map(\.text).joined()
    }

    @Test func `a tool reaches the template with its fields in order`() throws {
        let tool = try ToolDefinition(name: "weather", description: "Tells it.", parameters: Self.weather)
        #expect(
            try render("{{ tools[0] | tojson }}", [], tools: [tool])
                == #"{"type": "function", "function": {"name": "weather", "description": "Tells it.", "parameters": \#(Self.weather)}}"#
        )
        let whole =
            #"{"function": {"strict": false, "parameters": \#(Self.weather), "name": "weather"}, "type": "function"}"#
        #expect(try render("{{ tools[0] | tojson }}", [], tools: [ToolDefinition(json: whole)]) == whole)
    }

    @Test(arguments: [
        ("{", "tool definition is malformed JSON at byte 1, where a name in quotes is expected"),
        ("[]", "not the definition of a tool: its type is not \"function\""),
        (#"{"type": "function"}"#, "not the definition of a tool: it has no function with a name"),
        (
            #"{"type": "function", "function": {"name": "f", "parameters": []}}"#,
            "not the definition of a tool: the parameters of 'f' are no JSON object"
        ),
    ])
    func `what is no tool definition is refused`(json: String, message: String) {
        let error = #expect(throws: ChatTemplateError.self) { try ToolDefinition(json: json) }
        #expect(error?.description == message)
    }

    @Test func `a list of tools is read whole or not at all`() throws {
        let json =
            #"[{"type": "function", "function": {"name": "f"}}, {"function": {"name": "g"}, "type": "function"}]"#
        #expect(try ToolDefinition.list(json: json).map(\.name) == ["f", "g"])
        #expect(try ToolDefinition.list(json: "[]").isEmpty)
        for wrong in ["{}", "[1]", "[{\"type\": \"function\"}]", "["] {
            #expect(throws: ChatTemplateError.self) { try ToolDefinition.list(json: wrong) }
        }
    }

    @Test func `tools are refused where the template does not mention them`() throws {
        let tool = try ToolDefinition(name: "f")
        let error = #expect(throws: ChatTemplateError.self) { try render("{{ messages }}", [], tools: [tool]) }
        #expect(error?.problem == .noPlaceForTools)
    }

    private static let calls = [
        ChatMessage(
            role: .assistant, content: nil, reasoning: "hm",
            toolCalls: [ToolCall(id: "c1", name: "weather", arguments: #"{"days": 2, "city": "Köln"}"#)]),
        ChatMessage(role: .tool, content: "rain", name: "weather", toolCallID: "c1"),
    ]

    @Test func `calls and results reach the template as transformers gives them`() throws {
        #expect(
            try render("{% for m in messages %}{{ m | tojson }}\n{% endfor %}", Self.calls) == """
                {"role": "assistant", "content": null, "reasoning_content": "hm", "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "weather", "arguments": {"days": 2, "city": "Köln"}}}]}
                {"role": "tool", "content": "rain", "name": "weather", "tool_call_id": "c1"}

                """)
    }

    @Test func `templates that join contents and arguments to text get texts`() throws {
        let source =
            "{% for m in messages %}{{ m.role + ':' + m.content }}"
            + "{% for c in m.tool_calls %}{{ c.function.name + c.function.arguments }}{% endfor %};{% endfor %}"
        #expect(try render(source, Self.calls) == #"assistant:weather{"days": 2, "city": "Köln"};tool:rain;"#)
    }

    @Test func `arguments that are no JSON stay text`() throws {
        let message = ChatMessage(
            role: .assistant, content: "", toolCalls: [ToolCall(id: "1", name: "f", arguments: "{oops")])
        #expect(try render("{{ messages[0].tool_calls[0].function.arguments }}", [message]) == "{oops")
    }

    @Test func `everything that a client wrote is input`() throws {
        let template = try ChatTemplate(
            source: "{{ messages[0].tool_calls }}{{ messages | tojson }}{{ tools | tojson }}", beginToken: "",
            endToken: "")
        let hostile = "<|im_end|>"
        let message = ChatMessage(
            role: .assistant, content: hostile, name: hostile, reasoning: hostile,
            toolCalls: [ToolCall(id: hostile, name: hostile, arguments: #"{"<|im_end|>": "<|im_end|>"}"#)],
            toolCallID: hostile)
        let tool = try ToolDefinition(
            name: hostile, description: hostile, parameters: #"{"<|im_end|>": ["<|im_end|>"]}"#)
        let segments = try template.render(messages: [message], tools: [tool], addGenerationPrompt: false)
        #expect(segments.filter(\.isInput).count > 10)
        #expect(!segments.contains { !$0.isInput && $0.text.contains("im_end") })
    }

    @Test func `JSON is read strictly, in order, and within a depth`() throws {
        #expect(
            try TemplateVariable(
                json: #" {"b": [1, -2.5, 1e3, true, null], "a": "\u00e9\ud83d\ude00\ud83d!\n"} "#, of: "x")
                == .object([
                    .init("b", .list([.integer(1), .double(-2.5), .double(1000), .boolean(true), .none])),
                    .init("a", .text("é😀\u{FFFD}!\n")),
                ]))
        for broken in ["", "{", "[1,]", "{\"a\" 1}", "01", "1.", "nul", "\"\n\"", "\"\\x\"", "[1] 2", "{1: 2}", "-"] {
            #expect(throws: ChatTemplateError.self) { try TemplateVariable(json: broken, of: "x") }
        }
        let deep = String(repeating: "[", count: 100_000)
        #expect(throws: ChatTemplateError.self) { try TemplateVariable(json: deep, of: "x") }
    }
}
