import APIProtocols
import Testing

@Suite("Completion request")
struct CompletionRequestTests {
    @Test(
        arguments: [
            (#""hi""#, .text("hi")), (#"["hi"]"#, .text("hi")), ("[1,2]", .tokenIDs([1, 2])),
            ("[[1,2]]", .tokenIDs([1, 2])),
            (#""""#, .text("")),
        ] as [(String, CompletionRequest.Prompt)])
    func `reads a prompt in each form`(prompt: String, expected: CompletionRequest.Prompt) throws {
        #expect(try decoded(CompletionRequest.self, "{\"prompt\":\(prompt)}").get().prompt == expected)
    }

    @Test func `has OpenAI's defaults`() throws {
        let request = try decoded(CompletionRequest.self, #"{"prompt":"hi","model":""}"#).get()
        #expect(request.maximumTokenCount == 16)
        #expect(request.topLogProbabilityCount == nil)
        #expect(request.model == nil)
        #expect(!request.sampling.streams)
    }

    @Test(arguments: [
        ("{}", "prompt", "prompt is required"),
        (#"{"prompt":null}"#, "prompt", "prompt is required"),
        (#"{"prompt":7}"#, "prompt", "prompt must be a string or an array of token ids, found 7"),
        (#"{"prompt":[]}"#, "prompt", "prompt must be a string or an array of token ids, found an empty array"),
        (
            #"{"prompt":[1,-1]}"#, "prompt",
            "prompt must be a string or an array of token ids, found -1, which is out of the range of token ids"
        ),
        (
            #"{"prompt":[1,4294967297]}"#, "prompt",
            "prompt must be a string or an array of token ids, found 4294967297, which is out of the range of token ids"
        ),
        (#"{"prompt":[[]]}"#, "prompt", "prompt must be a string or an array of token ids, found an empty array"),
        (#"{"prompt":["a",1]}"#, "prompt", "prompt must be a string or an array of token ids, found an array"),
        (
            #"{"prompt":["a","b"]}"#, "prompt",
            "prompt is not supported (found an array of 2 prompts); send one prompt per request"
        ),
        (
            #"{"prompt":[[1],[2],[3]]}"#, "prompt",
            "prompt is not supported (found an array of 3 prompts); send one prompt per request"
        ),
        (#"{"prompt":"a","logprobs":6}"#, "logprobs", "logprobs must be a whole number between 0 and 5, found 6"),
        (#"{"prompt":"a","logprobs":true}"#, "logprobs", "logprobs must be a whole number between 0 and 5, found true"),
        (#"{"prompt":"a","echo":true}"#, "echo", "echo is not supported (found true); leave it out or send false"),
        (#"{"prompt":"a","best_of":2}"#, "best_of", "best_of is not supported (found 2); leave it out or send 1"),
        (#"{"prompt":"a","suffix":"z"}"#, "suffix", "suffix is not supported (found \"z\"); leave it out or send \"\""),
        (#"{"prompt":"a","messages":[]}"#, "messages", "messages is not a field of this request"),
    ])
    func `refuses by name`(body: String, field: String, message: String) {
        #expect(throws: RequestProblem(field: field, message: message)) {
            try decoded(CompletionRequest.self, body).get()
        }
    }

    @Test(arguments: [
        #""echo":false"#, #""best_of":1"#, #""suffix":null"#, #""suffix":"""#, #""n":1"#, #""user":"me""#,
    ])
    func `accepts what asks for nothing`(field: String) throws {
        _ = try decoded(CompletionRequest.self, "{\"prompt\":\"a\",\(field)}").get()
    }
}
