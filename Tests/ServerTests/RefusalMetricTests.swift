import Engine
import HTTPTypes
import Server
import Testing

@Suite("Refusals by reason, and the process's own numbers")
struct RefusalMetricTests {
    static func refusals(_ client: RouterClient) async throws -> [String: Int] {
        let lines = try await client.get("/metrics").text.split(separator: "\n")
        return lines.reduce(into: [:]) { counts, line in
            guard let match = line.wholeMatch(of: /realizar_requests_refused_total\{reason="(\w+)"\} (\d+)/) else {
                return
            }
            counts[String(match.1)] = Int(match.2)
        }
    }

    @Test(arguments: [
        (EngineError.Code.queueFull, "queue_full"), (.shuttingDown, "draining"),
        (.contextLengthExceeded, "context_length_exceeded"), (.invalidRequest, "invalid_request"),
    ])
    func `what the engine refuses is counted by why`(code: EngineError.Code, reason: String) async throws {
        let client = RouterClient(ScriptedGenerator(refusal: EngineError(code: code, message: "no")))
        for _ in 0..<3 { _ = try await client.post("/v1/completions", #"{"prompt":"hi"}"#) }
        let counts = try await Self.refusals(client)
        #expect(counts[reason] == 3 && counts.values.reduce(0, +) == 3, "\(counts)")
    }

    @Test func `what the server refuses is counted too, and what it answers or fails at is not`() async throws {
        var configuration = ServerConfiguration()
        configuration.maximumBodySize = 20
        configuration.apiKeys = ["k"]
        let client = RouterClient(ScriptedGenerator(), configuration: configuration)
        let before = try await client.get("/metrics")
        #expect(before.status == 401)
        let key: HTTPFields = [.authorization: "Bearer k"]
        for body in ["{", #"{"prompt":1.5}"#, #"{"prompt":"hi"}"#, String(repeating: " ", count: 21)] {
            _ = try await client.send(.post, "/v1/completions", headers: key, body: Array(body.utf8))
        }
        _ = try await client.send(.get, "/nope", headers: key)
        _ = try await client.send(.get, "/v1/models/other", headers: key)
        _ = try await client.send(.get, "/health", host: "evil.example")
        let text = try await client.send(.get, "/metrics", headers: key).text
        for (reason, count) in [
            ("unauthorized", 1), ("invalid_request", 2), ("body_limit", 1), ("model_not_found", 1),
            ("host_not_allowed", 1), ("queue_full", 0), ("loading", 0), ("unhealthy", 0),
        ] {
            #expect(text.contains("realizar_requests_refused_total{reason=\"\(reason)\"} \(count)\n"), "\(reason)")
        }
        let failing = RouterClient(
            ScriptedGenerator(refusal: EngineError(code: .generationFailed, message: "broken")))
        _ = try await failing.post("/v1/completions", #"{"prompt":"hi"}"#)
        #expect(try await Self.refusals(failing).values.allSatisfy { $0 == 0 })
    }

    @Test func `a server that loads counts it`() async throws {
        let client = RouterClient(
            environment: RouteEnvironment(state: ServerState(), configuration: ServerConfiguration()))
        _ = try await client.post("/v1/completions", #"{"prompt":"hi"}"#)
        #expect(try await Self.refusals(client)["loading"] == 1)
    }

    @Test func `memory and build are told`() async throws {
        var statistics = EngineStatistics()
        statistics.cacheBlockCount = 10
        statistics.usedCacheBlockCount = 3
        statistics.idleCacheBlockCount = 2
        statistics.cacheBlockByteCount = 1000
        let text = try await RouterClient(ScriptedGenerator(statistics: statistics)).get("/metrics").text
        for line in [
            "realizar_cache_bytes{model=\"org/tiny\"} 10000", "realizar_cache_bytes_used{model=\"org/tiny\"} 5000",
            "realizar_model_weight_bytes{model=\"org/tiny\"} 84",
        ] { #expect(text.contains(line + "\n"), "\(line)") }
        #expect(
            text.contains(/realizar_build_info\{version="\d+\.\d+\.\d+",os="\w+",architecture="\w+",build="\w+"\} 1\n/))
        #if os(Linux)
        for kind in ["anonymous", "file"] {
            let name = "realizar_process_resident_bytes{kind=\"\(kind)\"} "
            let line = text.split(separator: "\n").first { $0.hasPrefix(name) }
            let bytes = try #require(line?.split(separator: " ").last.flatMap { Int($0) })
            #expect(bytes > 100_000)
        }
        #expect(text.contains(/realizar_process_open_files [1-9]/) && text.contains(/realizar_process_threads [1-9]/))
        #endif
    }

    @Test func `fields of the process's status are read strictly`() {
        let status = ProcessStatus(
            text:
                "Name:\tx\nRssAnon:\t    12 kB\nRssFile:\t-1 kB\nRssShmem: 9223372036854775807 kB\nThreads:\t7\nVmPeak: 5 MB\n"
        )
        #expect(status.byteCount(of: "RssAnon") == 12288 && status.number(of: "Threads") == 7)
        for name in ["RssFile", "RssShmem", "VmPeak", "Threads", "Missing"] {
            #expect(status.byteCount(of: name) == nil)
        }
    }
}
