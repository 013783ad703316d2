import Engine
import Logging
import Synchronization

/// Which models may be asked: one circuit for each, by its name.
package final class ModelHealth: Sendable {
    /// A request's way through a model's circuit.
    struct Pass: Sendable {
        let model: String
        let admission: CircuitBreaker.Admission
    }

    private let policy: CircuitBreaker.Policy
    private let now: @Sendable () -> ContinuousClock.Instant
    private let circuits = Mutex<[String: CircuitBreaker]>([:])

    package convenience init() { self.init(policy: CircuitBreaker.Policy()) }

    package init(policy: CircuitBreaker.Policy, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) {
        self.policy = policy
        self.now = now
    }

    /// - Throws: `APIError` 503 `model_unhealthy` while the model's circuit is open.
    func admit(to model: String) throws(APIError) -> Pass {
        let admission = circuits.withLock { $0[model, default: CircuitBreaker(policy: policy)].admit(at: now()) }
        if case .refused(let delay) = admission { throw .modelUnhealthy(model, retryAfter: delay) }
        return Pass(model: model, admission: admission)
    }

    /// How the request that `pass` belongs to ended; nil for well.
    func note(_ error: (any Error)?, of pass: Pass, logger: Logger) {
        let change = circuits.withLock { circuits in
            circuits[pass.model, default: CircuitBreaker(policy: policy)].note(
                Self.outcome(error), of: pass.admission, at: now(), chance: .random(in: 0...1))
        }
        switch change {
        case .opened(let delay):
            logger.warning(
                "model failed repeatedly and is not asked for a while",
                metadata: ["model": "\(pass.model)", "retry_after_ms": "\(delay.milliseconds)"])
        case .closed: logger.notice("model answers again", metadata: ["model": "\(pass.model)"])
        case nil: break
        }
    }

    /// What a request's end says of its model. Only the engine's own failures do: a client that leaves, asks for what is not
    /// possible or runs out of time must not shut a model down for all.
    private static func outcome(_ error: (any Error)?) -> CircuitBreaker.Outcome {
        guard let error else { return .success }
        return (error as? EngineError)?.code == .generationFailed ? .fault : .neither
    }

    /// Circuits that are not closed, by model, in a fixed order.
    var unhealthyModels: [String] {
        circuits.withLock { $0.filter { $0.value.state != .closed }.keys.sorted() }
    }

    /// Of a model that may never have been asked.
    func circuit(of model: String) -> CircuitBreaker {
        circuits.withLock { $0[model] ?? CircuitBreaker(policy: policy) }
    }
}
