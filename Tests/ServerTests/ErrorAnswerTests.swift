import Engine
import HTTPTypes
import Server
import TestSupport
import Testing

@Suite("Error answers")
struct ErrorAnswerTests {
    private static let body = #"{"prompt":"hi"}"#

    @Test(
        arguments: [
            (.invalidRequest, 400, "invalid_request_error", nil),
            (.contextLengthExceeded, 400, "invalid_request_error", nil),
            (.queueFull, 429, "rate_limit_error", "1"),
            (.shuttingDown, 503, "server_error", "5"),
            (.queueTimeout, 503, "server_error", "5"),
            (.deadlineExceeded, 504, "server_error", nil),
            (.generationFailed, 500, "server_error", nil),
            (.invalidModel, 500, "server_error", nil),
        ] as [(EngineError.Code, Int, String, String?)])
    func `the engine's refusals have their status`(
        code: EngineError.Code, status: Int, type: String, retryAfter: String?
    ) async throws {
        for stream in ["", ",\"stream\":true"] {
            let generator = ScriptedGenerator(refusal: EngineError(code: code, message: "no", field: "prompt"))
            let answer = try await RouterClient(generator).post("/v1/completions", "{\"prompt\":\"hi\"\(stream)}")
            #expect(answer.status == status)
            #expect(answer.headers[.retryAfter] == retryAfter)
            #expect(
                answer.text
                    == "{\"error\":{\"code\":\"\(code)\",\"message\":\"no\",\"param\":\"prompt\",\"type\":\"\(type)\"}}"
            )
        }
    }

    @Test(arguments: [
        ("", "The JSON body ends at byte 0, where a value is expected"),
        ("{\"prompt\":\"hi\",}", "The JSON body is malformed at byte 15: expected a field name in quotes, found \"}\""),
        (String(repeating: "[", count: 100_000), "The JSON body is nested deeper than 128 levels at byte 128"),
        (#"{"prompt":"\ud800"}"#, "The JSON body has half of a surrogate pair at byte 11"),
    ])
    func `malformed JSON is a 400 with its place`(body: String, message: String) async throws {
        let answer = try await RouterClient(ScriptedGenerator()).post("/v1/completions", body)
        #expect(answer.status == 400)
        #expect(answer.text.contains("\"code\":\"invalid_json\""))
        #expect(answer.text.contains(message.replacing("\"", with: "\\\"")))
    }

    @Test func `invalid UTF-8 is a 400`() async throws {
        let answer = try await RouterClient(ScriptedGenerator()).send(
            .post, "/v1/completions", body: [0x7B, 0x22, 0xFF, 0x22, 0x7D])
        #expect(answer.status == 400)
        #expect(answer.text.contains("not valid UTF-8 at byte 2"))
    }

    @Test(arguments: ["text/plain", "application/x-www-form-urlencoded", nil])
    func `any content type is read as JSON`(type: String?) async throws {
        var headers = HTTPFields()
        headers[.contentType] = type
        let answer = try await RouterClient(ScriptedGenerator()).send(
            .post, "/v1/completions", headers: headers, body: Array(Self.body.utf8))
        #expect(answer.status == 200)
    }

    @Test func `a body beyond the limit is a 413, announced or not`() async throws {
        var configuration = ServerConfiguration()
        configuration.maximumBodySize = 20
        let client = RouterClient(ScriptedGenerator(), configuration: configuration)
        let long = try await client.post("/v1/completions", #"{"prompt":"hi","stop":"x"}"#)
        #expect(long.status == 413)
        #expect(long.text.contains("\"code\":\"request_too_large\""))
        let announced = try await client.send(.post, "/v1/completions", headers: [.contentLength: "21"])
        #expect(announced.status == 413)
        #expect(try await client.post("/v1/completions", Self.body).status == 200)
    }

    @Test func `a body with broken chunks is a 400`() async throws {
        try await withLiveServer(ScriptedGenerator()) { _, port in
            let client = try RawClient(port: port)
            client.send("POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
            let answer = try await client.receive(until: "}}")
            #expect(answer.hasPrefix("HTTP/1.1 400"))
            #expect(answer.contains("\"code\":\"invalid_http\""))
        }
    }

    @Test func `an unknown model is a 404, an absent or empty name is the only model`() async throws {
        let client = RouterClient(ScriptedGenerator())
        let answer = try await client.post("/v1/completions", #"{"prompt":"hi","model":"gpt-9"}"#)
        #expect(answer.status == 404)
        #expect(
            answer.text
                == #"{"error":{"code":"model_not_found","message":"The model 'gpt-9' does not exist; this server has 'org/tiny'","param":"model","type":"invalid_request_error"}}"#
        )
        #expect(try await client.post("/v1/completions", #"{"prompt":"hi","model":""}"#).status == 200)
        #expect(try await client.post("/v1/completions", #"{"prompt":"hi","model":"org/tiny"}"#).status == 200)
    }

    @Test func `with two models the name is needed, and aliases count`() async throws {
        var configuration = ServerConfiguration()
        configuration.modelAliases = ["gpt-4o": "b"]
        let second = ScriptedGenerator(modelName: "b")
        let client = RouterClient(ScriptedGenerator(modelName: "a"), second, configuration: configuration)
        let answer = try await client.post("/v1/completions", Self.body)
        #expect(answer.status == 400)
        #expect(answer.text.contains("\"param\":\"model\""))
        #expect(try await client.post("/v1/completions", #"{"prompt":"hi","model":"gpt-4o"}"#).status == 200)
        #expect(second.requests.count == 1)
    }

    @Test(arguments: ["/nope", "/v1", "/v1/chat", "/v1/chat/completions/x", "/api/generate"])
    func `an unknown route is a 404`(path: String) async throws {
        let answer = try await RouterClient(ScriptedGenerator()).get(path)
        #expect(answer.status == 404)
        #expect(answer.text.contains("\"code\":\"route_not_found\""))
    }

    @Test(
        arguments: [
            (.get, "/v1/chat/completions", "POST"), (.get, "/v1/completions", "POST"),
            (.post, "/v1/models", "GET, HEAD"),
            (.delete, "/v1/models/org/tiny", "GET, HEAD"), (.put, "/health", "GET, HEAD"), (.post, "/", "GET, HEAD"),
            (.options, "/v1/completions", "POST"), (.init("BREW")!, "/metrics", "GET, HEAD"),
        ] as [(HTTPRequest.Method, String, String)])
    func `a wrong method is a 405 that says which are right`(
        method: HTTPRequest.Method, path: String, allowed: String
    ) async throws {
        let answer = try await RouterClient(ScriptedGenerator()).send(method, path)
        #expect(answer.status == 405)
        #expect(answer.headers[.allow] == allowed)
        #expect(answer.text.contains("\"code\":\"method_not_allowed\""))
    }

    @Test(arguments: ["/", "/health", "/metrics", "/v1/models", "/v1/models/org/tiny", "/nope"])
    func `HEAD answers as GET without a body`(path: String) async throws {
        let client = RouterClient(ScriptedGenerator())
        let get = try await client.get(path)
        let head = try await client.send(.head, path)
        #expect(head.status == get.status)
        #expect(head.text.isEmpty)
        #expect(head.headers[.contentType] == get.headers[.contentType])
    }
}
