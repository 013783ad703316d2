import ChatTemplates
import Testing

@Suite("Tools in plain conversations")
struct GenericToolPromptTests {
    private static let tools = [
        try? ToolDefinition(
            name: "f", description: "Says \"hi\".",
            parameters: #"{"type": "object", "minimum": 1.5, "a": [true, null]}"#)
    ].compactMap { $0 }

    private static let line =
        #"{"name": "f", "description": "Says \"hi\".", "parameters": {"type": "object", "minimum": 1.5, "a": [true, null]}}"#

    @Test func `tools stand behind the instructions`() {
        let messages = GenericToolPrompt.messages(
            [ChatMessage(role: .system, content: "Be brief."), ChatMessage(role: .user, content: "Hi")],
            tools: Self.tools)
        #expect(messages.count == 2)
        #expect(
            messages[0].content?.hasPrefix("Be brief.\n\nYou can call these functions:\n\n\(Self.line)\n\n") == true)
        #expect(messages[1].content == "Hi")
    }

    @Test func `without instructions they stand before the first message`() {
        let messages = GenericToolPrompt.messages([ChatMessage(role: .user, content: "Hi")], tools: Self.tools)
        #expect(messages.count == 1)
        #expect(messages[0].content?.contains(Self.line) == true)
        #expect(messages[0].content?.hasSuffix("needed.\n\nHi") == true)
    }

    @Test func `calls and results become texts that alternate`() {
        let calls = ["1", "2"].map { ToolCall(id: $0, name: "f", arguments: "{\"x\": \($0)}") }
        let messages = GenericToolPrompt.messages(
            [
                ChatMessage(role: .user, content: "Hi"), ChatMessage(role: .assistant, content: nil, toolCalls: calls),
                ChatMessage(role: .tool, content: "a", name: "f", toolCallID: "1"),
                ChatMessage(role: .tool, content: "b", toolCallID: "2"),
            ], tools: [])
        #expect(messages.map(\.role) == [.user, .assistant, .user])
        #expect(
            messages[1].content == #"[{"name": "f", "arguments": {"x": 1}}, {"name": "f", "arguments": {"x": 2}}]"#)
        #expect(messages[2].content == "Result of f:\na\n\nResult of 2:\nb")
        #expect(messages[1].toolCalls.isEmpty)
    }

    @Test func `what it asks for is what its parser reads`() throws {
        let message = ChatMessage(
            role: .assistant, content: "", toolCalls: [ToolCall(id: "1", name: "f", arguments: "{\"x\": \"}\"}")])
        let text = try #require(GenericToolPrompt.messages([message], tools: []).first?.content)
        let parser = AnswerParser(
            conventions: try AnswerConventions(template: "", toolCallParser: "json"), tools: Self.tools, prompt: "",
            seed: 1)
        #expect(
            ParsedAnswer([text[...]], parser).calls
                == [AnswerFixture.Call(name: "f", arguments: "{\"x\": \"}\"}", isComplete: true)])
    }
}
