import Foundation
import TestSupport
import Testing

/// The real binary with models that are loaded, replaced and unloaded while it serves.
@Suite(
    "realizar serve: models and signals", .enabled(if: RealizarProcess.exists, RealizarProcess.missing), .serialized,
    .timeLimit(.minutes(2)))
struct ServeModelsTests {
    private static let cache = ["--kv-cache-memory", "1MiB", "--threads", "1"]
    /// Slow enough that an answer takes far longer than what happens to it.
    private static let slow = ["--parallel", "2", "--cpu", "scalar", "--threads", "1"]
    private static let small = ["tiny-qwen2", "tiny-qwen3"].map { Fixtures.path("models/\($0).gguf") }

    /// The text that a request gets, or its whole answer where it has none.
    private static func text(_ port: Int, _ model: String, tokens: Int = 12) async throws -> String {
        let answer = try await ServeCommandTests.post(port, "/v1/completions", request(model, tokens, stream: false))
        return (try? ServeCommandTests.body(answer))?["choices"]?[0]?["text"]?.string ?? answer
    }

    private static func request(_ model: String, _ tokens: Int, stream: Bool) -> String {
        #"{"model":"\#(model)","prompt":"Once upon","max_tokens":\#(tokens),"temperature":0,"ignore_eos":true,"stream":\#(stream)}"#
    }

