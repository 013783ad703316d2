import Foundation
import TestSupport
import Testing

/// The real binary with a model that calls a tool, whatever it is asked.
@Suite("Tools, from outside", .enabled(if: RealizarProcess.exists, RealizarProcess.missing), .timeLimit(.minutes(2)))
struct ToolCallTests {
    private static let tools =
        #"[{"type": "function", "function": {"name": "get_weather", "parameters": {"type": "object"}}}]"#
    private let folder: TemporaryFolder
    private let model: String

    init() throws {
        folder = try TemporaryFolder()
        model = folder.path("weather.gguf")
        let transcript = TranscriptModel(
            answer: [
                "<think>", "Hm, ", "rain.", "</think>", "I look", ".\n", "<tool_call>", "{\"name\": \"get_",
                "weather\",",
                " \"arguments\": {", "\"city\": \"Oslo\"}}", "</tool_call>",
            ],
            template: TranscriptModel.template(mentioning: "<tool_call> </think>"))
        try Data(transcript.bytes).write(to: folder.url("weather.gguf"))
        try Data(Self.tools.utf8).write(to: folder.url("tools.json"))
    }

    private func run(_ arguments: String...) throws -> RealizarProcess.Result {
        try RealizarProcess(["run", model, "Rain?", "--temperature", "0"] + arguments).wait()
    }

    @Test func `run tells reasoning and calls apart`() throws {
        let json = try run("--tools", folder.path("tools.json"), "--format", "json").json()
        #expect(json["text"]?.string == "I look.")
        #expect(json["reasoning"]?.string == "Hm, rain.")
        #expect(json["tool_calls"]?[0]?["name"]?.string == "get_weather")
        #expect(json["tool_calls"]?[0]?["arguments"]?.string == #"{"city": "Oslo"}"#)
        #expect(json["finish_reason"]?.string == "tool_calls")
        #expect(json["completion_tokens"]?.number == 12)
    }

    @Test func `run writes text, then calls, one a line, and reasoning elsewhere`() throws {
        let hidden = try run("--tools", folder.path("tools.json"), "--seed", "1")
        let lines = hidden.output.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 3 && lines.first == "I look." && lines.last == "")
        #expect(try JSON(Array(lines[1].utf8))["arguments"]?.string == #"{"city": "Oslo"}"#)
        #expect(!hidden.errorText.contains("rain"))
        let shown = try run("--tools", folder.path("tools.json"), "--seed", "1", "--reasoning", "show")
        #expect(shown.output == hidden.output)
        #expect(shown.errorText.contains("Hm, rain.\n"))
    }

    @Test func `parsers can be named, and switched off`() throws {
        let plain = try run("--tool-call-parser", "none", "--reasoning-parser", "none")
        #expect(plain.output.hasPrefix("<think>Hm, rain.</think>I look.\n<tool_call>{"))
        let wrong = try run("--tool-call-parser", "xml")
        #expect(wrong.status == 2)
        #expect(wrong.errorText.contains("--tool-call-parser is xml, but must be one of harmony, mistral"))
        let broken = try run("--tools", model)
        #expect(broken.status == 1 && broken.output.isEmpty)
    }

    @Test func `chat keeps the answer's text`() throws {
        let result = try RealizarProcess.run(
            "chat", model, "--temperature", "0", "--reasoning", "show", input: "Rain?\n")
        #expect(result.status == 0)
        #expect(result.output.hasPrefix("I look.\n<tool_call>"))
        #expect(result.errorText.contains("Hm, rain."))
    }

    @Test func `serve answers with calls, streamed or not`() async throws {
        let (server, port) = try ServeCommandTests.start(["--model", model])
        let request = { (stream: Bool) in
            #"{"messages":[{"role":"user","content":"Rain?"}],"temperature":0,"seed":3,"tools":\#(Self.tools),"stream":\#(stream)}"#
        }
        let whole = try ServeCommandTests.body(
            try await ServeCommandTests.post(port, "/v1/chat/completions", request(false)))
        let message = try #require(whole["choices"]?[0]?["message"])
        #expect(message["content"]?.string == "I look.")
        #expect(message["reasoning_content"]?.string == "Hm, rain.")
        let call = try #require(message["tool_calls"]?[0])
        #expect(call["function"]?["arguments"]?.string == #"{"city": "Oslo"}"#)
        #expect(whole["choices"]?[0]?["finish_reason"]?.string == "tool_calls")

        let stream = try await ServeCommandTests.post(port, "/v1/chat/completions", request(true))
        var arguments = ""
        var ids: [String] = []
        for line in stream.split(whereSeparator: \.isNewline) where line.hasPrefix("data: {") {
            let delta = try JSON(Array(line.dropFirst(6).utf8))["choices"]?[0]?["delta"]
            guard let piece = delta?["tool_calls"]?[0] else { continue }
            #expect(piece["index"]?.number == 0)
            if let id = piece["id"]?.string { ids.append(id) }
            arguments += piece["function"]?["arguments"]?.string ?? ""
        }
        #expect(arguments == #"{"city": "Oslo"}"#)
        #expect(ids == [call["id"]?.string].compactMap { $0 })  // the same seed gives the same id

        let result = """
            {"messages":[{"role":"user","content":"Rain?"},{"role":"assistant","content":null,"tool_calls":[{"id":"\(ids.first ?? "")",
            "type":"function","function":{"name":"get_weather","arguments":"{}"}}]},
            {"role":"tool","tool_call_id":"\(ids.first ?? "")","content":"no"}],"tools":\(Self.tools),"max_tokens":3}
            """
        let next = try ServeCommandTests.body(try await ServeCommandTests.post(port, "/v1/chat/completions", result))
        #expect(next["choices"]?[0]?["finish_reason"]?.string == "length")
        server.send(SIGTERM)
        #expect(try server.wait().status == 0)
    }
}
