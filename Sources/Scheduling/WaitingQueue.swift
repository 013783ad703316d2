/// What decides when a waiting request has its turn.
package struct Turn: Sendable, Equatable {
    /// Whose request it is; clients take turns.
    package var client: String
    /// Smaller ones go first.
    package var priority: Int

    package init(client: String = "", priority: Int = 0) {
        self.client = client
        self.priority = priority
    }
}

/// Requests that wait. Those that have run already go first, since somebody reads their stream; then by priority; among equals
/// clients take turns, so that one with a hundred requests does not hold up one with a single request; then by arrival.
struct WaitingQueue: Sendable {
    private var sequences: [ScheduledSequence] = []
    /// When each client that waits or runs last had a turn.
    private var lastTurns: [String: Int] = [:]
    private var turnCount = 0

    var count: Int { sequences.count }
    var isEmpty: Bool { sequences.isEmpty }

    mutating func append(_ sequence: ScheduledSequence) { sequences.append(sequence) }

    mutating func remove(_ requestID: RequestID) { sequences.removeAll { $0.requestID == requestID } }

    /// The request whose turn it is.
    ///
    /// - Parameter running: What clients that have nothing here and nothing there had before is forgotten.
    mutating func next(beside running: [ScheduledSequence]) -> ScheduledSequence? {
        guard !sequences.isEmpty else { return nil }
        if lastTurns.count > 2 * (sequences.count + running.count) {
            let present = Set((sequences + running).map(\.turn.client))
            lastTurns = lastTurns.filter { present.contains($0.key) }
        }
        return sequences.min { place(of: $0) < place(of: $1) }
    }

    /// The request whose turn it was runs now.
    mutating func admit(_ sequence: ScheduledSequence) {
        remove(sequence.requestID)
        turnCount += 1
        lastTurns[sequence.turn.client] = turnCount
    }

    private func place(of sequence: ScheduledSequence) -> (Int, Int, Int, RequestID) {
        (
            sequence.wasPreempted ? 0 : 1, sequence.turn.priority, lastTurns[sequence.turn.client] ?? 0,
            sequence.requestID
        )
    }
}
