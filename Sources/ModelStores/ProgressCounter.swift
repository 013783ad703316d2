internal import Synchronization

/// Bytes of several files in one count that never goes backwards, also where a file has to be begun anew.
final class ProgressCounter: Sendable {
    private let total: Int
    private let report: @Sendable (Int, Int) -> Void
    private let state = Mutex((finished: 0, highest: 0))

    init(total: Int, report: @escaping @Sendable (Int, Int) -> Void) {
        self.total = total
        self.report = report
    }

    /// So many bytes of the file that is being brought are here.
    func reach(_ byteCount: Int) {
        let highest: Int? = state.withLock { state in
            guard state.finished + byteCount > state.highest else { return nil }
            state.highest = min(state.finished + byteCount, total)
            return state.highest
        }
        if let highest { report(highest, total) }
    }

    func finish(byteCount: Int) {
        reach(byteCount)
        state.withLock { $0.finished += byteCount }
    }
}
