import HTTPTypes
import Synchronization

/// Counts answers by method, route and status, and refusals by reason.
package final class HTTPMetrics: Sendable {
    struct Key: Hashable, Sendable {
        var method: String
        var route: String
        var status: Int
    }

    private struct Counts {
        var answers: [Key: Int] = [:]
        var refusals: [RefusalReason: Int] = [:]
    }

    private let counts = Mutex(Counts())

    package init() {}

    /// - Parameter route: The route's pattern. Paths and methods that the server does not know are counted as `other`,
    ///   so that clients cannot make up series.
    func count(method: HTTPRequest.Method, route: String?, status: Int) {
        let known: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete, .options]
        let key = Key(
            method: known.contains(method) ? method.rawValue : "other",
            route: route.flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "other", status: status)
        counts.withLock { $0.answers[key, default: 0] += 1 }
    }

    func count(_ reason: RefusalReason) {
        counts.withLock { $0.refusals[reason, default: 0] += 1 }
    }

    /// Answers in a fixed order.
    var answers: [(key: Key, count: Int)] {
        counts.withLock { $0.answers.map { ($0.key, $0.value) } }
            .sorted { ($0.key.route, $0.key.method, $0.key.status) < ($1.key.route, $1.key.method, $1.key.status) }
    }

    /// Refusals for every reason there is, so that a rate can be told before the first one.
    var refusals: [(reason: RefusalReason, count: Int)] {
        counts.withLock { counts in RefusalReason.allCases.map { ($0, counts.refusals[$0] ?? 0) } }
    }
}
