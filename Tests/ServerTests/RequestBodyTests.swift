import HTTPTypes
import Server
import TestSupport
import Testing

/// What bodies may cost: real sockets where the connection matters.
@Suite("Request bodies", .serialized, .timeLimit(.minutes(1)))
struct RequestBodyTests {
    private static let head = "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\n"
    private static let body = #"{"prompt":"hi"}"#

    @Test func `many token ids are a prompt, more values than the limit are a 400 that names it`() async throws {
        let client = RouterClient(ScriptedGenerator())
        let ids = { (count: Int) in "{\"prompt\":[" + Array(repeating: "1", count: count).joined(separator: ",") + "]}"
        }
        #expect(try await client.post("/v1/completions", ids(150_000)).status == 200)
        let refused = try await client.post("/v1/completions", ids(1_500_000))
        #expect(refused.status == 400)
        #expect(refused.text.contains("The JSON body has more than 200000 values"))
    }

    @Test func `a large body is decoded as a small one is`() async throws {
        let client = RouterClient(ScriptedGenerator())
        let text = String(repeating: "x", count: 1 << 20)
        #expect(try await client.post("/v1/completions", "{\"prompt\":\"\(text)\"}").status == 200)
        let refused = try await client.post("/v1/completions", "{\"prompt\":\"\(text)\",\"nope\":1}")
        #expect(refused.status == 400)
        #expect(refused.text.contains("\"code\":\"unknown_parameter\""))
    }

    @Test func `bodies beyond the budget are a 503, and small ones are still read`() async throws {
        var configuration = ServerConfiguration()
        configuration.maximumBodyBytesInFlight = 100_000
        let client = RouterClient(ScriptedGenerator(), configuration: configuration)
        let prompt = { (count: Int) in "{\"prompt\":\"\(String(repeating: "x", count: count))\"}" }
        let refused = try await client.post("/v1/completions", prompt(200_000))
        #expect(refused.status == 503)
        #expect(refused.headers[.retryAfter] == "1")
        #expect(refused.headers[.connection] == "close")
        #expect(refused.text.contains("\"code\":\"too_many_large_requests\""))
        // What a request took is given back, so that many fit one after the other.
        for _ in 0..<5 { #expect(try await client.post("/v1/completions", prompt(150_000)).status == 200) }
    }

    @Test func `unfinished bodies count until their connections close`() async throws {
        var configuration = ServerConfiguration()
        configuration.maximumBodyBytesInFlight = 100_000
        try await withLiveServer(ScriptedGenerator(), configuration: configuration) { _, port in
            let half = String(repeating: "x", count: 120_000)
            let whole = "{\"prompt\":\"\(String(repeating: "x", count: 120_000))\"}"
            let answer = { () async throws -> String in
                let client = try RawClient(port: port)
                defer { client.close() }
                client.post("/v1/completions", whole)
                return try await client.receive(until: "}}")
            }
            var last = ""
            var holder = try RawClient(port: port)
            for _ in 0..<100 {
                holder.send(Self.head + "Content-Length: 240000\r\n\r\n" + half)
                try await Task.sleep(for: .milliseconds(20))
                for _ in 0..<5 where !last.hasPrefix("HTTP/1.1 503") { last = try await answer() }
                if last.hasPrefix("HTTP/1.1 503") { break }
                // A request that came between took the room first, and the unfinished one was refused instead.
                holder.close()
                holder = try RawClient(port: port)
            }
            #expect(last.hasPrefix("HTTP/1.1 503"))
            let small = try RawClient(port: port)
            small.post("/v1/completions", Self.body)
            #expect(try await small.receive(until: "}}").hasPrefix("HTTP/1.1 200"))
            small.close()
            holder.close()
            for _ in 0..<500 where !last.hasPrefix("HTTP/1.1 200") { last = try await answer() }
            #expect(last.hasPrefix("HTTP/1.1 200"))
        }
    }

    @Test func `a body that does not arrive is a 408, and the connection ends`() async throws {
        var configuration = ServerConfiguration()
        configuration.bodyTimeout = .milliseconds(50)
        try await withLiveServer(ScriptedGenerator(), configuration: configuration) { _, port in
            let client = try RawClient(port: port)
            client.send(Self.head + "Content-Length: 100\r\n\r\n{")
            // Until the peer closes: nothing that is sent contains this.
            let answer = try await client.receive(until: "\u{1}", seconds: 30)
            #expect(answer.hasPrefix("HTTP/1.1 408"))
            #expect(answer.contains("Connection: close"))
            #expect(answer.contains("\"code\":\"request_timeout\""))
            client.close()
        }
    }

    @Test func `a client that waits is told to send its body`() async throws {
        try await withLiveServer(ScriptedGenerator()) { _, port in
            let client = try RawClient(port: port)
            client.send(Self.head + "Expect: 100-continue\r\nContent-Length: \(Self.body.utf8.count)\r\n\r\n")
            #expect(try await client.receive(until: "\r\n\r\n", seconds: 30) == "HTTP/1.1 100 Continue\r\n\r\n")
            client.send(Self.body)
            #expect(try await client.receive(until: "\"total_tokens\":10}}", seconds: 30).hasPrefix("HTTP/1.1 200"))
            client.close()
        }
    }

    @Test(arguments: [(true, "", 413), (false, "Authorization: Bearer wrong\r\n", 401)])
    func `a client that waits is refused before its body`(announcesTooMuch: Bool, key: String, status: Int) async throws
    {
        var configuration = ServerConfiguration()
        configuration.maximumBodySize = 1000
        if !key.isEmpty { configuration.apiKeys = ["sk-1"] }
        try await withLiveServer(ScriptedGenerator(), configuration: configuration) { _, port in
            let client = try RawClient(port: port)
            client.send(
                Self.head + key + "Expect: 100-continue\r\nContent-Length: \(announcesTooMuch ? 1001 : 10)\r\n\r\n")
            let answer = try await client.receive(until: "\u{1}", seconds: 30)
            #expect(answer.hasPrefix("HTTP/1.1 \(status)"))
            #expect(answer.contains("Connection: close"))
            client.close()
        }
    }

    @Test(arguments: ["GARBAGE\r\n\r\n", "GET / HTTP/9.9.9\r\n\r\n", "GET /\(String(repeating: "x", count: 200_000))"])
    func `what is no HTTP gets an error body, and the connection ends`(text: String) async throws {
        try await withLiveServer(ScriptedGenerator()) { _, port in
            let client = try RawClient(port: port)
            client.send(text)
            let answer = try await client.receive(until: "\u{1}", seconds: 30)
            #expect(answer.hasPrefix("HTTP/1.1 400"))
            #expect(answer.contains("\"code\":\"invalid_http\""))
            client.close()
        }
    }
}
