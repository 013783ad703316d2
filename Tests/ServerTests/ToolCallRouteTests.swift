import ChatTemplates
import Engine
import HTTPTypes
import Server
import Testing

@Suite("Tools on POST /v1/chat/completions")
struct ToolCallRouteTests {
    private static let path = "/v1/chat/completions"
    private static let tool =
        #"{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{"b":{},"a":{}}}}}"#
    private static let asking = #""messages":[{"role":"user","content":"hi"}],"tools":[\#(tool)]"#

    private static let script: [ScriptedGenerator.Step] = [
        .event(.started(promptTokenCount: 7)),
        .event(.reasoning(TextChunk(text: "hm", tokens: [ScriptedGenerator.token("hm", -1)]))),
        .event(.text(TextChunk(text: "I look.", tokens: []))),
        .event(.toolCall(.began(index: 0, id: "call_1", name: "f"))),
        .event(.toolCall(.arguments(index: 0, fragment: "{\"a\""))),
        .event(.toolCall(.arguments(index: 0, fragment: ": 1}"))),
        .event(.toolCall(.ended(index: 0, isComplete: true))),
        .event(.toolCall(.began(index: 1, id: "call_2", name: "g"))),
        .event(.toolCall(.arguments(index: 1, fragment: "{}"))),
        .event(.toolCall(.ended(index: 1, isComplete: true))),
        .event(
            .finished(
                GenerationSummary(
                    finishReason: .toolCalls, promptTokenCount: 7, completionTokenCount: 9, prefillDuration: .zero,
                    decodeDuration: .zero))),
    ]

    @Test func `answers whole with reasoning and calls`() async throws {
        let answer = try await RouterClient(ScriptedGenerator(script: Self.script)).post(Self.path, "{\(Self.asking)}")
        #expect(
            answer.json
                == #"{"choices":[{"finish_reason":"tool_calls","index":0,"logprobs":null,"message":{"content":"I look.","reasoning_content":"hm","refusal":null,"role":"assistant","tool_calls":[{"function":{"arguments":"{\"a\": 1}","name":"f"},"id":"call_1","type":"function"},{"function":{"arguments":"{}","name":"g"},"id":"call_2","type":"function"}]}}],"model":"org/tiny","object":"chat.completion","usage":{"completion_tokens":9,"prompt_tokens":7,"prompt_tokens_details":{"cached_tokens":0},"total_tokens":16}}"#
        )
    }

    @Test func `streams reasoning and calls in pieces`() async throws {
        let answer = try await RouterClient(ScriptedGenerator(script: Self.script))
            .post(Self.path, "{\(Self.asking),\"stream\":true}")
        let deltas = answer.events.compactMap { event in
            event.firstMatch(of: /"delta":(.*),"finish_reason":(.*),"index":0,"logprobs"/).map { "\($0.1) \($0.2)" }
        }
        #expect(
            deltas == [
                #"{"content":"","role":"assistant"} null"#, #"{"reasoning_content":"hm"} null"#,
                #"{"content":"I look."} null"#,
                #"{"tool_calls":[{"function":{"arguments":"","name":"f"},"id":"call_1","index":0,"type":"function"}]} null"#,
                #"{"tool_calls":[{"function":{"arguments":"{\"a\""},"index":0}]} null"#,
                #"{"tool_calls":[{"function":{"arguments":": 1}"},"index":0}]} null"#,
                #"{"tool_calls":[{"function":{"arguments":"","name":"g"},"id":"call_2","index":1,"type":"function"}]} null"#,
                #"{"tool_calls":[{"function":{"arguments":"{}"},"index":1}]} null"#, #"{} "tool_calls""#,
            ])
        #expect(answer.events.last == "[DONE]")
    }

    @Test func `hands tools, calls and results to the engine`() async throws {
        let generator = ScriptedGenerator()
        let answer = try await RouterClient(generator).post(
            Self.path,
            """
            {"messages":[{"role":"user","content":"u"},
             {"role":"assistant","content":null,"reasoning_content":"r","tool_calls":[{"id":"c","type":"function",
              "function":{"name":"f","arguments":"{}"}}]},
             {"role":"tool","tool_call_id":"c","content":"done"}],
             "tools":[\(Self.tool)],"parallel_tool_calls":false}
            """)
        #expect(answer.status == 200)
        let request = try #require(generator.requests.first)
        guard case .chat(let messages) = request.prompt else {
            Issue.record("the prompt is \(request.prompt)")
            return
        }
        #expect(
            messages == [
                ChatMessage(role: .user, content: "u"),
                ChatMessage(
                    role: .assistant, content: nil, reasoning: "r",
                    toolCalls: [ToolCall(id: "c", name: "f", arguments: "{}")]),
                ChatMessage(role: .tool, content: "done", name: "f", toolCallID: "c"),
            ])
        #expect(request.tools == [try ToolDefinition(json: Self.tool)])
        #expect(request.options.maximumToolCallCount == 1)
    }

    @Test func `tools that nest deeper than templates take are refused by place`() async throws {
        let deep = String(repeating: "{\"a\":", count: 60) + "1" + String(repeating: "}", count: 60)
        let answer = try await RouterClient(ScriptedGenerator()).post(
            Self.path,
            #"{"messages":[{"role":"user","content":"hi"}],"tools":[{"type":"function","function":{"name":"f","parameters":\#(deep)}}]}"#
        )
        #expect(answer.status == 400)
        #expect(answer.text.contains(#""param":"tools[0]""#))
        #expect(answer.text.contains("more than 48 lists and objects"))
    }

    @Test func `what the engine refuses about tools is a bad request`() async throws {
        let refusing = ScriptedGenerator(
            refusal: EngineError(code: .invalidRequest, message: "no place for tools", field: "tools"))
        let answer = try await RouterClient(refusing).post(Self.path, "{\(Self.asking)}")
        #expect(answer.status == 400)
        #expect(answer.text.contains(#""param":"tools""#))
    }
}
