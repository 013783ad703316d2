import Engine
import HTTPTypes
import Server
import Synchronization
import Testing

@Suite("Circuit breaker")
struct CircuitBreakerTests {
    static let start = ContinuousClock.now

    static func time(_ seconds: Double) -> ContinuousClock.Instant { start + .seconds(seconds) }

    /// A circuit that has just opened at 0 for a second: three faults in a row open it.
    static func opened(chance: Double = 0.5) -> CircuitBreaker {
        var policy = CircuitBreaker.Policy()
        policy.faultCount = 3
        policy.maximumDelay = .seconds(5)
        var circuit = CircuitBreaker(policy: policy)
        for _ in 0..<3 { _ = circuit.note(.fault, of: .admitted, at: start, chance: chance) }
        return circuit
    }

    @Test func `faults in a row open it, a success between them or time do not`() {
        var policy = CircuitBreaker.Policy()
        policy.faultCount = 3
        var circuit = CircuitBreaker(policy: policy)
        func note(_ outcome: CircuitBreaker.Outcome, at seconds: Double) -> CircuitBreaker.Change? {
            #expect(circuit.admit(at: Self.time(seconds)) == .admitted)
            return circuit.note(outcome, of: .admitted, at: Self.time(seconds), chance: 0.5)
        }
        #expect(note(.fault, at: 0) == nil && note(.fault, at: 1) == nil && note(.success, at: 2) == nil)
        #expect(note(.fault, at: 3) == nil && note(.fault, at: 4) == nil)
        // The first of them is too old when the third comes.
        #expect(note(.fault, at: 63) == nil && note(.neither, at: 63) == nil)
        #expect(note(.fault, at: 63.5) == .opened(delay: .seconds(1)))
        #expect(circuit.admit(at: Self.time(64)) == .refused(retryAfter: .seconds(0.5)))
        #expect(circuit.openingCount == 1)
    }

    @Test func `one request probes, and its success closes it`() {
        var circuit = Self.opened()
        #expect(circuit.state == .open(until: Self.time(1)))
        #expect(circuit.admit(at: Self.time(1)) == .probe(1))
        #expect(circuit.admit(at: Self.time(1)) == .refused(retryAfter: .seconds(1)))
        // Requests of before it opened change nothing, however they end.
        #expect(circuit.note(.success, of: .admitted, at: Self.time(1), chance: 0) == nil)
        #expect(circuit.note(.success, of: .probe(7), at: Self.time(1), chance: 0) == nil)
        #expect(circuit.note(.success, of: .probe(1), at: Self.time(2), chance: 0) == .closed)
        #expect(circuit.admit(at: Self.time(2)) == .admitted && circuit.state == .closed)
        // All is forgotten: three faults again, and the first wait.
        #expect(circuit.note(.fault, of: .admitted, at: Self.time(3), chance: 0.5) == nil)
        #expect(circuit.note(.fault, of: .admitted, at: Self.time(3), chance: 0.5) == nil)
        #expect(circuit.note(.fault, of: .admitted, at: Self.time(3), chance: 0.5) == .opened(delay: .seconds(1)))
        #expect(circuit.openingCount == 2)
    }

    @Test func `each probe that fails doubles the wait, up to its bound`() {
        var circuit = Self.opened()
        var now = 1.0
        for (number, delay) in [2.0, 4, 5, 5].enumerated() {
            #expect(circuit.admit(at: Self.time(now)) == .probe(number + 1))
            let change = circuit.note(.fault, of: .probe(number + 1), at: Self.time(now), chance: 0.5)
            #expect(change == .opened(delay: .seconds(delay)))
            #expect(circuit.admit(at: Self.time(now + delay - 0.25)) == .refused(retryAfter: .seconds(0.25)))
            now += delay
        }
    }

    @Test(arguments: [(0.0, 0.8), (0.5, 1.0), (1.0, 1.2), (7.0, 1.2), (-1.0, 0.8)])
    func `chance moves the wait by a fifth at most`(chance: Double, seconds: Double) {
        guard case .open(let until) = Self.opened(chance: chance).state else {
            Issue.record("it is not open")
            return
        }
        #expect(abs((until - Self.start) / .seconds(1) - seconds) < 1e-9)
    }

    @Test func `a probe that says nothing, or never ends, makes room for another`() {
        var circuit = Self.opened()
        #expect(circuit.admit(at: Self.time(1)) == .probe(1))
        #expect(circuit.note(.neither, of: .probe(1), at: Self.time(1.5), chance: 0) == nil)
        #expect(circuit.admit(at: Self.time(1.5)) == .probe(2))
        #expect(circuit.admit(at: Self.time(121)) == .refused(retryAfter: .seconds(1)))
        #expect(circuit.admit(at: Self.time(121.5)) == .probe(3))
        #expect(circuit.note(.fault, of: .probe(2), at: Self.time(122), chance: 0) == nil)
        #expect(circuit.note(.success, of: .probe(3), at: Self.time(122), chance: 0) == .closed)
    }
}

