import ServiceLifecycle

/// Waits for the signal to stop, then for running generations; then unloads what can be unloaded.
struct DrainService: Service {
    let state: ServerState
    let timeout: Duration

    func run() async throws {
        try await gracefulShutdown()
        await state.drain(within: timeout)
        await state.registry.pool?.shutDown()
    }
}

/// Loads the models beside the listening server. The signal to stop ends the waiting for them at once.
struct LoadService: Service {
    let load: @Sendable () async throws -> Void

    func run() async throws {
        do {
            try await cancelWhenGracefulShutdown { try await load() }
        } catch is CancellationError {
            guard Task.isShuttingDownGracefully else { throw CancellationError() }
        }
        try await gracefulShutdown()
    }
}

/// Does something again and again until the signal to stop.
struct UpkeepService: Service {
    let interval: Duration
    let work: @Sendable () -> Void

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while (try? await Task.sleep(for: interval)) != nil { work() }
        }
    }
}
