import Engine
import HTTPTypes
import Server
import Testing

@Suite("Whose request it is, and how long it may take")
struct RequestAdmissionTests {
    private static func admission(
        _ headers: HTTPFields = [:], _ change: (inout ServerConfiguration) -> Void = { _ in }
    ) async throws -> AdmissionOptions? {
        var configuration = ServerConfiguration()
        change(&configuration)
        let generator = ScriptedGenerator()
        let client = RouterClient(generator, configuration: configuration)
        let body = Array(#"{"prompt":"hi"}"#.utf8)
        #expect(try await client.send(.post, "/v1/completions", headers: headers, body: body).status == 200)
        return generator.requests.first?.admission
    }

    @Test func `a key tells clients apart, and headers can only give way`() async throws {
        #expect(try await Self.admission() == AdmissionOptions())
        let headers: HTTPFields = [
            .authorization: "Bearer one", .init("X-Request-Priority")!: "7", .init("X-Request-Timeout")!: "90",
        ]
        let admission = try #require(try await Self.admission(headers) { $0.apiKeys = ["one", "two"] })
        #expect(admission.client == "one" && admission.priority == 7 && admission.maximumDuration == .seconds(90))
        let bounded = try #require(
            try await Self.admission(headers) {
                $0.requestTimeout = .seconds(60)
                $0.queueTimeout = .seconds(5)
                $0.firstTokenTimeout = .seconds(6)
            })
        #expect(bounded.client == "" && bounded.maximumDuration == .seconds(60))
        #expect(bounded.maximumQueueWait == .seconds(5) && bounded.maximumFirstTokenWait == .seconds(6))
    }

    @Test(arguments: [
        ("X-Request-Priority", "-1"), ("X-Request-Priority", "10"), ("X-Request-Priority", "high"),
        ("X-Request-Timeout", "0"), ("X-Request-Timeout", "1e3"),
    ])
    func `a header that makes no sense is refused by its name`(name: String, value: String) async throws {
        let generator = ScriptedGenerator()
        let answer = try await RouterClient(generator).send(
            .post, "/v1/completions", headers: [try #require(HTTPField.Name(name)): value],
            body: Array(#"{"prompt":"hi"}"#.utf8))
        #expect(answer.status == 400 && answer.text.contains("\"param\":\"\(name)\""))
        #expect(generator.requests.isEmpty)
    }
}

@Suite("Keys, hosts and request ids")
struct MiddlewareTests {
    private func client(keys: [String] = [], host: String = "127.0.0.1", allowed: [String] = []) -> RouterClient {
        var configuration = ServerConfiguration()
        configuration.apiKeys = keys
        configuration.host = host
        configuration.allowedHosts = allowed
        return RouterClient(ScriptedGenerator(), configuration: configuration)
    }

    @Test(arguments: [
        ("Authorization", "Bearer sk-1", 200), ("Authorization", "bearer sk-2", 200), ("x-api-key", "sk-2", 200),
        ("Authorization", "Bearer sk-3", 401), ("Authorization", "Bearer sk-", 401),
        ("Authorization", "Bearer sk-11", 401),
        ("Authorization", "Bearer ", 401), ("Authorization", "sk-1", 401), ("Authorization", "Basic sk-1", 401),
        ("x-api-key", "", 401), ("X-Other", "sk-1", 401),
    ])
    func `asks for one of the keys`(name: String, value: String, status: Int) async throws {
        let headers: HTTPFields = [try #require(HTTPField.Name(name)): value]
        for path in ["/v1/models", "/", "/metrics"] {
            let answer = try await client(keys: ["sk-1", "sk-2"]).send(.get, path, headers: headers)
            #expect(answer.status == status)
            if status == 401 {
                #expect(answer.headers[.wwwAuthenticate] == "Bearer")
                #expect(answer.text.contains("\"code\":\"invalid_api_key\""))
            }
        }
    }

    @Test func `asks for a key before it tells which routes exist, and never for health`() async throws {
        let client = client(keys: ["sk-1"])
        #expect(try await client.get("/nope").status == 401)
        for path in ["/health", "/livez", "/readyz"] { #expect(try await client.get(path).status == 200) }
        #expect(try await client.post("/realize/reload", "{}").status == 401)
        #expect(try await client.post("/v1/completions", "{").status == 401)
    }

    @Test(arguments: [
        ("localhost", 200), ("localhost:1", 200), ("LOCALHOST:80", 200), ("127.0.0.1:8080", 200), ("[::1]:8080", 200),
        ("[::1]", 200), ("evil.example", 403), ("evil.example:8080", 403), ("localhost.evil.example", 403),
        ("127.0.0.1.evil.example", 403), ("localhost:evil", 403), ("", 403),
    ])
    func `answers only to names of this machine when bound to it`(host: String, status: Int) async throws {
        let answer = try await client().send(.get, "/health", host: host)
        #expect(answer.status == status)
        if status == 403 { #expect(answer.text.contains("\"code\":\"host_not_allowed\"")) }
    }

    @Test func `answers to any name when bound to the network, and to allowed names`() async throws {
        #expect(try await client(host: "0.0.0.0").send(.get, "/health", host: "api.example").status == 200)
        #expect(try await client(allowed: ["API.example"]).send(.get, "/health", host: "api.example:1").status == 200)
    }

    @Test func `sends no CORS headers`() async throws {
        let origin: HTTPFields = [.origin: "https://evil.example"]
        let answer = try await client().send(.get, "/v1/models", headers: origin)
        #expect(answer.headers[.accessControlAllowOrigin] == nil)
    }

    @Test(arguments: [
        ("abc-1.2_X", "abc-1.2_X"), ("a b\"<é>c", "abc"),
        (String(repeating: "x", count: 300), String(repeating: "x", count: 128)),
    ])
    func `keeps the client's request id, cleaned`(sent: String, returned: String) async throws {
        let name = try #require(HTTPField.Name("X-Request-Id"))
        let answer = try await client().send(.get, "/health", headers: [name: sent])
        #expect(answer.headers[name] == returned)
    }

    @Test func `makes a request id for every answer, errors too`() async throws {
        let name = try #require(HTTPField.Name("X-Request-Id"))
        let first = try await client().get("/nope").headers[name]
        let second = try await client().get("/nope").headers[name]
        #expect(first?.hasPrefix("req-") == true)
        #expect(first != second)
    }
}
