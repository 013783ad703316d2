import Engine
import Logging

/// Runs generations so that they end with the client's connection, with the answer, or with the time to drain.
struct GenerationRunner: Sendable {
    let state: ServerState
    let health: ModelHealth

    /// Starts a generation and returns its events once the engine has admitted it. The model is loaded first where it has to
    /// be, and stays loaded until the end.
    ///
    /// The engine's stream is read by a task of its own: cancelling that task is what stops the engine, whatever the
    /// route is doing (waiting for admission, for the next token, or for a slow reader of the answer). Dropping the
    /// returned events stops it too.
    ///
    /// - Throws: what `ServedModel.lease(for:)` and the engine's `generate` throw, `APIError` 503 while draining and while the
    ///   model is unhealthy, `CancellationError` if the client
    ///   leaves. The stream throws the same.
    func start(
        _ request: GenerationRequest, on model: ServedModel, connection: ClientConnection?, logger: Logger
    ) async throws -> RunningGeneration.Events {
        let (admission, admitted) = AsyncThrowingStream<Void, any Error>.makeStream()
        let (events, continuation) = RunningGeneration.Events.makeStream()
        let generation = RunningGeneration(admission: admitted, events: continuation)

        let id = try state.begin { generation.stop(ServerState.shuttingDownError) }
        let closing = connection?.whenClosed { generation.stop(CancellationError()) }
        generation.run { [state, health] in
            await Self.run(generation, request, on: model, health: health, logger: logger)
            state.end(id)
            if let connection, let closing { connection.forget(closing) }
        }

        for try await _ in admission {}
        try Task.checkCancellation()
        return events
    }

    private static func run(
        _ generation: RunningGeneration, _ request: GenerationRequest, on model: ServedModel, health: ModelHealth,
        logger: Logger
    ) async {
        let pass: ModelHealth.Pass
        do { pass = try health.admit(to: model.modelName) } catch { return generation.stop(error) }
        var log = GenerationLog(logger: logger, modelName: model.modelName)
        do {
            try Task.checkCancellation()
            var request = request
            let lease = try await model.lease(for: &request.admission)
            defer { withExtendedLifetime(lease) {} }
            let source = try await lease.generator.generate(request)
            generation.admit()
            for try await event in source {
                log.note(event)
                generation.yield(event)
            }
            // The engine's stream ends early and without an error when this task is cancelled.
            try Task.checkCancellation()
            guard log.isFinished else { throw Self.streamEndedEarly }
            log.end("finished")
            health.note(nil, of: pass, logger: logger)
            generation.stop(nil)
        } catch {
            let cause = Task.isCancelled ? CancellationError() : error
            log.end(cause)
            health.note(cause, of: pass, logger: logger)
            generation.stop(error)
        }
    }

    private static let streamEndedEarly = EngineError(
        code: .generationFailed, message: "The generation ended without a result")
}
