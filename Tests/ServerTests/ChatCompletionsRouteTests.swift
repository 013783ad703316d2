import ChatTemplates
import Engine
import HTTPTypes
import Sampling
import Server
import Testing

@Suite("POST /v1/chat/completions")
struct ChatCompletionsRouteTests {
    private static let path = "/v1/chat/completions"
    private static let messages = #""messages":[{"role":"user","content":"hi"}]"#

    @Test func `answers whole`() async throws {
        let answer = try await RouterClient(ScriptedGenerator()).post(Self.path, "{\(Self.messages)}")
        #expect(answer.status == 200)
        #expect(answer.headers[.contentType] == "application/json")
        #expect(
            answer.json
                == #"{"choices":[{"finish_reason":"stop","index":0,"logprobs":null,"message":{"content":"Hello, world","refusal":null,"role":"assistant"}}],"model":"org/tiny","object":"chat.completion","usage":{"completion_tokens":3,"prompt_tokens":7,"prompt_tokens_details":{"cached_tokens":0},"total_tokens":10}}"#
        )
        #expect(answer.text.contains(#""id":"chatcmpl-"#))
    }

    @Test func `streams role, text, end and [DONE]`() async throws {
        let answer = try await RouterClient(ScriptedGenerator()).post(Self.path, "{\(Self.messages),\"stream\":true}")
        #expect(answer.headers[.contentType] == "text/event-stream; charset=utf-8")
        #expect(
            answer.events == [
                #"{"choices":[{"delta":{"content":"","role":"assistant"},"finish_reason":null,"index":0,"logprobs":null}],"model":"org/tiny","object":"chat.completion.chunk"}"#,
                #"{"choices":[{"delta":{"content":"Hello"},"finish_reason":null,"index":0,"logprobs":null}],"model":"org/tiny","object":"chat.completion.chunk"}"#,
                #"{"choices":[{"delta":{"content":", world"},"finish_reason":null,"index":0,"logprobs":null}],"model":"org/tiny","object":"chat.completion.chunk"}"#,
                #"{"choices":[{"delta":{},"finish_reason":"stop","index":0,"logprobs":null}],"model":"org/tiny","object":"chat.completion.chunk"}"#,
                "[DONE]",
            ])
    }

    @Test func `streams usage in a last chunk without choices`() async throws {
        let answer = try await RouterClient(ScriptedGenerator()).post(
            Self.path, "{\(Self.messages),\"stream\":true,\"stream_options\":{\"include_usage\":true}}")
        #expect(
            answer.events.suffix(2) == [
                #"{"choices":[],"model":"org/tiny","object":"chat.completion.chunk","usage":{"completion_tokens":3,"prompt_tokens":7,"prompt_tokens_details":{"cached_tokens":0},"total_tokens":10}}"#,
                "[DONE]",
            ])
        #expect(answer.events.dropLast(2).allSatisfy { $0.hasSuffix(#""usage":null}"#) })
    }

    @Test func `reports log-probabilities whole and in a stream`() async throws {
        let client = RouterClient(ScriptedGenerator())
        let fields = "\(Self.messages),\"logprobs\":true,\"top_logprobs\":1"
        let hello =
            #"{"bytes":[72,101,108,108,111],"logprob":-0.5,"token":"Hello","top_logprobs":[{"bytes":[97],"logprob":-0.25,"token":"a"}]}"#
        let whole = try await client.post(Self.path, "{\(fields)}")
        #expect(whole.json.contains("\"logprobs\":{\"content\":[\(hello),{\"bytes\":[44]"))
        let stream = try await client.post(Self.path, "{\(fields),\"stream\":true}")
        #expect(stream.events[1].contains("\"logprobs\":{\"content\":[\(hello)],\"refusal\":null}"))
    }

    @Test func `hands the request to the engine`() async throws {
        let generator = ScriptedGenerator()
        _ = try await RouterClient(generator).post(
            Self.path,
            """
            {"messages":[{"role":"system","content":"s"},{"role":"user","content":"u","name":"n"}],"max_tokens":9,
             "temperature":0,"top_p":0,"top_k":5,"min_p":0.25,"repetition_penalty":1.5,"presence_penalty":1,
             "frequency_penalty":-1,"logit_bias":{"3":4},"seed":8,"stop":"END","logprobs":true,"top_logprobs":2}
            """)
        let request = try #require(generator.requests.first)
        guard case .chat(let messages) = request.prompt else {
            Issue.record("the prompt is \(request.prompt)")
            return
        }
        #expect(
            messages == [
                ChatMessage(role: .system, content: "s"), ChatMessage(role: .user, content: "u", name: "n"),
            ])
        var options = GenerationOptions()
        options.maximumTokenCount = 9
        options.topLogProbabilityCount = 2
        options.stopSequences = ["END"]
        options.sampling.temperature = 0
        options.sampling.topP = .leastNormalMagnitude
        options.sampling.topK = 5
        options.sampling.minP = 0.25
        options.sampling.repetitionPenalty = 1.5
        options.sampling.presencePenalty = 1
        options.sampling.frequencyPenalty = -1
        options.sampling.logitBias = [3: 4]
        options.sampling.seed = 8
        #expect(request.options == options)
    }

    @Test func `leaves to the engine what the request leaves out`() async throws {
        let generator = ScriptedGenerator()
        _ = try await RouterClient(generator).post(Self.path, "{\(Self.messages)}")
        #expect(generator.requests.first?.options == GenerationOptions())
    }

    @Test func `ends a stream that fails with an error event`() async throws {
        let failing = ScriptedGenerator(
            script: ScriptedGenerator.hello.prefix(2)
                + [.fail(EngineError(code: .generationFailed, message: "The logits are NaN"))])
        let answer = try await RouterClient(failing).post(Self.path, "{\(Self.messages),\"stream\":true}")
        #expect(answer.status == 200)
        #expect(
            answer.events.last
                == #"{"error":{"code":"generation_failed","message":"The logits are NaN","param":null,"type":"server_error"}}"#
        )
    }

    @Test func `an engine that stops without a result is an error`() async throws {
        let answer = try await RouterClient(ScriptedGenerator(script: Array(ScriptedGenerator.hello.prefix(2))))
            .post(Self.path, "{\(Self.messages)}")
        #expect(answer.status == 500)
        #expect(answer.text.contains("\"code\":\"generation_failed\""))
    }

    @Test func `names the field at fault`() async throws {
        let answer = try await RouterClient(ScriptedGenerator()).post(Self.path, "{\(Self.messages),\"temperature\":7}")
        #expect(answer.status == 400)
        #expect(
            answer.text
                == #"{"error":{"code":"invalid_value","message":"temperature must be between 0 and 2, found 7","param":"temperature","type":"invalid_request_error"}}"#
        )
    }
}
