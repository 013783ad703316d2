import Dispatch
import Synchronization

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// What Ctrl-C does: the first stops the answer that is being written, any other ends the program.
final class InterruptHandler: Sendable {
    /// Cancels the answer; nil while there is none, or once it has been used.
    private let cancel = Mutex<(@Sendable () -> Void)?>(nil)
    /// Kept, as it stops working when it is released.
    private nonisolated(unsafe) let source: any DispatchSourceSignal  // never touched after `init`

    init() {
        signal(SIGINT, SIG_IGN)  // else the default action comes before the source
        source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
        source.setEventHandler { [weak self] in self?.interrupt() }
        source.resume()
    }

    /// Runs `body` in a task that Ctrl-C cancels.
    ///
    /// - Returns: What `body` returned, and whether Ctrl-C came.
    func interruptible<Value: Sendable>(
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> (value: Value, wasInterrupted: Bool) {
        let task = Task { try await body() }
        cancel.withLock { $0 = { task.cancel() } }
        defer { cancel.withLock { $0 = nil } }
        let value = try await task.value
        return (value, task.isCancelled)
    }

    private func interrupt() {
        let cancel = cancel.withLock { cancel in
            defer { cancel = nil }
            return cancel
        }
        guard let cancel else { exitProcess(.interrupted) }
        cancel()
    }
}
