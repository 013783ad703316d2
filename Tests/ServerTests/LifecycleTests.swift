import Engine
import Server
import TestSupport
import Testing

@Suite("Starting and shutting down", .serialized, .timeLimit(.minutes(1)))
struct LifecycleTests {
    private static let slow: [ScriptedGenerator.Step] =
        Array(ScriptedGenerator.hello.prefix(2)) + [.pause(.milliseconds(400))] + ScriptedGenerator.hello.suffix(2)

    @Test func `a running stream finishes while new requests are refused`() async throws {
        try await withLiveServer(ScriptedGenerator(script: Self.slow)) { server, port in
            let client = try RawClient(port: port)
            client.post("/v1/completions", #"{"prompt":"hi","stream":true}"#)
            #expect(try await client.receive(until: "Hello").contains("Hello"))
            await server.shutDown()
            let other = try RawClient(port: port)
            #expect(
                try await eventually(within: .milliseconds(200)) { server.isDraining })
            other.get("/health")
            let health = try await other.receive(until: "}")
            #expect(health.hasPrefix("HTTP/1.1 503"))
            #expect(health.hasSuffix(#"{"status":"draining"}"#))
            other.get("/livez")
            #expect(try await other.receive(until: "}").hasPrefix("HTTP/1.1 200"))
            other.post("/v1/completions", #"{"prompt":"hi"}"#)
            let refused = try await other.receive(until: "}}")
            #expect(refused.hasPrefix("HTTP/1.1 503"))
            #expect(refused.contains("Retry-After: 5"))
            #expect(refused.contains("\"code\":\"shutting_down\""))
            let rest = try await client.receive(until: "[DONE]")
            #expect(rest.contains(", world"))
            #expect(rest.contains("[DONE]"))
        }
    }

    @Test func `an idle server ends at once`() async throws {
        let start = try await withLiveServer(ScriptedGenerator(), drainTimeout: .seconds(30)) { _, port in
            let idle = try RawClient(port: port)
            idle.get("/health")
            #expect(try await idle.receive(until: "}").contains("ready"))
            return ContinuousClock.now
        }
        #expect(ContinuousClock.now - start < .seconds(1))
    }

    @Test func `what still runs after the time to drain is told so`() async throws {
        let generator = ScriptedGenerator(script: ScriptedGenerator.endless)
        try await withLiveServer(generator, drainTimeout: .milliseconds(200)) { server, port in
            let stream = try RawClient(port: port)
            stream.post("/v1/completions", #"{"prompt":"hi","stream":true}"#)
            #expect(try await stream.receive(until: "Hello").contains("Hello"))
            let whole = try RawClient(port: port)
            whole.post("/v1/completions", #"{"prompt":"hi"}"#)
            #expect(try await eventually(within: .seconds(5)) { generator.requests.count == 2 })
            await server.shutDown()
            let end = try await stream.receive(until: "\r\n0\r\n\r\n")
            #expect(end.contains("\"code\":\"shutting_down\""))
            #expect(!end.contains("[DONE]"))
            #expect(try await whole.receive(until: "}}").hasPrefix("HTTP/1.1 503"))
        }
        #expect(generator.cancellation != nil)
    }

    /// 64 MB, more than sockets buffer: the write waits for a reader that does not come.
    @Test func `a client that does not read cannot hold the end up`() async throws {
        let text = String(repeating: "x", count: 1 << 20)
        let chunks = Array(repeating: ScriptedGenerator.Step.event(.text(TextChunk(text: text, tokens: []))), count: 64)
        let generator = ScriptedGenerator(script: chunks + [.event(.finished(ScriptedGenerator.summary))])
        let start = try await withLiveServer(generator, drainTimeout: .milliseconds(100)) { _, port in
            let client = try RawClient(port: port)
            client.post("/v1/completions", #"{"prompt":"hi","stream":true}"#)
            _ = try await client.receive(until: "xxx")
            return ContinuousClock.now
        }
        #expect(ContinuousClock.now - start < .seconds(5))
    }

    @Test func `listens while models load`() async throws {
        var configuration = ServerConfiguration()
        configuration.port = 0
        let (gate, open) = AsyncStream<Void>.makeStream()
        let server = RealizarServer(configuration: configuration, logger: .quiet) {
            for await _ in gate {}
            return [ScriptedGenerator()]
        }
        let (ports, continuation) = AsyncStream<Int>.makeStream()
        let run = Task { try await server.run(handlesSignals: false) { continuation.yield($0) } }
        var iterator = ports.makeAsyncIterator()
        let client = try RawClient(port: try #require(await iterator.next()))
        client.get("/health")
        #expect(try await client.receive(until: "}").hasSuffix(#"{"status":"loading"}"#))
        open.finish()
        #expect(try await eventually(within: .seconds(5)) { server.isReady })
        client.get("/health")
        #expect(try await client.receive(until: "}").hasSuffix(#"{"status":"ready"}"#))
        await server.shutDown()
        try await run.value
    }

    @Test func `ends with the error of models that do not load`() async throws {
        var configuration = ServerConfiguration()
        configuration.port = 0
        let error = EngineError(code: .invalidModel, message: "no.gguf: not found")
        let server = RealizarServer(configuration: configuration, logger: .quiet) { throw error }
        await #expect(throws: error) { try await server.run(handlesSignals: false) }
    }

    @Test func `says which address is taken`() async throws {
        try await withLiveServer(ScriptedGenerator()) { _, port in
            var configuration = ServerConfiguration()
            configuration.port = port
            let second = RealizarServer(generators: [], configuration: configuration, logger: .quiet)
            await #expect {
                try await second.run(handlesSignals: false)
            } throws: { error in
                "\(error)"
                    == "cannot listen on 127.0.0.1:\(port): Address already in use; choose another --host or --port"
            }
        }
    }

    @Test func `says that an address does not exist`() async throws {
        var configuration = ServerConfiguration()
        configuration.host = "300.1.1.1"
        configuration.apiKeys = ["sk-1"]
        let server = RealizarServer(generators: [], configuration: configuration, logger: .quiet)
        await #expect {
            try await server.run(handlesSignals: false)
        } throws: { error in
            "\(error)".hasPrefix("cannot listen on 300.1.1.1:8080: there is no such address;")
        }
    }

    @Test(arguments: [true, false])
    func `refuses two models of one name`(areLoaded: Bool) async throws {
        var configuration = ServerConfiguration()
        configuration.port = 0
        let models = ["a", "b", "a"].map { ScriptedGenerator(modelName: $0) }
        let server =
            areLoaded
            ? RealizarServer(generators: models, configuration: configuration, logger: .quiet)
            : RealizarServer(configuration: configuration, logger: .quiet) { models }
        let error = ServerError(problem: .duplicateModelName("a", first: 1, second: 3))
        await #expect(throws: error) { try await server.run(handlesSignals: false) }
        #expect(error.description.hasPrefix("models 1 and 3 are both called 'a'"))
    }
}
