/// When a request has its turn, and how long it may take.
public struct AdmissionOptions: Sendable, Equatable {
    /// Whose request it is: clients take turns.
    public var client = ""
    /// Among those that wait, smaller ones go first.
    public var priority = 0
    /// From submission until something is computed; then it is refused with `.queueTimeout`.
    public var maximumQueueWait: Duration?
    /// From submission to the first token; then it ends with `.deadlineExceeded`.
    public var maximumFirstTokenWait: Duration?
    /// From submission to the end; then it ends with `.deadlineExceeded`.
    public var maximumDuration: Duration?

    public init() {}

    /// The shortest of the limits that apply while nothing has been computed.
    package var maximumWait: Duration? {
        [maximumQueueWait, maximumFirstTokenWait, maximumDuration].compactMap(\.self).min()
    }

    /// The same for a request of which `elapsed` has gone by already.
    package func after(_ elapsed: Duration) -> AdmissionOptions {
        var rest = self
        rest.maximumQueueWait = maximumQueueWait.map { max(.zero, $0 - elapsed) }
        rest.maximumFirstTokenWait = maximumFirstTokenWait.map { max(.zero, $0 - elapsed) }
        rest.maximumDuration = maximumDuration.map { max(.zero, $0 - elapsed) }
        return rest
    }

    /// What a request ends with that has come to `phase` after `elapsed`; nil while it has time.
    package func timeout(after elapsed: Duration, in phase: RequestPhase) -> EngineError? {
        let rows: [(limit: Duration?, phases: [RequestPhase], code: EngineError.Code, what: String)] = [
            (maximumQueueWait, [.queued], .queueTimeout, "the request did not have its turn"),
            (maximumFirstTokenWait, [.queued, .prefill], .deadlineExceeded, "the answer did not begin"),
            (maximumDuration, RequestPhase.allCases, .deadlineExceeded, "the answer did not end"),
        ]
        for row in rows where row.phases.contains(phase) {
            guard let limit = row.limit, elapsed >= limit else { continue }
            return EngineError(code: row.code, message: "\(row.what) within \(limit); try again later, or ask for more")
        }
        return nil
    }
}
