import HTTPTypes
import Hummingbird

/// Refuses other names than the machine's own when the server is bound to the loopback interface.
///
/// A web page whose name is made to point to 127.0.0.1 (DNS rebinding) is of the same origin as this server to a
/// browser; what gives it away is the name in `Host`.
struct HostMiddleware: RouterMiddleware {
    typealias Context = ServerRequestContext

    private let allowedHosts: Set<String>

    init(allowedHosts: [String]) {
        self.allowedHosts = Set(allowedHosts.map { $0.lowercased() }).union(["localhost", "127.0.0.1", "[::1]"])
    }

    func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        // Browsers always send it; its absence is no attack.
        if let authority = request.head.authority, !allowedHosts.contains(Self.host(of: authority)) {
            throw APIError.forbiddenHost(authority)
        }
        return try await next(request, context)
    }

    /// The name in front of an optional `:port`.
    static func host(of authority: String) -> String {
        let lowercased = authority.lowercased()
        guard let colon = lowercased.lastIndex(of: ":") else { return lowercased }
        let port = lowercased[lowercased.index(after: colon)...]
        return port.allSatisfy { ("0"..."9").contains($0) } ? String(lowercased[..<colon]) : lowercased
    }
}
