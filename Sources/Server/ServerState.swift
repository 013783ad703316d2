import Engine
import Synchronization

/// What the whole server shares: whether it is ready, its models, and the generations that are running.
package final class ServerState: Sendable {
    enum Phase: String, Sendable {
        case loading, ready, draining
    }

    private struct Fields {
        var phase = Phase.loading
        var registry = ModelRegistry()
        var nextID = 0
        /// What ends each running generation early.
        var generations: [Int: @Sendable () -> Void] = [:]
    }

    private let fields = Mutex(Fields())

    package init() {}

    var phase: Phase { fields.withLock { $0.phase } }

    /// The models; none before they are known.
    var registry: ModelRegistry { fields.withLock { $0.registry } }

    var generationCount: Int { fields.withLock { $0.generations.count } }

    /// Shows the models, before they can be used.
    func show(_ registry: ModelRegistry) { fields.withLock { $0.registry = registry } }

    func finishLoading(_ registry: ModelRegistry) {
        fields.withLock {
            $0.registry = registry
            if $0.phase == .loading { $0.phase = .ready }
        }
    }

    /// The models, for a request that wants to generate.
    ///
    /// - Throws: `APIError` 503 while loading and while draining.
    func registryForGeneration() throws(APIError) -> ModelRegistry {
        let (phase, registry) = fields.withLock { ($0.phase, $0.registry) }
        switch phase {
        case .loading: throw .loading
        case .ready: return registry
        case .draining: throw Self.shuttingDown
        }
    }

    /// Enters a running generation; `stop` ends it when the time to drain is over.
    ///
    /// - Throws: `APIError` 503 while draining.
    func begin(stop: @escaping @Sendable () -> Void) throws(APIError) -> Int {
        let id: Int? = fields.withLock {
            guard $0.phase != .draining else { return nil }
            $0.nextID += 1
            $0.generations[$0.nextID] = stop
            return $0.nextID
        }
        guard let id else { throw Self.shuttingDown }
        return id
    }

    func end(_ id: Int) {
        fields.withLock { _ = $0.generations.removeValue(forKey: id) }
    }

    /// Refuses new generations, waits until the running ones end, and stops those that still run after `timeout`.
    func drain(within timeout: Duration) async {
        fields.withLock { $0.phase = .draining }
        let deadline = ContinuousClock.now + timeout
        while generationCount > 0, ContinuousClock.now < deadline, !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(10))
        }
        let stops = fields.withLock { Array($0.generations.values) }
        for stop in stops { stop() }
    }

    static let shuttingDownError = EngineError(code: .shuttingDown, message: "The server is shutting down")
    private static let shuttingDown = APIError(shuttingDownError)
}
