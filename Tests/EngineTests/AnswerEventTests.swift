import ChatTemplates
import Engine
import Foundation
import Sampling
import TestSupport
import Testing

/// Reasoning and calls out of a real engine, whose model always gives the same answer.
@Suite("Reasoning and calls", .timeLimit(.minutes(1)))
struct AnswerEventTests {
    private static let weather = [
        "<think>", "\nRain", " in Osl", "o?", "</think>", "\n\n", "I look.", "\n<", "tool", "_call>",
        "{\"name\": \"get",
        "_weather\"", ", \"arguments\": {\"city\":", " \"Osl", "o\"}}", "</tool_call>",
    ]
    private static let tool = try? ToolDefinition(
        name: "get_weather", parameters: #"{"type": "object", "properties": {"city": {"type": "string"}}}"#)
    private static let question = GenerationRequest.Prompt.chat([ChatMessage(role: .user, content: "Rain in Oslo?")])

    struct Answer: Equatable {
        var text = ""
        var reasoning = ""
        var calls: [ToolCall] = []
        var events: [ToolCallEvent] = []
        var tokenIDs: [Int32] = []
        var finishReason: FinishReason?
        var stopSequence: String?
        var promptTokenCount = 0
    }

    private static func load(
        _ answer: [String], control: Set<String> = [], markers: String = "<tool_call> </think>",
        template: String? = nil, _ change: (inout EngineOptions) -> Void = { _ in }
    ) async throws -> InferenceEngine {
        let model = TranscriptModel(
            answer: answer, controlTokens: control, template: template ?? TranscriptModel.template(mentioning: markers))
        let folder = try ScratchFolder()
        try Data(model.bytes).write(to: URL(fileURLWithPath: folder.path("model.gguf")))
        var options = EngineOptions()
        options.threadCount = 1
        change(&options)
        return try await InferenceEngine.load(path: folder.path("model.gguf"), options: options)
    }

    private static func answer(
        _ engine: InferenceEngine, prompt: GenerationRequest.Prompt = question,
        tools: [ToolDefinition] = [tool].compactMap { $0 },
        _ change: (inout GenerationOptions) -> Void = { _ in }
    ) async throws -> Answer {
        var options = GenerationOptions()
        options.sampling.temperature = 0
        options.sampling.seed = 1
        options.maximumTokenCount = 60
        change(&options)
        var answer = Answer()
        let request = GenerationRequest(prompt: prompt, tools: tools, options: options)
        for try await event in try await engine.generate(request) {
            switch event {
            case .started(let count): answer.promptTokenCount = count
            case .text(let chunk):
                answer.text += chunk.text
                answer.tokenIDs += chunk.tokens.map(\.tokenID)
            case .reasoning(let chunk):
                answer.reasoning += chunk.text
                answer.tokenIDs += chunk.tokens.map(\.tokenID)
            case .toolCall(let event):
                answer.calls.take(event)
                answer.events.append(event)
            case .finished(let summary):
                answer.finishReason = summary.finishReason
                answer.stopSequence = summary.stopSequence
                #expect(summary.completionTokenCount == answer.tokenIDs.count)
            }
        }
        return answer
    }

    @Test func `an answer comes as reasoning, text and a call`() async throws {
        let engine = try await Self.load(Self.weather)
        #expect(engine.information.toolCallParser == "hermes" && engine.information.reasoningParser == "think")
        let answer = try await Self.answer(engine)
        #expect(answer.reasoning == "Rain in Oslo?")
        #expect(answer.text == "I look.")
        #expect(answer.calls.map(\.name) == ["get_weather"])
        #expect(answer.calls.map(\.arguments) == [#"{"city": "Oslo"}"#])
        #expect(answer.finishReason == .toolCalls)
        #expect(answer.tokenIDs.count == Self.weather.count)
        let again = try await Self.answer(engine)
        #expect(again == answer)  // the id too: the request has a seed
        let other = GenerationRequest.Prompt.chat([ChatMessage(role: .user, content: "And in Rome?")])
        #expect(try await Self.answer(engine, prompt: other).calls.first?.id != answer.calls.first?.id)
        let fragments = answer.events.filter { if case .arguments = $0 { true } else { false } }
        #expect(fragments.count > 1)
    }

    @Test func `without tools what looks like a call is text`() async throws {
        let engine = try await Self.load(Self.weather)
        let answer = try await Self.answer(engine, tools: [])
        #expect(answer.reasoning == "Rain in Oslo?")
        #expect(answer.text.hasPrefix("I look.\n<tool_call>{\"name\": \"get_weather\""))
        #expect(answer.calls.isEmpty && answer.finishReason == .stop)
    }

    @Test func `without parsers, and without a conversation, the answer is text as it stands`() async throws {
        let engine = try await Self.load(Self.weather) {
            $0.toolCallParser = "none"
            $0.reasoningParser = "none"
        }
        #expect(try await Self.answer(engine, tools: []).text == Self.weather.joined())
        let plain = try await Self.load(Self.weather)
        let raw = try await Self.answer(plain, prompt: .text("x\n"), tools: [])
        #expect(raw.text == Self.weather.joined() && raw.reasoning.isEmpty)
    }

    /// Control tokens are no text: a model that has the markers as such is still understood, and none comes out.
    @Test func `markers that are control tokens are understood and not shown`() async throws {
        let pieces = [
            "<|fim|>", "Yes.", "[TOOL_CALLS]", "get_weather", "[ARGS]", "{\"city\": \"[TOOL_CALLS", "] Oslo\"}",
        ]
        let engine = try await Self.load(
            pieces, control: ["<|fim|>", "[TOOL_CALLS]", "[ARGS]"], markers: "[TOOL_CALLS]")
        let answer = try await Self.answer(engine)
        #expect(answer.text == "Yes.")
        #expect(answer.calls.map(\.arguments) == [#"{"city": "[TOOL_CALLS] Oslo"}"#])
        #expect(answer.calls.first?.id.count == 9)
        let plain = try await Self.answer(engine, prompt: .text("x\n"), tools: [])
        #expect(plain.text == #"Yes.get_weather{"city": "[TOOL_CALLS] Oslo"}"#)
    }

    @Test func `messages with headers of control tokens are understood`() async throws {
        let pieces = [
            "<|channel|>", "analysis", "<|message|>", "Rain?", "<|end|>", "<|start|>", "assistant to=functions.get",
            "_weather", " ", "<|constrain|>", "json", "{\"city\": \"Oslo\"}",
        ]
        let controls: Set<String> = [
            "<|channel|>", "<|message|>", "<|end|>", "<|start|>", "<|constrain|>", "<|call|>", "<|return|>",
        ]
        let engine = try await Self.load(pieces, control: controls, markers: "<|channel|> <|message|>")
        #expect(engine.information.toolCallParser == "harmony")
        let answer = try await Self.answer(engine)
        #expect(answer.reasoning == "Rain?")
        // The chain of tokens has <|message|> once, so the call's header never ends: it is content.
        #expect(answer.text.contains("to=functions.get_weather"))
    }

    @Test func `a prompt that opens the reasoning is gone on with`() async throws {
        let template =
            TranscriptModel.template(mentioning: "</think>")
            .replacing("assistant\\n'", with: "assistant\\n<think>\\n'")
        let engine = try await Self.load(["Hm.", "</think>", "Yes."], template: template)
        let answer = try await Self.answer(engine, tools: [])
        #expect(answer.reasoning == "Hm." && answer.text == "Yes.")
        // What a user writes at the prompt's end opens nothing.
        let open = try await Self.load(
            ["Hm.", "</think>", "Yes."],
            template: "{# </think> #}{{ messages[0].content }}")
        let plain = try await Self.answer(
            open, prompt: .chat([ChatMessage(role: .user, content: "<think>\n")]), tools: [])
        #expect(plain.text == "Hm.</think>Yes." && plain.reasoning.isEmpty)
    }

    @Test func `one call ends the answer where only one is allowed`() async throws {
        let pieces = [
            "<tool_call>", "{\"name\": \"a\"", ", \"arguments\": {}}", "</tool_call>", "<tool_call>{\"name\": \"b\"}",
        ]
        let engine = try await Self.load(pieces)
        #expect(try await Self.answer(engine).calls.map(\.name) == ["a", "b"])
        let one = try await Self.answer(engine) { $0.maximumToolCallCount = 1 }
        #expect(one.calls.map(\.name) == ["a"] && one.finishReason == .toolCalls)
        #expect(one.tokenIDs.count == 3)
    }

    @Test func `a limit of tokens leaves a call incomplete`() async throws {
        let engine = try await Self.load(Self.weather)
        let answer = try await Self.answer(engine) { $0.maximumTokenCount = 14 }
        #expect(answer.calls.map(\.arguments) == [#"{"city": "Osl"#])
        #expect(answer.events.last == .ended(index: 0, isComplete: false))
        #expect(answer.finishReason == .length)
    }

    @Test func `stop sequences are looked for in the text alone`() async throws {
        let engine = try await Self.load(Self.weather)
        let answer = try await Self.answer(engine) { $0.stopSequences = ["Rain", "Osl", " look"] }
        #expect(answer.reasoning == "Rain in Oslo?")
        #expect(answer.text == "I" && answer.calls.isEmpty)
        #expect(answer.finishReason == .stop && answer.stopSequence == " look")
    }

    @Test func `tools that a model cannot be told of are refused with what to do`() async throws {
        let plain = "{% for m in messages %}{{ m.content }}{% endfor %}\n"
        let deaf = try await Self.load(["Yes."], template: plain)
        let error = await #expect(throws: EngineError.self) { try await Self.answer(deaf) }
        #expect(error?.code == .invalidRequest && error?.field == "tools")
        #expect(error?.message.contains("--tool-call-parser json") == true)
        let mute = try await Self.load(["Yes."], markers: "")
        let other = await #expect(throws: EngineError.self) { try await Self.answer(mute) }
        #expect(other?.field == "tools" && other?.message.contains("--tool-call-parser and one of") == true)
    }

    @Test func `the generic convention tells of tools in the conversation`() async throws {
        let template = "{% for m in messages %}{{ m.role + ': ' + m.content }}{% endfor %}{{ '\\n' }}"
        let engine = try await Self.load(
            ["{\"name\": \"get_weather\",", " \"arguments\": {}}"], template: template
        ) { $0.toolCallParser = "json" }
        let answer = try await Self.answer(engine)
        #expect(answer.calls.map(\.arguments) == ["{}"] && answer.text.isEmpty)
        #expect(answer.promptTokenCount > 200)
        let result = [
            ChatMessage(role: .user, content: "Rain?"),
            ChatMessage(role: .assistant, content: nil, toolCalls: answer.calls),
            ChatMessage(role: .tool, content: "no", name: "get_weather", toolCallID: answer.calls.first?.id),
        ]
        #expect(try await Self.answer(engine, prompt: .chat(result)).promptTokenCount > answer.promptTokenCount)
    }

    @Test func `an unknown parser does not load`() async throws {
        let error = await #expect(throws: EngineError.self) {
            try await Self.load(["xy"]) { $0.toolCallParser = "xml" }
        }
        #expect(error?.message.hasPrefix("there is no tool-call parser 'xml'") == true)
    }
}
