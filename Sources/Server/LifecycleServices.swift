import ServiceLifecycle

/// Waits for the signal to stop, then for running generations.
struct DrainService: Service {
    let state: ServerState
    let timeout: Duration

    func run() async throws {
        try await gracefulShutdown()
        await state.drain(within: timeout)
    }
}

/// Loads the models beside the listening server.
struct LoadService: Service {
    let load: @Sendable () async throws -> Void

    func run() async throws {
        try await cancelWhenGracefulShutdown { try await load() }
        try await gracefulShutdown()
    }
}