@Suite("Models that keep failing")
struct UnhealthyModelTests {
    static let broken = EngineError(code: .generationFailed, message: "logits are no numbers")

    /// A generator that fails while the switch is on.
    final class Switch: Sendable {
        let isBroken = Atomic<Bool>(true)
        let time = Mutex(ContinuousClock.now)

        func pass(_ duration: Duration) { time.withLock { $0 += duration } }
    }

    static func client(_ world: Switch, _ generator: any TextGenerator) -> RouterClient {
        let configuration = ServerConfiguration()
        let server = RealizarServer(generators: [generator], configuration: configuration, logger: .quiet)
        let health = ModelHealth(policy: CircuitBreaker.Policy()) { world.time.withLock { $0 } }
        return RouterClient(
            environment: RouteEnvironment(state: server.state, configuration: configuration, health: health))
    }

    @Test func `five failures shut a model, one request in a while probes it, and its success opens it for all`()
        async throws
    {
        let world = Switch()
        let generator = ScriptedGenerator(failure: { world.isBroken.load(ordering: .relaxed) ? Self.broken : nil })
        let client = Self.client(world, generator)
        func ask() async throws -> RouterClient.Answer { try await client.post("/v1/completions", #"{"prompt":"hi"}"#) }
        for _ in 0..<5 { #expect(try await ask().status == 500) }
        let refused = try await ask()
        #expect(refused.status == 503 && refused.text.contains("\"code\":\"model_unhealthy\""))
        #expect(["1", "2"].contains(refused.headers[.retryAfter]))
        #expect(generator.requests.count == 5)
        let health = try await client.get("/health")
        #expect(health.status == 200)
        #expect(health.text == #"{"degraded":["model_unhealthy"],"status":"ready","unhealthy_models":["org/tiny"]}"#)
        let metrics = try await client.get("/metrics").text
        #expect(metrics.contains("realizar_model_healthy{model=\"org/tiny\"} 0\n"))
        #expect(metrics.contains("realizar_requests_refused_total{reason=\"unhealthy\"} 1\n"))

        world.pass(.seconds(2))
        #expect(try await ask().status == 500)  // the probe
        #expect(try await ask().status == 503)
        world.pass(.seconds(1.5))
        #expect(try await ask().status == 503)  // twice as long now
        world.pass(.seconds(1))
        world.isBroken.store(false, ordering: .relaxed)
        for _ in 0..<3 { #expect(try await ask().status == 200) }
        #expect(try await client.get("/health").text == #"{"status":"ready"}"#)
        let after = try await client.get("/metrics").text
        #expect(after.contains("realizar_model_healthy{model=\"org/tiny\"} 1\n"))
        #expect(after.contains("realizar_model_unhealthy_total{model=\"org/tiny\"} 2\n"))
    }

    @Test(arguments: [EngineError.Code.queueFull, .invalidRequest, .contextLengthExceeded, .deadlineExceeded])
    func `what a client did wrong or had no time for shuts nobody out`(code: EngineError.Code) async throws {
        let world = Switch()
        let client = Self.client(world, ScriptedGenerator(refusal: EngineError(code: code, message: "no")))
        for _ in 0..<20 { _ = try await client.post("/v1/completions", #"{"prompt":"hi"}"#) }
        #expect(try await client.get("/health").text == #"{"status":"ready"}"#)
    }

    @Test func `failures in the middle of streams count`() async throws {
        let world = Switch()
        let script = Array(ScriptedGenerator.hello.prefix(2)) + [.fail(Self.broken)]
        let client = Self.client(world, ScriptedGenerator(script: script))
        for _ in 0..<5 {
            let answer = try await client.post("/v1/completions", #"{"prompt":"hi","stream":true}"#)
            #expect(answer.status == 200 && answer.text.contains("generation_failed"))
        }
        #expect(try await client.post("/v1/completions", #"{"prompt":"hi","stream":true}"#).status == 503)
    }

    @Test func `scarce memory is told by health`() async throws {
        var statistics = EngineStatistics()
        statistics.isUnderMemoryPressure = true
        let client = RouterClient(ScriptedGenerator(statistics: statistics))
        let health = try await client.get("/health")
        #expect(health.status == 200 && health.text == #"{"degraded":["memory"],"status":"ready"}"#)
        #expect(try await client.get("/metrics").text.contains("realizar_memory_pressure{model=\"org/tiny\"} 1\n"))
    }
}
