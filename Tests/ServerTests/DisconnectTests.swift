import Engine
import Server
import Testing

/// Real sockets: a client that leaves stops its generation within 100 ms.
@Suite("Clients that leave", .timeLimit(.minutes(1)))
struct DisconnectTests {
    enum Leaving: CaseIterable {
        case close, reset
    }

    private static func leave(_ client: RawClient, _ how: Leaving) -> ContinuousClock.Instant {
        switch how {
        case .close: client.close()
        case .reset: client.reset()
        }
        return .now
    }

    private func expectCancellation(
        of generator: ScriptedGenerator, after start: ContinuousClock.Instant
    ) async throws {
        #expect(try await eventually(within: .seconds(5)) { generator.cancellation != nil })
        let cancellation = try #require(generator.cancellation)
        #expect(cancellation - start < .milliseconds(100))
    }

    @Test(arguments: Leaving.allCases, [true, false])
    func `before admission`(how: Leaving, streams: Bool) async throws {
        let generator = ScriptedGenerator(admissionDelay: .seconds(30))
        try await withLiveServer(generator) { _, port in
            let client = try RawClient(port: port)
            client.post("/v1/completions", "{\"prompt\":\"hi\",\"stream\":\(streams)}")
            #expect(try await eventually(within: .seconds(5)) { !generator.requests.isEmpty })
            try await expectCancellation(of: generator, after: Self.leave(client, how))
        }
    }

    @Test(arguments: Leaving.allCases)
    func `before the first token of a stream`(how: Leaving) async throws {
        let generator = ScriptedGenerator(script: [.pause(.seconds(60))])
        try await withLiveServer(generator) { _, port in
            let client = try RawClient(port: port)
            client.post("/v1/completions", #"{"prompt":"hi","stream":true}"#)
            #expect(try await client.receive(until: "\r\n\r\n").hasPrefix("HTTP/1.1 200"))
            try await expectCancellation(of: generator, after: Self.leave(client, how))
        }
    }

    @Test(arguments: Leaving.allCases)
    func `in the middle of a stream`(how: Leaving) async throws {
        let generator = ScriptedGenerator(script: ScriptedGenerator.endless)
        try await withLiveServer(generator) { _, port in
            let client = try RawClient(port: port)
            client.post("/v1/chat/completions", #"{"messages":[{"role":"user","content":"x"}],"stream":true}"#)
            #expect(try await client.receive(until: "Hello").contains("Hello"))
            try await expectCancellation(of: generator, after: Self.leave(client, how))
        }
    }

    @Test(arguments: Leaving.allCases)
    func `while an answer is collected, beside another stream`(how: Leaving) async throws {
        let generator = ScriptedGenerator(script: ScriptedGenerator.endless)
        try await withLiveServer(generator, drainTimeout: .milliseconds(100)) { _, port in
            let client = try RawClient(port: port)
            client.post("/v1/completions", #"{"prompt":"hi"}"#)
            #expect(try await eventually(within: .seconds(5)) { generator.requests.count == 1 })
            let other = try RawClient(port: port)
            other.post("/v1/completions", #"{"prompt":"hi","stream":true}"#)
            #expect(try await other.receive(until: "Hello").contains("Hello"))
            try await expectCancellation(of: generator, after: Self.leave(client, how))
            other.close()
        }
    }

    @Test func `a client that stays can use its connection again, after a stream too`() async throws {
        let generator = ScriptedGenerator()
        try await withLiveServer(generator) { _, port in
            let client = try RawClient(port: port)
            for _ in 0..<3 {
                client.post("/v1/completions", #"{"prompt":"hi","stream":true}"#)
                #expect(try await client.receive(until: "[DONE]\n\n\r\n0\r\n\r\n").contains("Hello"))
                client.post("/v1/completions", #"{"prompt":"hi"}"#)
                #expect(try await client.receive(until: "\"total_tokens\":10}}").contains("Hello, world"))
                client.send("HEAD /nope HTTP/1.1\r\nHost: localhost\r\n\r\n")
                #expect(try await client.receive(until: "\r\n\r\n").hasPrefix("HTTP/1.1 404"))
            }
            client.close()
            #expect(generator.cancellation == nil)
        }
    }
}
