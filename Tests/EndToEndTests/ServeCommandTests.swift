import Foundation
import TestSupport
import Testing

/// The real binary as a server, spoken to over a socket.
@Suite("realizar serve", .enabled(if: RealizarProcess.exists, RealizarProcess.missing), .timeLimit(.minutes(2)))
struct ServeCommandTests {
    static let model = Fixtures.path("models/tiny-qwen2.gguf")

    /// A server that is ready, and its port.
    static func start(_ arguments: [String] = ["--model", model]) throws -> (server: RealizarProcess, port: Int) {
        let server = try RealizarProcess(["serve", "--port", "0"] + arguments)
        let isUp = server.waitUntil {
            server.errorText.contains("ready") && server.errorText.contains("listening on http")
        }
        try #require(isUp, "\(server.errorText)")
        let line = try #require(server.errorText.split(separator: "\n").first { $0.contains("listening on http://") })
        let port = try #require(line.split(separator: ":").last.flatMap { Int($0) })
        return (server, port)
    }

    /// The body of an answer that ends its connection or is one JSON object.
    static func body(_ answer: String) throws -> JSON {
        let range = try #require(answer.range(of: "\r\n\r\n"))
        return try JSON(Array(answer[range.upperBound...].utf8))
    }

    static func post(_ port: Int, _ path: String, _ body: String) async throws -> String {
        let client = try RawClient(port: port)
        defer { client.close() }
        client.send(
            "POST \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
        return try await client.receive(until: "never comes", seconds: 20)
    }

    @Test func `a conversation gives the text of the command line, streamed or not`() async throws {
        let (server, port) = try Self.start()
        let question = "the rain in an inn"
        let request = { (stream: Bool) in
            #"{"model":"tiny-qwen2","messages":[{"role":"user","content":"\#(question)"}],"max_tokens":24,"#
                + #""temperature":0,"stream":\#(stream)}"#
        }
        let whole = try Self.body(try await Self.post(port, "/v1/chat/completions", request(false)))
        let text = try #require(whole["choices"]?[0]?["message"]?["content"]?.string)
        let run = try RealizarProcess.run(
            "run", Self.model, question, "-n", "24", "--temperature", "0", "--format", "json")
        #expect(try run.json()["text"]?.string == text)
        #expect(try run.json()["completion_tokens"]?.number == whole["usage"]?["completion_tokens"]?.number)

        let stream = try await Self.post(port, "/v1/chat/completions", request(true))
        #expect(stream.contains("data: [DONE]"))
        var streamed = ""
        for line in stream.split(whereSeparator: \.isNewline) where line.hasPrefix("data: {") {
            let chunk = try JSON(Array(line.dropFirst(6).utf8))
            streamed += chunk["choices"]?[0]?["delta"]?["content"]?.string ?? ""
        }
        #expect(streamed == text)
        server.send(SIGTERM)
        #expect(try server.wait().status == 0)
    }

    @Test func `a log for machines is one object a line, from the first to the last`() async throws {
        let server = try RealizarProcess([
            "serve", "--port", "0", "--model", Self.model, "--log-format", "json", "--log-level", "debug",
        ])
        let isUp = server.waitUntil {
            server.errorText.contains("\"message\":\"ready\"") && server.errorText.contains("listening on http")
        }
        try #require(isUp, "\(server.errorText)")
        let port = try #require(
            server.errorText.firstMatch(of: /listening on http:\/\/[0-9.]+:(\d+)"/).flatMap { Int($0.1) })
        let client = try RawClient(port: port)
        defer { client.close() }
        client.send("GET /health HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: mine\r\nConnection: close\r\n\r\n")
        _ = try await client.receive(until: "never comes", seconds: 20)
        server.send(SIGTERM)
        let result = try server.wait()
        #expect(result.status == 0)
        let entries = try result.errorText.split(separator: "\n").map { try JSON(Array($0.utf8)) }
        #expect(entries.allSatisfy { $0["level"]?.string != nil && $0["time"]?.string?.hasSuffix("Z") == true })
        #expect(entries.contains { $0["metadata"]?["request_id"]?.string == "mine" && $0["level"]?.string == "debug" })
    }

    @Test func `an unknown log format or level is a wrong call`() throws {
        for arguments in [["--log-format", "xml"], ["--log-level", "loud"]] {
            #expect(try RealizarProcess(["serve"] + arguments).wait().status == 2)
        }
    }

    @Test func `a client that hangs up stops its generation`() async throws {
        // Slow enough that an answer takes far longer than it takes to notice that its client has gone.
        let (server, port) = try Self.start(["--demo", "--parallel", "1", "--cpu", "scalar", "--threads", "1"])
        let metrics = { (isThere: (String) -> Bool) async throws -> String in
            var text = ""
            for _ in 0..<200 where !isThere(text) {
                let client = try RawClient(port: port)
                client.send("GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                text = try await client.receive(until: "never comes", seconds: 5)
                client.close()
            }
            return text
        }
        for (index, stream) in [true, false].enumerated() {
            let client = try RawClient(port: port)
            client.post(
                "/v1/completions",
                #"{"prompt":"Once","max_tokens":450,"temperature":0,"ignore_eos":true,"stream":\#(stream)}"#)
            // A client that hangs up before its request is admitted is not counted.
            _ = try await metrics { $0.contains(#"requests_running{model="realizar-demo"} 1"#) }
            client.close()
            // In whichever phase it was.
            let cancelled = { (text: String) in
                text.matches(of: /requests_cancelled_total\{.*\} (\d+)/).compactMap { Int($0.1) }.reduce(0, +)
            }
            #expect(try await cancelled(metrics { cancelled($0) > index }) == index + 1, "stream \(stream)")
        }
        let after = try await metrics { $0.contains(#"requests_running{model="realizar-demo"} 0"#) }
        #expect(after.contains(#"requests_running{model="realizar-demo"} 0"#))
        #expect(after.contains(#"requests_finished_total{model="realizar-demo"} 0"#))
        server.send(SIGTERM)
        #expect(try server.wait().status == 0)
    }

    @Test func `models, health and metrics tell what runs`() async throws {
        let (server, port) = try Self.start()
        for (path, word) in [
            ("/health", "ready"), ("/v1/models", "tiny-qwen2"), ("/v1/models/tiny-qwen2", "qwen2"),
            ("/metrics", "realizar_requests_running"),
        ] {
            let client = try RawClient(port: port)
            client.send("GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            let answer = try await client.receive(until: "never comes", seconds: 5)
            #expect(answer.hasPrefix("HTTP/1.1 200") && answer.contains(word), "\(path): \(answer)")
        }
        server.send(SIGINT)
        let result = try server.wait()
        #expect(result.status == 0 && result.outputBytes.isEmpty)
    }

    @Test func `a model that cannot be loaded ends the server with one line`() throws {
        let result = try RealizarProcess.run("serve", "--model", Fixtures.path("models/README.md"), "--port", "0")
        #expect(result.status == 1)
        let errors = result.errorText.split(separator: "\n").filter { $0.hasPrefix("error: ") }
        #expect(errors.count == 1 && errors[0].contains("README.md"), "\(result.errorText)")
    }
}
