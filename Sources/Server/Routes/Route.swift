import HTTPTypes
import Hummingbird

/// A row of the table of routes.
struct Route: Sendable {
    let method: HTTPRequest.Method
    /// As Hummingbird writes paths; `**` at the end stands for any number of components.
    let path: String
    let respond: @Sendable (Request, ServerRequestContext) async throws -> Response

    /// Whether `path` is one of the row's, whatever the method.
    func matches(_ path: String) -> Bool {
        let pattern = self.path.split(separator: "/")
        let components = path.split(separator: "/")
        return pattern.last == "**"
            ? components.starts(with: pattern.dropLast()) && components.count >= pattern.count
            : components == pattern
    }
}
