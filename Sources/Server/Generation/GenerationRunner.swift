import Engine
import Logging

/// Runs generations so that they end with the client's connection, with the answer, or with the time to drain.
struct GenerationRunner: Sendable {
    let state: ServerState

    /// Starts a generation and returns its events once the engine has admitted it.
    ///
    /// The engine's stream is read by a task of its own: cancelling that task is what stops the engine, whatever the
    /// route is doing (waiting for admission, for the next token, or for a slow reader of the answer). Dropping the
    /// returned events stops it too.
    ///
    /// - Throws: what the engine's `generate` throws, `APIError` 503 while draining, `CancellationError` if the client
    ///   leaves. The stream throws the same.
    func start(
        _ request: GenerationRequest, on generator: any TextGenerator, connection: ClientConnection?, logger: Logger
    ) async throws -> AsyncThrowingStream<GenerationEvent, any Error> {
        let (admission, admitted) = AsyncThrowingStream<Void, any Error>.makeStream()
        let (events, continuation) = AsyncThrowingStream<GenerationEvent, any Error>.makeStream()
        let finish = { @Sendable (error: (any Error)?) in
            admitted.finish(throwing: error)
            continuation.finish(throwing: error)
        }
        let id = try state.begin { finish(ServerState.shuttingDownError) }
        let closure = connection?.whenClosed { finish(CancellationError()) }

        let task = Task {
            defer {
                state.end(id)
                if let connection, let closure { connection.forget(closure) }
            }
            var log = GenerationLog(logger: logger, modelName: generator.modelName)
            do {
                let source = try await generator.generate(request)
                admitted.finish()
                for try await event in source {
                    log.note(event)
                    continuation.yield(event)
                }
                try Task.checkCancellation()
                guard log.isFinished else { throw Self.streamEndedEarly }
                log.end("finished")
                finish(nil)
            } catch {
                log.end(error)
                finish(error)
            }
        }
        continuation.onTermination = { _ in task.cancel() }

        for try await _ in admission {}
        try Task.checkCancellation()
        return events
    }

    private static let streamEndedEarly = EngineError(
        code: .generationFailed, message: "The generation ended without a result")
}
