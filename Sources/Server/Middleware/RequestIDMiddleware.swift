import HTTPTypes
import Hummingbird
import Logging

/// Gives each request an id, the client's `X-Request-Id` or a new one, that the log and the answer carry.
struct RequestIDMiddleware: RouterMiddleware {
    typealias Context = ServerRequestContext

    /// nil keeps the logger of the context.
    let logger: Logger?

    func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        var context = context
        context.requestID = Self.sanitized(request.headers[.requestID]) ?? "req-\(RandomID.make())"
        if let logger { context.logger = logger }
        context.logger[metadataKey: "request_id"] = "\(context.requestID)"
        context.logger[metadataKey: "hb.request.id"] = nil
        var response = try await next(request, context)
        response.headers[.requestID] = context.requestID
        // Answers to HEAD have no body, errors neither; a body would be read as the next answer.
        return request.method == .head ? response.createHeadResponse() : response
    }

    /// At most 128 letters, digits, `.`, `_` and `-`; the rest is dropped so that an id cannot forge log lines.
    static func sanitized(_ id: String?) -> String? {
        let kept = (id ?? "").filter { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
        return kept.isEmpty ? nil : String(kept.prefix(128))
    }
}
