import APIProtocols
import Testing

@Suite("Responses as JSON")
struct ResponseTests {
    @Test func `a chat answer has OpenAI's shape`() throws {
        let response = ChatCompletionResponse(
            id: "chatcmpl-1", created: 17, model: "a/b", content: "hi", logProbabilities: nil, finishReason: "stop",
            usage: Usage(promptTokenCount: 3, completionTokenCount: 2))
        #expect(
            try json(response)
                == #"{"choices":[{"finish_reason":"stop","index":0,"logprobs":null,"message":{"content":"hi","refusal":null,"role":"assistant"}}],"created":17,"id":"chatcmpl-1","model":"a/b","object":"chat.completion","usage":{"completion_tokens":2,"prompt_tokens":3,"prompt_tokens_details":{"cached_tokens":0},"total_tokens":5}}"#
        )
    }

    @Test func `chat log-probabilities carry text, bytes and candidates`() throws {
        let logProbabilities = ChatLogProbabilities(content: [
            .init(
                candidate: .init(bytes: [0xE2, 0x82], logProbability: -0.25),
                top: [.init(bytes: [0x61], logProbability: -.infinity)])
        ])
        #expect(
            try json(logProbabilities)
                == #"{"content":[{"bytes":[226,130],"logprob":-0.25,"token":"\\xe2\\x82","top_logprobs":[{"bytes":[97],"logprob":-9999,"token":"a"}]}],"refusal":null}"#
        )
    }

    @Test(
        arguments: [
            (
                .role, false,
                #"{"delta":{"content":"","role":"assistant"},"finish_reason":null,"index":0,"logprobs":null}"#
            ),
            (.text("x", nil), false, #"{"delta":{"content":"x"},"finish_reason":null,"index":0,"logprobs":null}"#),
            (.finish("length"), false, #"{"delta":{},"finish_reason":"length","index":0,"logprobs":null}"#),
            (.finish("stop"), true, #"{"delta":{},"finish_reason":"stop","index":0,"logprobs":null}"#),
        ] as [(ChatCompletionChunk.Content, Bool, String)])
    func `a chat chunk has one choice`(content: ChatCompletionChunk.Content, hasUsage: Bool, choice: String) throws {
        let chunk = ChatCompletionChunk(id: "c", created: 1, model: "m", streamHasUsage: hasUsage, content: content)
        let usage = hasUsage ? #","usage":null"# : ""
        #expect(
            try json(chunk)
                == "{\"choices\":[\(choice)],\"created\":1,\"id\":\"c\",\"model\":\"m\",\"object\":\"chat.completion.chunk\"\(usage)}"
        )
    }

    @Test func `the usage chunk has no choices`() throws {
        let chunk = ChatCompletionChunk(
            id: "c", created: 1, model: "m", streamHasUsage: true,
            content: .usage(Usage(promptTokenCount: 1, completionTokenCount: 2)))
        #expect(
            try json(chunk)
                == #"{"choices":[],"created":1,"id":"c","model":"m","object":"chat.completion.chunk","usage":{"completion_tokens":2,"prompt_tokens":1,"prompt_tokens_details":{"cached_tokens":0},"total_tokens":3}}"#
        )
    }

    /// "a", "€" cut after its second byte, and " b": the third token starts inside "€", the second character.
    @Test func `legacy log-probabilities count scalars and keep the chosen token`() throws {
        var list = CompletionLogProbabilities()
        list.append(bytes: [0x61], logProbability: -1, top: [([0x62], -0.5)])
        list.append(bytes: [0xE2, 0x82], logProbability: -2, top: [([0xE2, 0x82], -2)])
        list.append(bytes: [0xAC], logProbability: .nan, top: [])
        list.append(bytes: [0x20, 0x62], logProbability: 0, top: [])
        #expect(
            try json(list)
                == #"{"text_offset":[0,1,1,2],"token_logprobs":[-1,-2,-9999,0],"tokens":["a","bytes:\\xe2\\x82","bytes:\\xac"," b"],"top_logprobs":[{"a":-1,"b":-0.5},{"bytes:\\xe2\\x82":-2},{"bytes:\\xac":-9999},{" b":0}]}"#
        )
        #expect(list.endOffset == 4)
    }

    @Test func `a text completion has OpenAI's shape`() throws {
        let response = CompletionResponse(
            id: "cmpl-1", created: 1, model: "m", choice: .init(text: "x", logProbabilities: nil, finishReason: "stop"),
            usage: .counts(Usage(promptTokenCount: 1, completionTokenCount: 1)))
        #expect(
            try json(response)
                == #"{"choices":[{"finish_reason":"stop","index":0,"logprobs":null,"text":"x"}],"created":1,"id":"cmpl-1","model":"m","object":"text_completion","usage":{"completion_tokens":1,"prompt_tokens":1,"prompt_tokens_details":{"cached_tokens":0},"total_tokens":2}}"#
        )
    }

    @Test func `errors name all four fields`() throws {
        let body = APIErrorBody(message: "no / \"way\"", kind: .invalidRequest, parameter: "n")
        #expect(
            try json(body)
                == #"{"error":{"code":null,"message":"no / \"way\"","param":"n","type":"invalid_request_error"}}"#)
    }

    @Test func `models are listed`() throws {
        let entry = ModelEntry(id: "a/b", created: 5, architecture: "llama", parameterCount: 9, contextLength: 64)
        #expect(
            try json(ModelList(models: [entry]))
                == #"{"data":[{"architecture":"llama","context_length":64,"created":5,"id":"a/b","loaded":true,"object":"model","owned_by":"realizar","parameter_count":9}],"object":"list"}"#
        )
    }
}

@Suite("Server-sent events")
struct ServerSentEventTests {
    @Test(arguments: [
        (ServerSentEvent(data: Array("{}".utf8)), "data: {}\n\n"),
        (.done, "data: [DONE]\n\n"),
        (ServerSentEvent(name: "ping", data: Array("a\nb".utf8)), "event: ping\ndata: a\ndata: b\n\n"),
        (ServerSentEvent(data: []), "data: \n\n"),
    ])
    func `are framed by lines`(event: ServerSentEvent, text: String) {
        #expect(String(decoding: event.bytes, as: UTF8.self) == text)
    }
}
