import APIProtocols
import Testing

@Suite("Tools in chat requests")
struct ChatToolTests {
    private static let hello = #""messages":[{"role":"user","content":"hi"}]"#
    private static let tool =
        #"{"type":"function", "function": {"name":"f","strict":true,"parameters":{"z":1,"a":{"}":["\"]"]}}}}"#

    private func request(_ fields: String) throws -> ChatCompletionRequest {
        try decoded(ChatCompletionRequest.self, "{\(Self.hello),\(fields)}").get()
    }

    private func problem(_ fields: String) -> RequestProblem? {
        guard case .failure(let problem) = decoded(ChatCompletionRequest.self, "{\(Self.hello),\(fields)}") else {
            return nil
        }
        return problem
    }

    @Test func `tools are kept as they are written`() throws {
        let other = #"{ "function":{"description":"d","name":"g"},"type":"function" }"#
        let request = try request(#""temperature": 1, "tools" : [ \#(Self.tool) ,\#(other)],"tool_choice":"auto""#)
        #expect(request.tools == [ChatTool(name: "f", json: Self.tool), ChatTool(name: "g", json: other)])
        #expect(request.allowsParallelToolCalls)
        #expect(try self.request("\"tools\":[]").tools.isEmpty)
        #expect(try self.request("\"tools\":null,\"tool_choice\":null").tools.isEmpty)
    }

    @Test func `no tools are chosen where none may be`() throws {
        #expect(try request("\"tools\":[\(Self.tool)],\"tool_choice\":\"none\"").tools.isEmpty)
        #expect(try !request("\"tools\":[\(Self.tool)],\"parallel_tool_calls\":false").allowsParallelToolCalls)
    }

    @Test(arguments: [
        (
            #""tools":[{"type":"custom"}]"#, "tools[0].type",
            #"tools[0].type is not supported (found "custom"); only "function" is served"#
        ),
        (#""tools":[{"function":{"name":"f"}}]"#, "tools[0].type", "tools[0].type is required"),
        (#""tools":[{"type":"function"}]"#, "tools[0].function", "tools[0].function is required"),
        (
            #""tools":[{"type":"function","function":{}}]"#, "tools[0].function.name",
            "tools[0].function.name is required"
        ),
        (
            #""tools":[{"type":"function","function":{"name":"a b"}}]"#, "tools[0].function.name",
            #"tools[0].function.name must be 1 to 64 letters, digits, underscores, dashes and dots, found "a b""#
        ),
        (
            #""tools":[{"type":"function","function":{"name":"f","parameters":[]}}]"#, "tools[0].function.parameters",
            "tools[0].function.parameters must be a JSON schema of an object, found []"
        ),
        (
            #""tools":[{"type":"function","function":{"name":"f","x":1}}]"#, "tools[0].function.x",
            "tools[0].function.x is not a field of this request"
        ),
        (#""tools":{}"#, "tools", "tools must be an array of tools, found an object"),
        (
            #""tool_choice":"required""#, "tool_choice",
            #"tool_choice is not supported (found "required"); leave it out or send "none" or "auto""#
        ),
        (
            #""tool_choice":{"type":"function","function":{"name":"f"}}"#, "tool_choice",
            #"tool_choice is not supported (found an object); leave it out or send "none" or "auto""#
        ),
        (
            #""parallel_tool_calls":"x""#, "parallel_tool_calls",
            #"parallel_tool_calls must be true or false, found "x""#
        ),
    ])
    func `what is no tool is refused by its place`(fields: String, field: String, message: String) {
        #expect(problem(fields) == RequestProblem(field: field, message: message))
    }

    @Test func `more than 128 tools are refused`() {
        let tools = Array(repeating: Self.tool, count: 129).joined(separator: ",")
        #expect(problem("\"tools\":[\(tools)]")?.message == "tools must be an array of tools, at most 128, found 129")
    }

    @Test func `calls, results and reasoning are read from the history`() throws {
        let body = #"""
            {"messages":[{"role":"user","content":"hi"},
             {"role":"assistant","content":null,"reasoning_content":"hm","refusal":null,"annotations":[],"tool_calls":[
              {"id":"c1","type":"function","index":0,"function":{"name":"f","arguments":"{\"a\": 1}"}},
              {"id":"c2","function":{"name":"g","arguments":""}}]},
             {"role":"tool","tool_call_id":"c1","content":[{"type":"text","text":"r"}]},
             {"role":"tool","tool_call_id":"c2","content":"s","name":"g"}]}
            """#
        let messages = try decoded(ChatCompletionRequest.self, body).get().messages
        let calls = [
            ChatToolCall(id: "c1", name: "f", arguments: #"{"a": 1}"#),
            ChatToolCall(id: "c2", name: "g", arguments: ""),
        ]
        #expect(
            messages.dropFirst() == [
                ChatRequestMessage(role: .assistant, content: nil, reasoning: "hm", toolCalls: calls),
                ChatRequestMessage(role: .tool, content: "r", toolCallID: "c1"),
                ChatRequestMessage(role: .tool, content: "s", name: "g", toolCallID: "c2"),
            ])
    }

    @Test(arguments: [
        (#"{"role":"tool","content":"x"}"#, "messages[0].tool_call_id is required"),
        (#"{"role":"tool","tool_call_id":"c"}"#, "messages[0].content is required"),
        (
            #"{"role":"user","content":"x","tool_calls":[{}]}"#,
            "messages[0].tool_calls is not supported (found an array); leave it out or send []"
        ),
        (
            #"{"role":"user","content":"x","tool_call_id":"c"}"#,
            #"messages[0].tool_call_id is not supported (found "c"); leave it out"#
        ),
        (#"{"role":"assistant","tool_calls":[{"type":"function"}]}"#, "messages[0].tool_calls[0].id is required"),
        (
            #"{"role":"assistant","tool_calls":[{"id":"c","type":"custom"}]}"#,
            #"messages[0].tool_calls[0].type is not supported (found "custom"); only "function" is served"#
        ),
        (
            #"{"role":"assistant","tool_calls":[{"id":"c","function":{"name":"f","arguments":{}}}]}"#,
            "messages[0].tool_calls[0].function.arguments must be a string, found an object"
        ),
        (
            #"{"role":"assistant","content":"","reasoning_content":7}"#,
            "messages[0].reasoning_content must be a string, found 7"
        ),
        (
            #"{"role":"function","content":"x"}"#,
            #"messages[0].role is not supported (found function); send the role "tool""#
        ),
    ])
    func `faulty calls and results are refused by their place`(message: String, expected: String) {
        guard case .failure(let problem) = decoded(ChatCompletionRequest.self, "{\"messages\":[\(message)]}") else {
            Issue.record("accepted")
            return
        }
        #expect(problem.message == expected)
    }

    @Test func `an answer with calls says null and has them`() throws {
        let response = ChatCompletionResponse(
            id: "c", created: 1, model: "m", content: "", reasoning: "hm",
            toolCalls: [ChatToolCall(id: "c1", name: "f", arguments: "{\"a\": 1}")], logProbabilities: nil,
            finishReason: "tool_calls", usage: Usage(promptTokenCount: 1, completionTokenCount: 2))
        #expect(
            try json(response).contains(
                #""message":{"content":null,"reasoning_content":"hm","refusal":null,"role":"assistant","tool_calls":[{"function":{"arguments":"{\"a\": 1}","name":"f"},"id":"c1","type":"function"}]}"#
            ))
    }

    @Test(
        arguments: [
            (.reasoning("hm", nil), #"{"reasoning_content":"hm"}"#),
            (
                .toolCall(.began(index: 1, id: "c1", name: "f")),
                #"{"tool_calls":[{"function":{"arguments":"","name":"f"},"id":"c1","index":1,"type":"function"}]}"#
            ),
            (
                .toolCall(.arguments(index: 1, fragment: "{\"a")),
                #"{"tool_calls":[{"function":{"arguments":"{\"a"},"index":1}]}"#
            ),
        ] as [(ChatCompletionChunk.Content, String)])
    func `a chunk brings a piece of reasoning or of a call`(content: ChatCompletionChunk.Content, delta: String) throws
    {
        let chunk = ChatCompletionChunk(id: "c", created: 1, model: "m", streamHasUsage: false, content: content)
        #expect(try json(chunk).contains("\"delta\":\(delta),\"finish_reason\":null"))
    }
}
