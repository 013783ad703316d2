import Engine
import Server
import Testing

@Suite("POST /v1/completions")
struct CompletionsRouteTests {
    private static let path = "/v1/completions"

    @Test func `answers whole, with legacy log-probabilities`() async throws {
        let answer = try await RouterClient(ScriptedGenerator()).post(Self.path, #"{"prompt":"hi","logprobs":1}"#)
        #expect(answer.status == 200)
        #expect(
            answer.json
                == #"{"choices":[{"finish_reason":"stop","index":0,"logprobs":{"text_offset":[0,5,6],"token_logprobs":[-0.5,-1,-2],"tokens":["Hello",","," world"],"top_logprobs":[{"Hello":-0.5,"a":-0.25},{",":-1,"a":-0.25},{" world":-2,"a":-0.25}]},"text":"Hello, world"}],"model":"org/tiny","object":"text_completion","usage":{"completion_tokens":3,"prompt_tokens":7,"prompt_tokens_details":{"cached_tokens":0},"total_tokens":10}}"#
        )
    }

    @Test func `streams text, end, usage and [DONE], with offsets over all chunks`() async throws {
        let answer = try await RouterClient(ScriptedGenerator()).post(
            Self.path, #"{"prompt":"hi","logprobs":0,"stream":true,"stream_options":{"include_usage":true}}"#)
        let tail = #""model":"org/tiny","object":"text_completion","usage""#
        let first =
            #"{"text_offset":[0],"token_logprobs":[-0.5],"tokens":["Hello"],"top_logprobs":[{"Hello":-0.5,"a":-0.25}]}"#
        let second =
            #"{"text_offset":[5,6],"token_logprobs":[-1,-2],"tokens":[","," world"],"top_logprobs":[{",":-1,"a":-0.25},{" world":-2,"a":-0.25}]}"#
        #expect(
            answer.events == [
                "{\"choices\":[{\"finish_reason\":null,\"index\":0,\"logprobs\":\(first),\"text\":\"Hello\"}],\(tail):null}",
                "{\"choices\":[{\"finish_reason\":null,\"index\":0,\"logprobs\":\(second),\"text\":\", world\"}],\(tail):null}",
                "{\"choices\":[{\"finish_reason\":\"stop\",\"index\":0,\"logprobs\":null,\"text\":\"\"}],\(tail):null}",
                "{\"choices\":[],\(tail):{\"completion_tokens\":3,\"prompt_tokens\":7,\"prompt_tokens_details\":{\"cached_tokens\":0},\"total_tokens\":10}}",
                "[DONE]",
            ])
    }

    @Test(arguments: [-Double.infinity, .infinity, .nan], [true, false])
    func `log-probabilities that JSON cannot carry become the least or the most`(value: Double, streams: Bool)
        async throws
    {
        let text = GenerationEvent.text(TextChunk(text: "x", tokens: [ScriptedGenerator.token("x", value)]))
        let generator = ScriptedGenerator(script: [.event(text), .event(.finished(ScriptedGenerator.summary))])
        let answer = try await RouterClient(generator).post(
            Self.path, "{\"prompt\":\"hi\",\"logprobs\":1,\"stream\":\(streams)}")
        #expect(answer.status == 200)
        #expect(answer.text.contains("\"token_logprobs\":[\(value == .infinity ? 0 : -9999)]"))
        #expect(answer.text.hasSuffix("[DONE]\n\n") == streams)
    }

    @Test func `hands over token ids and OpenAI's default length`() async throws {
        let generator = ScriptedGenerator()
        _ = try await RouterClient(generator).post(Self.path, #"{"prompt":[1,2,3]}"#)
        let request = try #require(generator.requests.first)
        guard case .tokenIDs([1, 2, 3]) = request.prompt else {
            Issue.record("the prompt is \(request.prompt)")
            return
        }
        #expect(request.options.maximumTokenCount == 16)
    }
}
