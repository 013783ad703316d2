import Engine
import Server
import TestSupport
import Testing

/// Real sockets: a client that leaves stops its generation within 100 ms.
@Suite("Clients that leave", .serialized, .timeLimit(.minutes(1)))
struct DisconnectTests {
    enum Leaving: CaseIterable {
        case close, reset
    }

    /// Sends `request` to a server of its own, waits until `isUnderWay`, and leaves.
    ///
    /// The bound is that of a machine with time to spare, so the best of three counts.
    private func expectPromptCancellation(
        of makeGenerator: () -> ScriptedGenerator, by how: Leaving, _ path: String, _ body: String,
        isUnderWay: (RawClient, ScriptedGenerator, _ port: Int) async throws -> Bool
    ) async throws {
        var latencies: [Duration] = []
        for _ in 0..<3 {
            let generator = makeGenerator()
            let latency = try await withLiveServer(generator, drainTimeout: .milliseconds(100)) { _, port in
                let client = try RawClient(port: port)
                client.post(path, body)
                #expect(try await isUnderWay(client, generator, port))
                switch how {
                case .close: client.close()
                case .reset: client.reset()
                }
                let start = ContinuousClock.now
                #expect(try await eventually(within: .seconds(5)) { generator.cancellation != nil })
                return try #require(generator.cancellation) - start
            }
            if latency < .milliseconds(100) { return }
            latencies.append(latency)
        }
        Issue.record("cancelled only after \(latencies)")
    }

    @Test(arguments: Leaving.allCases, [true, false])
    func `before admission`(how: Leaving, streams: Bool) async throws {
        try await expectPromptCancellation(
            of: { ScriptedGenerator(admissionDelay: .seconds(30)) }, by: how, "/v1/completions",
            "{\"prompt\":\"hi\",\"stream\":\(streams)}"
        ) { _, generator, _ in
            try await eventually(within: .seconds(5)) { !generator.requests.isEmpty }
        }
    }

    @Test(arguments: Leaving.allCases)
    func `before the first token of a stream`(how: Leaving) async throws {
        try await expectPromptCancellation(
            of: { ScriptedGenerator(script: [.pause(.seconds(60))]) }, by: how, "/v1/completions",
            #"{"prompt":"hi","stream":true}"#
        ) { client, _, _ in
            try await client.receive(until: "\r\n\r\n").hasPrefix("HTTP/1.1 200")
        }
    }

    @Test(arguments: Leaving.allCases)
    func `in the middle of a stream`(how: Leaving) async throws {
        try await expectPromptCancellation(
            of: { ScriptedGenerator(script: ScriptedGenerator.endless) }, by: how, "/v1/chat/completions",
            #"{"messages":[{"role":"user","content":"x"}],"stream":true}"#
        ) { client, _, _ in
            try await client.receive(until: "Hello").contains("Hello")
        }
    }

    @Test(arguments: Leaving.allCases)
    func `while an answer is collected, beside another stream`(how: Leaving) async throws {
        try await expectPromptCancellation(
            of: { ScriptedGenerator(script: ScriptedGenerator.endless) }, by: how, "/v1/completions",
            #"{"prompt":"hi"}"#
        ) { _, generator, port in
            guard try await eventually(within: .seconds(5), { generator.requests.count == 1 }) else { return false }
            let other = try RawClient(port: port)
            other.post("/v1/completions", #"{"prompt":"hi","stream":true}"#)
            return try await other.receive(until: "Hello").contains("Hello")
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
