import Engine
import Synchronization

/// A generation that can be ended from any side: by its client, by the server's shutdown, by whoever reads its events.
final class RunningGeneration: Sendable {
    typealias Events = AsyncThrowingStream<GenerationEvent, any Error>

    private struct State {
        var isStopped = false
        var task: Task<Void, Never>?
    }

    private let admission: AsyncThrowingStream<Void, any Error>.Continuation
    private let events: Events.Continuation
    private let state = Mutex(State())

    init(admission: AsyncThrowingStream<Void, any Error>.Continuation, events: Events.Continuation) {
        self.admission = admission
        self.events = events
        events.onTermination = { [weak self] _ in self?.stop(nil) }
    }

    /// Runs `body` in a task of its own, which `stop(_:)` cancels, even if it came first.
    func run(_ body: @escaping @Sendable () async -> Void) {
        let task = Task { await body() }
        let isStopped = state.withLock {
            $0.task = task
            return $0.isStopped
        }
        if isStopped { task.cancel() }
    }

    func admit() { admission.finish() }

    func yield(_ event: GenerationEvent) { events.yield(event) }

    /// Ends the events with `error`, or in good order, and the work behind them. Later calls change nothing.
    func stop(_ error: (any Error)?) {
        let task = state.withLock {
            $0.isStopped = true
            return $0.task
        }
        admission.finish(throwing: error)
        events.finish(throwing: error)
        task?.cancel()
    }
}
