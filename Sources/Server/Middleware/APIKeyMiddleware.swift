import HTTPTypes
import Hummingbird

/// Asks for an API key on every path but those of probes.
struct APIKeyMiddleware: RouterMiddleware {
    typealias Context = ServerRequestContext

    let keys: [String]

    func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        if !ProbePath.all.contains(request.uri.path) {
            guard let key = Self.key(in: request.headers), isKnown(key) else { throw APIError.invalidAPIKey }
        }
        return try await next(request, context)
    }

    /// `Authorization: Bearer …`, or `x-api-key: …`.
    static func key(in headers: HTTPFields) -> String? {
        if let authorization = headers[.authorization] {
            let parts = authorization.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
            return String(parts[1])
        }
        return headers[.apiKey]
    }

    /// Compares with all keys to the end, so that the time does not tell how much of a key is right.
    private func isKnown(_ candidate: String) -> Bool {
        let candidate = Array(candidate.utf8)
        return keys.reduce(false) { known, key in Self.isEqual(candidate, Array(key.utf8)) || known }
    }

    /// - Complexity: O(`candidate.count`) whatever differs.
    static func isEqual(_ candidate: [UInt8], _ key: [UInt8]) -> Bool {
        guard !key.isEmpty else { return false }
        var difference = candidate.count ^ key.count
        for (index, byte) in candidate.enumerated() { difference |= Int(byte ^ key[index % key.count]) }
        return difference == 0
    }
}
