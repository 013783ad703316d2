import Engine
import HTTPTypes
import Server
import Testing

@Suite("Models, health, metrics, banner")
struct SystemRouteTests {
    private static let entry =
        #"{"architecture":"llama","context_length":2048,"created":1700000000,"id":"org/tiny","loaded":true,"object":"model","owned_by":"realizar","parameter_count":42}"#

    @Test func `lists models`() async throws {
        let answer = try await RouterClient(ScriptedGenerator()).get("/v1/models")
        #expect(answer.text == "{\"data\":[\(Self.entry)],\"object\":\"list\"}")
    }

    @Test(arguments: ["/v1/models/org/tiny", "/v1/models/org%2Ftiny"])
    func `finds a model whose name has a slash`(path: String) async throws {
        let answer = try await RouterClient(ScriptedGenerator()).get(path)
        #expect(answer.status == 200)
        #expect(answer.text == Self.entry)
    }

    @Test func `does not find another model`() async throws {
        let answer = try await RouterClient(ScriptedGenerator()).get("/v1/models/org/other")
        #expect(answer.status == 404)
        #expect(answer.text.contains("\"code\":\"model_not_found\""))
    }

    @Test func `is not ready while loading`() async throws {
        let client = RouterClient(
            environment: RouteEnvironment(state: ServerState(), configuration: ServerConfiguration()))
        let health = try await client.get("/health")
        #expect(health.status == 503)
        #expect(health.text == #"{"status":"loading"}"#)
        let ready = try await client.get("/readyz")
        #expect(ready.status == 503 && ready.text == health.text)
        let live = try await client.get("/livez")
        #expect(live.status == 200 && live.text == #"{"status":"alive"}"#)
        let answer = try await client.post("/v1/completions", #"{"prompt":"hi"}"#)
        #expect(answer.status == 503)
        #expect(answer.headers[.retryAfter] == "2")
        #expect(answer.text.contains("\"code\":\"loading\""))
    }

    @Test(arguments: ["/health", "/readyz"])
    func `is ready when loaded`(path: String) async throws {
        let answer = try await RouterClient(ScriptedGenerator()).get(path)
        #expect(answer.status == 200)
        #expect(answer.text == #"{"status":"ready"}"#)
    }

    @Test func `metrics are Prometheus text`() async throws {
        var statistics = EngineStatistics()
        statistics.runningCount = 2
        statistics.waitingCount = 3
        statistics.generatedTokenCount = 12345
        statistics.decodeSeconds = 1.5
        statistics.cancellations = [.queued: 4]
        for value in [0.001, 0.3, 0.4, 1000] { statistics.queueWaits.record(value) }
        let client = RouterClient(ScriptedGenerator(modelName: #"a"b\c"#, statistics: statistics))
        _ = try await client.get("/health")
        _ = try await client.get("/nope")
        let answer = try await client.get("/metrics")
        #expect(answer.headers[.contentType] == "text/plain; version=0.0.4; charset=utf-8")
        let lines = answer.text.split(separator: "\n").map(String.init)
        #expect(
            lines.prefix(3) == [
                "# HELP realizar_requests_running Requests in the current batch.",
                "# TYPE realizar_requests_running gauge",
                #"realizar_requests_running{model="a\"b\\c"} 2"#,
            ])
        #expect(lines.contains(#"realizar_requests_waiting{model="a\"b\\c"} 3"#))
        #expect(lines.contains("# TYPE realizar_generated_tokens_total counter"))
        #expect(lines.contains(#"realizar_generated_tokens_total{model="a\"b\\c"} 12345"#))
        #expect(lines.contains(#"realizar_decode_seconds_total{model="a\"b\\c"} 1.5"#))
        #expect(lines.contains(#"realizar_requests_cancelled_total{model="a\"b\\c",phase="queued"} 4"#))
        #expect(lines.contains(#"realizar_requests_cancelled_total{model="a\"b\\c",phase="decode"} 0"#))
        #expect(lines.contains("# TYPE realizar_queue_wait_seconds histogram"))
        for (bound, count) in [("0.001", 1), ("0.25", 1), ("0.5", 3), ("600", 3), ("+Inf", 4)] {
            #expect(
                lines.contains(#"realizar_queue_wait_seconds_bucket{model="a\"b\\c",le="\#(bound)"} \#(count)"#))
        }
        #expect(lines.contains(#"realizar_queue_wait_seconds_sum{model="a\"b\\c"} 1000.701"#))
        #expect(lines.contains(#"realizar_queue_wait_seconds_count{model="a\"b\\c"} 4"#))
        #expect(lines.contains(#"realizar_http_requests_total{method="GET",route="/health",status="200"} 1"#))
        #expect(lines.contains(#"realizar_http_requests_total{method="GET",route="other",status="404"} 1"#))
        for line in lines where !line.hasPrefix("#") {
            #expect(line.wholeMatch(of: /[a-z_]+(\{.*\})? [0-9.e+-]+/) != nil, "\(line)")
        }
    }

    @Test func `the banner names models and routes`() async throws {
        let answer = try await RouterClient(ScriptedGenerator()).get("/")
        #expect(answer.status == 200)
        #expect(answer.text.contains("org/tiny"))
        #expect(answer.text.contains("POST /v1/chat/completions"))
    }
}
