import APIProtocols
import Testing

@Suite("Chat completion request")
struct ChatCompletionRequestTests {
    private static let hello = #""messages":[{"role":"user","content":"hi"}]"#

    private func problem(_ fields: String) -> RequestProblem? {
        guard case .failure(let problem) = decoded(ChatCompletionRequest.self, "{\(Self.hello),\(fields)}") else {
            return nil
        }
        return problem
    }

    @Test func `reads every field that is honoured`() throws {
        let request = try decoded(
            ChatCompletionRequest.self,
            """
            {"model":"m","messages":[{"role":"developer","content":"a"},
             {"role":"user","name":"n","content":[{"type":"text","text":"b"},{"type":"text","text":"c"}]},
             {"role":"assistant","content":"d"}],
             "max_completion_tokens":5,"max_tokens":5,"logprobs":true,"top_logprobs":3,
             "temperature":0.5,"top_p":0.9,"top_k":-1,"min_p":0.1,"repeat_penalty":1.1,"presence_penalty":-2,
             "frequency_penalty":2,"logit_bias":{"7":-100,"8":1.5},"seed":-1,"stop":["x","y"],"ignore_eos":true,
             "stream":true,"stream_options":{"include_usage":true},"n":1}
            """
        ).get()
        #expect(request.model == "m")
        #expect(
            request.messages == [
                ChatRequestMessage(role: .system, content: "a"),
                ChatRequestMessage(role: .user, content: "b\nc", name: "n"),
                ChatRequestMessage(role: .assistant, content: "d"),
            ])
        #expect(request.maximumTokenCount == 5)
        #expect(request.topLogProbabilityCount == 3)
        let sampling = request.sampling
        #expect(sampling.temperature == 0.5)
        #expect(sampling.topP == 0.9)
        #expect(sampling.topK == 0)
        #expect(sampling.minP == 0.1)
        #expect(sampling.repetitionPenalty == 1.1)
        #expect(sampling.presencePenalty == -2)
        #expect(sampling.frequencyPenalty == 2)
        #expect(sampling.logitBias == [7: -100, 8: 1.5])
        #expect(sampling.seed == UInt64.max)
        #expect(sampling.stopSequences == ["x", "y"])
        #expect(sampling.ignoresEndOfGeneration)
        #expect(sampling.streams)
        #expect(sampling.includesUsage)
    }

    @Test func `takes null as absent in every field`() throws {
        let names = [
            "model", "max_tokens", "max_completion_tokens", "logprobs", "top_logprobs", "temperature", "top_p", "top_k",
            "min_p", "repetition_penalty", "presence_penalty", "frequency_penalty", "logit_bias", "seed", "stop",
            "stream", "stream_options", "n", "ignore_eos", "tools", "tool_choice", "response_format", "audio", "user",
            "functions", "prediction", "modalities", "reasoning_effort", "store", "web_search_options",
        ]
        let nulls = names.map { "\"\($0)\":null" }.joined(separator: ",")
        let request = try decoded(ChatCompletionRequest.self, "{\(Self.hello),\(nulls)}").get()
        let plain = try decoded(ChatCompletionRequest.self, "{\(Self.hello)}").get()
        #expect(request == plain)
    }

    @Test(arguments: [
        ("\"temperature\":7", "temperature", "temperature must be between 0 and 2, found 7"),
        ("\"temperature\":-0.1", "temperature", "temperature must be between 0 and 2, found -0.1"),
        ("\"temperature\":1e400", "temperature", "temperature must be between 0 and 2, found inf"),
        ("\"temperature\":\"hot\"", "temperature", "temperature must be between 0 and 2, found \"hot\""),
        ("\"top_p\":1.5", "top_p", "top_p must be between 0 and 1, found 1.5"),
        ("\"min_p\":2", "min_p", "min_p must be between 0 and 1, found 2"),
        ("\"top_k\":1.5", "top_k", "top_k must be a whole number between -1 and 2147483647, found 1.5"),
        (
            "\"repetition_penalty\":0", "repetition_penalty",
            "repetition_penalty must be above 0 and at most 10, found 0"
        ),
        (
            "\"repetition_penalty\":1,\"repeat_penalty\":2", "repetition_penalty",
            "repetition_penalty and repeat_penalty say different things; send one of them"
        ),
        ("\"presence_penalty\":2.1", "presence_penalty", "presence_penalty must be between -2 and 2, found 2.1"),
        ("\"frequency_penalty\":[]", "frequency_penalty", "frequency_penalty must be between -2 and 2, found []"),
        ("\"max_tokens\":1.5", "max_tokens", "max_tokens must be a whole number, 0 or more, found 1.5"),
        ("\"max_tokens\":-5", "max_tokens", "max_tokens must be a whole number, 0 or more, found -5"),
        ("\"max_tokens\":1e30", "max_tokens", "max_tokens must be a whole number, 0 or more, found 1e+30"),
        (
            "\"max_tokens\":1,\"max_completion_tokens\":2", "max_tokens",
            "max_tokens and max_completion_tokens say different things; send one of them"
        ),
        ("\"n\":2", "n", "n is not supported (found 2); leave it out or send 1"),
        ("\"n\":0", "n", "n must be a whole number between 1 and 128, found 0"),
        (
            "\"seed\":-9223372036854775809", "seed",
            "seed must be a whole number of 64 bits, found -9223372036854775809"
        ),
        ("\"user\":7", "user", "user must be a string, found 7"),
        ("\"metadata\":\"x\"", "metadata", "metadata must be an object, found \"x\""),
        ("\"seed\":1.5", "seed", "seed must be a whole number of 64 bits, found 1.5"),
        ("\"stream\":\"yes\"", "stream", "stream must be true or false, found \"yes\""),
        ("\"stream\":1", "stream", "stream must be true or false, found 1"),
        (
            "\"stream_options\":{}", "stream_options",
            "stream_options is not supported (found an object); send it with \"stream\": true"
        ),
        (
            "\"stream\":true,\"stream_options\":{\"x\":1}", "stream_options.x",
            "stream_options.x is not a field of this request"
        ),
        ("\"stop\":7", "stop", "stop must be a string or an array of at most 16 strings, found 7"),
        ("\"stop\":[\"\"]", "stop", "stop must be a string or an array of at most 16 strings, found an empty string"),
        (
            "\"logit_bias\":{\"x\":1}", "logit_bias",
            "logit_bias must be an object of numbers between -100 and 100 under token ids, found the id \"x\""
        ),
        (
            "\"logit_bias\":{\"5\":101}", "logit_bias",
            "logit_bias must be an object of numbers between -100 and 100 under token ids, found 101 under 5"
        ),
        (
            "\"top_logprobs\":2", "top_logprobs",
            "top_logprobs is not supported (found 2); send it with \"logprobs\": true"
        ),
        (
            "\"logprobs\":true,\"top_logprobs\":21", "top_logprobs",
            "top_logprobs must be a whole number between 0 and 20, found 21"
        ),
        ("\"logprobs\":3", "logprobs", "logprobs must be true or false, found 3"),
        ("\"frobnicate\":1", "frobnicate", "frobnicate is not a field of this request"),
        ("\"model\":7", "model", "model must be a string, found 7"),
    ])
    func `refuses a value out of range by name`(fields: String, field: String, message: String) {
        #expect(problem(fields) == RequestProblem(field: field, message: message))
    }

    @Test func `refuses more than 16 stop sequences`() {
        let stops = (0..<17).map { "\"\($0)\"" }.joined(separator: ",")
        #expect(
            problem("\"stop\":[\(stops)]")?.message
                == "stop must be a string or an array of at most 16 strings, found 17")
    }

    @Test(arguments: [
        ("functions", "[{}]", "[]"), ("function_call", "{\"name\":\"f\"}", "\"auto\""),
        ("response_format", "{\"type\":\"json_object\"}", "{\"type\":\"text\"}"),
        ("modalities", "[\"text\",\"audio\"]", "[\"text\"]"), ("store", "true", "false"),
        ("reasoning_effort", "\"high\"", "\"none\""), ("audio", "{\"voice\":\"x\"}", "null"),
        ("prediction", "{}", "null"), ("web_search_options", "{}", "null"),
    ])
    func `refuses what it does not serve and accepts what asks for nothing`(name: String, bad: String, harmless: String)
    {
        let problem = problem("\"\(name)\":\(bad)")
        #expect(problem?.field == name)
        #expect(problem?.message.hasPrefix("\(name) is not supported") == true)
        #expect(self.problem("\"\(name)\":\(harmless)") == nil)
    }

    @Test(arguments: [
        "user", "service_tier", "safety_identifier", "prompt_cache_key", "verbosity",
    ])
    func `accepts labels without effect`(name: String) {
        #expect(problem("\"\(name)\":\"x\"") == nil)
    }

    @Test(arguments: [
        ("{}", "messages", "messages is required"),
        (#"{"messages":[]}"#, "messages", "messages must be an array of at least one message, found []"),
        (#"{"messages":"hi"}"#, "messages", "messages must be an array of messages, found \"hi\""),
        (#"{"messages":["hi"]}"#, "messages[0]", "messages[0] must be a JSON object, found \"hi\""),
        (#"{"messages":[{"content":"x"}]}"#, "messages[0].role", "messages[0].role is required"),
        (#"{"messages":[{"role":"user"}]}"#, "messages[0].content", "messages[0].content is required"),
        (
            #"{"messages":[{"role":"user","content":7}]}"#, "messages[0].content",
            "messages[0].content must be a string or an array of text parts, found 7"
        ),
        (
            #"{"messages":[{"role":"robot","content":"x"}]}"#, "messages[0].role",
            #"messages[0].role must be "system", "developer", "user", "assistant" or "tool", found "robot""#
        ),
        (
            #"{"messages":[{"role":"user","content":[{"type":"image_url"}]}]}"#, "messages[0].content[0].type",
            #"messages[0].content[0].type is not supported (found "image_url"); only "text" parts are read"#
        ),
        (
            #"{"messages":[{"role":"user","content":"x","colour":"red"}]}"#, "messages[0].colour",
            "messages[0].colour is not a field of this request"
        ),
        ("[]", "", "the body must be a JSON object, found []"),
        ("7", "", "the body must be a JSON object, found 7"),
    ])
    func `refuses faulty messages by their place`(body: String, field: String, message: String) {
        #expect(throws: RequestProblem(field: field, message: message)) {
            try decoded(ChatCompletionRequest.self, body).get()
        }
    }

    @Test func `refuses more messages and parts than it reads`() {
        let message = #"{"role":"user","content":"x"}"#
        let many = Array(repeating: message, count: 10_001).joined(separator: ",")
        let long = "messages must be an array of messages, at most 10000, found 10001"
        #expect(throws: RequestProblem(field: "messages", message: long)) {
            try decoded(ChatCompletionRequest.self, "{\"messages\":[\(many)]}").get()
        }
        let parts = Array(repeating: #"{"type":"text","text":"x"}"#, count: 1001).joined(separator: ",")
        #expect {
            try decoded(
                ChatCompletionRequest.self, "{\"messages\":[{\"role\":\"user\",\"content\":[\(parts)]}]}"
            ).get()
        } throws: { error in
            (error as? RequestProblem)?.message.hasSuffix("at most 1000, found 1001") == true
        }
    }

    @Test func `reads an assistant's message without text where its tool calls are empty`() throws {
        let body = #"{"messages":[{"role":"assistant","content":null,"tool_calls":[]}]}"#
        let request = try decoded(ChatCompletionRequest.self, body).get()
        #expect(request.messages == [ChatRequestMessage(role: .assistant, content: "")])
        #expect(throws: RequestProblem(field: "messages[0].content", message: "messages[0].content is required")) {
            try decoded(ChatCompletionRequest.self, body.replacing("assistant", with: "user")).get()
        }
    }

    @Test func `reads back the messages that it sends`() throws {
        let body = """
            {"messages":[{"role":"assistant","content":"x","refusal":null,"annotations":[],"audio":null,
            "function_call":null,"tool_calls":null}]}
            """
        let request = try decoded(ChatCompletionRequest.self, body).get()
        #expect(request.messages == [ChatRequestMessage(role: .assistant, content: "x")])
    }
}
