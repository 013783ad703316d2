import Synchronization

/// Tells whoever is working for a client that the client has left.
final class ClientConnection: Sendable {
    private struct State {
        var isClosed = false
        var nextID = 0
        var handlers: [Int: @Sendable () -> Void] = [:]
    }

    private let state = Mutex(State())

    /// Calls `handler` once when the client leaves, at once if it already has.
    ///
    /// - Returns: A name for `forget(_:)`.
    func whenClosed(_ handler: @escaping @Sendable () -> Void) -> Int {
        let id: Int? = state.withLock {
            guard !$0.isClosed else { return nil }
            $0.nextID += 1
            $0.handlers[$0.nextID] = handler
            return $0.nextID
        }
        if id == nil { handler() }
        return id ?? 0
    }

    func forget(_ id: Int) {
        state.withLock { _ = $0.handlers.removeValue(forKey: id) }
    }

    func close() {
        let handlers = state.withLock { state in
            state.isClosed = true
            defer { state.handlers = [:] }
            return Array(state.handlers.values)
        }
        for handler in handlers { handler() }
    }
}