    private static func streamedText(_ answer: String) throws -> String {
        try answer.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("data: {") }
            .map { try JSON(Array($0.dropFirst(6).utf8))["choices"]?[0]?["text"]?.string ?? "" }.joined()
    }

    private static func get(_ port: Int, _ path: String) async throws -> String {
        let client = try RawClient(port: port)
        defer { client.close() }
        client.send("GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        return try await client.receive(until: "never comes", seconds: 5)
    }

    /// Waits until `/metrics` has a line, at most 10 seconds.
    private static func waitForMetric(_ port: Int, _ line: String) async throws -> Bool {
        for _ in 0..<200 {
            if try await get(port, "/metrics").contains("\n\(line)\n") { return true }
            try await Task.sleep(for: .milliseconds(50))
        }
        return false
    }

    /// What the larger of the small models needs, as the refusal of too little says.
    private static func neededByteCount() throws -> Int {
        let counts = try small.map { model in
            let refused = try RealizarProcess(
                ["serve", "--model", model, "--port", "0", "--model-memory", "1"] + cache
            ).wait()
            #expect(refused.status == 1, "\(refused.errorText)")
            #expect(!refused.errorText.contains(":0\n"), "\(refused.errorText)")
            let match = try #require(refused.errorText.firstMatch(of: /needs (\d+) bytes of memory/))
            return try #require(Int(match.1))
        }
        return try #require(counts.max())
    }

    @Test func `two models with memory for one answer alternating clients, none dropped`() async throws {
        let needed = try Self.neededByteCount()
        let (server, port) = try ServeCommandTests.start(
            ["--model", "two=\(Self.small[0])", "--model", "three=\(Self.small[1])", "--model-memory", "\(needed)"]
                + Self.cache)
        let expected = ["two": try await Self.text(port, "two"), "three": try await Self.text(port, "three")]
        #expect(expected["two"] != expected["three"])
        let wrong = try await withThrowingTaskGroup(of: String?.self) { group in
            for index in 0..<40 {
                group.addTask {
                    let name = index % 2 == 0 ? "two" : "three"
                    let text = try await Self.text(port, name)
                    return text == expected[name] ? nil : "\(name): \(text)"
                }
            }
            return try await group.reduce(into: [String]()) { if let text = $1 { $0.append(text) } }
        }
        #expect(wrong == [])
        let metrics = try await Self.get(port, "/metrics")
        #expect(metrics.contains("\nrealizar_models_loaded 1\n"))
        let used = try #require(metrics.firstMatch(of: /\nrealizar_models_bytes (\d+)\n/).flatMap { Int($0.1) })
        #expect(used <= needed)
        #expect(try await Self.get(port, "/v1/models").matches(of: /"loaded":true/).count == 1)
        server.send(SIGTERM)
        #expect(try server.wait().status == 0)
    }

    @Test func `SIGHUP moves new requests to a replaced file, and running streams end as they began`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("m.gguf")
        try FileManager.default.copyItem(atPath: DemoFile.path, toPath: path)
        let (server, port) = try ServeCommandTests.start(["--model", "m=\(path)"] + Self.slow)
        let expected = try await Self.text(port, "m", tokens: 400)
        let clients = try (0..<2).map { _ in try RawClient(port: port) }
        for client in clients { client.post("/v1/completions", Self.request("m", 400, stream: true)) }
        var streams: [String] = []
        for client in clients { streams.append(try await client.receive(until: "data: ")) }

        try FileManager.default.copyItem(atPath: Self.small[0], toPath: folder.path("next"))
        #expect(rename(folder.path("next"), path) == 0)
        server.send(SIGHUP)
        #expect(server.waitUntil { server.errorText.contains("reloaded m") }, "\(server.errorText)")
        // The old one is still used.
        #expect(try await Self.waitForMetric(port, #"realizar_model_unloads_total{model="m"} 0"#))
        let new = try await Self.text(port, "m")
        for (index, client) in clients.enumerated() {
            streams[index] += try await client.receive(until: "[DONE]", seconds: 30)
            #expect(try Self.streamedText(streams[index]) == expected)
            client.close()
        }
        let run = try RealizarProcess.run(
            "run", Self.small[0], "Once upon", "--raw", "-n", "12", "--temperature", "0", "--format", "json")
        #expect(try run.json()["text"]?.string?.hasPrefix(new.prefix(4)) == true && new != expected)
        #expect(try await Self.waitForMetric(port, #"realizar_model_unloads_total{model="m"} 1"#))
        server.send(SIGTERM)
        #expect(try server.wait().status == 0)
    }

    @Test func `a broken file leaves the old model, and --watch sees the one that mends it`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("m.gguf")
        try FileManager.default.copyItem(atPath: Self.small[0], toPath: path)
        let (server, port) = try ServeCommandTests.start(["--model", path, "--watch"] + Self.cache)
        let old = try await Self.text(port, "m")
        try Data("no model".utf8).write(to: folder.url("next"))
        #expect(rename(folder.path("next"), path) == 0)
        #expect(server.waitUntil { server.errorText.contains("m is not reloaded") }, "\(server.errorText)")
        #expect(try await Self.text(port, "m") == old)
        #expect(
            try await Self.get(port, "/health").contains(
                #"{"loading_problems":{"m":"invalid_model"},"status":"ready"}"#))
        let refused = try await ServeCommandTests.post(port, "/realize/reload", "{}")
        #expect(refused.hasPrefix("HTTP/1.1 500") && refused.contains("reload_failed"))

        try FileManager.default.copyItem(atPath: Self.small[1], toPath: folder.path("next"))
        #expect(rename(folder.path("next"), path) == 0)
        #expect(server.waitUntil { server.errorText.contains("reloaded m") }, "\(server.errorText)")
        #expect(try await Self.text(port, "m") != old)
        #expect(try await Self.get(port, "/health").hasSuffix(#"{"status":"ready"}"#))
        server.send(SIGTERM)
        #expect(try server.wait().status == 0)
    }

    @Test func `an idle model is unloaded, and loaded again when it is asked for`() async throws {
        let (server, port) = try ServeCommandTests.start(
            ["--model", "m=\(Self.small[0])", "--load-on-demand", "--idle-unload", "1"] + Self.cache)
        #expect(try await Self.waitForMetric(port, "realizar_models_loaded 0"))
        let first = try await Self.text(port, "m")
        #expect(try await Self.waitForMetric(port, #"realizar_model_unloads_total{model="m"} 1"#))
        #expect(try await Self.waitForMetric(port, "realizar_models_loaded 0"))
        #expect(try await Self.text(port, "m") == first)
        #expect(try await Self.waitForMetric(port, #"realizar_model_loads_total{model="m"} 2"#))
        server.send(SIGTERM)
        #expect(try server.wait().status == 0)
    }

    @Test func `SIGTERM while models load ends the server at once, in good order`() throws {
        // Twenty times a tenth of a second and more.
        let models = (0..<20).flatMap { ["--model", "m\($0)=\(DemoFile.path)"] }
        let server = try RealizarProcess(
            ["serve", "--port", "0", "--quantize", "q4_k", "--cpu", "scalar", "--threads", "1"] + Self.cache.prefix(2)
                + models)
        #expect(server.waitUntil { server.errorText.contains("loading m0") }, "\(server.errorText)")
        let start = ContinuousClock.now
        server.send(SIGTERM)
        let result = try server.wait()
        #expect(result.status == 0 && !result.errorText.contains("ready"), "\(result.errorText)")
        #expect(ContinuousClock.now - start < .seconds(2))
    }

    @Test func `a second SIGTERM ends at once, whatever runs`() async throws {
        let (server, port) = try ServeCommandTests.start(["--demo", "--drain-timeout", "60"] + Self.slow)
        let client = try RawClient(port: port)
        client.post("/v1/completions", Self.request("realizar-demo", 450, stream: true))
        _ = try await client.receive(until: "data: ")
        server.send(SIGTERM)
        #expect(server.waitUntil { server.errorText.contains("finishing what runs") })
        let start = ContinuousClock.now
        server.send(SIGTERM)
        let result = try server.wait()
        #expect(ContinuousClock.now - start < .seconds(2))
        #expect(result.status == 1 && result.errorText.contains("stopped by a second signal"))
    }

    @Test func `what still runs after the drain ends with an error, and the server with 0`() async throws {
        let (server, port) = try ServeCommandTests.start(
            ["--demo", "--drain-timeout", "1", "--parallel", "1", "--cpu", "scalar", "--threads", "1"])
        // One after the other: far more than a second for all.
        let clients = try (0..<20).map { _ in try RawClient(port: port) }
        for client in clients {
            client.post("/v1/completions", Self.request("realizar-demo", 450, stream: true))
            #expect(try await client.receive(until: "\r\n\r\n").hasPrefix("HTTP/1.1 200"))
        }
        server.send(SIGTERM)
        #expect(server.waitUntil { server.errorText.contains("finishing what runs") })
        #expect(try await Self.get(port, "/readyz").hasPrefix("HTTP/1.1 503"))
        #expect(try await Self.get(port, "/livez").hasPrefix("HTTP/1.1 200"))
        let answer = try await #require(clients.last).receive(until: "\r\n0\r\n\r\n", seconds: 10)
        #expect(answer.contains(#""code":"shutting_down""#) && !answer.contains("[DONE]"), "\(answer.suffix(400))")
        #expect(try server.wait().status == 0, "\(server.errorText)")
    }
}
