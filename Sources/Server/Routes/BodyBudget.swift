import Synchronization

/// Bytes that all request bodies together may hold while they are read and decoded.
final class BodyBudget: Sendable {
    /// The first bytes of each body are free: large bodies cannot keep small ones out, and the number of connections
    /// bounds what is not counted.
    static let freeSize = 64 << 10

    private let limit: Int
    private let used = Mutex(0)

    init(limit: Int) { self.limit = limit }

    var usedByteCount: Int { used.withLock { $0 } }

    /// - Returns: Whether there was room; if not, nothing has changed.
    fileprivate func take(_ count: Int) -> Bool {
        used.withLock {
            guard count <= limit - $0 else { return false }
            $0 += count
            return true
        }
    }

    fileprivate func giveBack(_ count: Int) { used.withLock { $0 -= count } }

    /// One body's share, given back when it is released.
    final class Share: Sendable {
        private let budget: BodyBudget
        private let held = Mutex(0)

        init(of budget: BodyBudget) { self.budget = budget }

        /// Makes the share large enough for a body of `size` bytes.
        ///
        /// - Throws: `APIError` 503 if the other bodies leave no room.
        func grow(toHold size: Int) throws(APIError) {
            let hasRoom = held.withLock { held in
                let more = size - BodyBudget.freeSize - held
                guard more > 0 else { return true }
                guard budget.take(more) else { return false }
                held += more
                return true
            }
            guard hasRoom else { throw .tooManyBodies }
        }

        deinit { budget.giveBack(held.withLock { $0 }) }
    }
}
