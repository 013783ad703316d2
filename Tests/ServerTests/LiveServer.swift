import Engine
import Server
import Synchronization

/// Runs a server on a free port for the time of `body`, then shuts it down and waits for its end.
func withLiveServer<Value>(
    _ generator: ScriptedGenerator, drainTimeout: Duration = .seconds(5),
    configuration: ServerConfiguration = ServerConfiguration(),
    _ body: (RealizarServer, Int) async throws -> Value
) async throws -> Value {
    var configuration = configuration
    configuration.port = 0
    configuration.drainTimeout = drainTimeout
    let server = RealizarServer(generators: [generator], configuration: configuration, logger: .quiet)
    let (ports, continuation) = AsyncStream<Int>.makeStream()
    let run = Task {
        defer { continuation.finish() }
        try await server.run(handlesSignals: false) { continuation.yield($0) }
    }
    var iterator = ports.makeAsyncIterator()
    guard let port = await iterator.next() else {
        try await run.value
        throw EngineError(code: .shuttingDown, message: "The server ended before it listened")
    }
    let result: Result<Value, any Error>
    do { result = .success(try await body(server, port)) } catch { result = .failure(error) }
    await server.shutDown()
    try await run.value
    return try result.get()
}

/// Waits until `condition` holds.
///
/// - Returns: Whether it did within `timeout`.
func eventually(within timeout: Duration, _ condition: () -> Bool) async throws -> Bool {
    let deadline = ContinuousClock.now + timeout
    while !condition() {
        guard ContinuousClock.now < deadline else { return false }
        try await Task.sleep(for: .milliseconds(1))
    }
    return true
}
