import HTTPTypes
import Synchronization

/// Counts answers by method, route and status.
package final class HTTPMetrics: Sendable {
    struct Key: Hashable, Sendable {
        var method: String
        var route: String
        var status: Int
    }

    private let counts = Mutex<[Key: Int]>([:])

    package init() {}

    /// - Parameter route: The route's pattern. Paths and methods that the server does not know are counted as `other`,
    ///   so that clients cannot make up series.
    func count(method: HTTPRequest.Method, route: String?, status: Int) {
        let known: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete, .options]
        let key = Key(
            method: known.contains(method) ? method.rawValue : "other",
            route: route.flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "other", status: status)
        counts.withLock { $0[key, default: 0] += 1 }
    }

    /// All counts in a fixed order.
    var snapshot: [(key: Key, count: Int)] {
        counts.withLock { $0.map { ($0.key, $0.value) } }
            .sorted { ($0.key.route, $0.key.method, $0.key.status) < ($1.key.route, $1.key.method, $1.key.status) }
    }
}
