import APIProtocols
import HTTPTypes

/// An answer that is not 200: status, body, and headers that go with it.
struct APIError: Error, Sendable, Equatable {
    var status: HTTPResponse.Status
    var body: APIErrorBody
    /// Seconds after which a client may try again.
    var retryAfter: Int?
    /// Methods that the route has, for 405.
    var allowedMethods: [HTTPRequest.Method] = []

    static func badRequest(_ message: String, parameter: String? = nil, code: String = "invalid_request") -> APIError {
        APIError(
            status: .badRequest,
            body: APIErrorBody(message: message, kind: .invalidRequest, parameter: parameter, code: code))
    }

    static func modelNotFound(_ name: String, available: [String]) -> APIError {
        let names = available.map { "'\($0)'" }.joined(separator: ", ")
        return APIError(
            status: .notFound,
            body: APIErrorBody(
                message: "The model '\(name)' does not exist; this server has \(names)", kind: .invalidRequest,
                parameter: "model", code: "model_not_found"))
    }

    static func routeNotFound(method: String, path: String) -> APIError {
        APIError(
            status: .notFound,
            body: APIErrorBody(
                message: "There is no route \(method) \(path)", kind: .invalidRequest, code: "route_not_found"))
    }

    static func methodNotAllowed(method: String, path: String, allowed: [HTTPRequest.Method]) -> APIError {
        let names = allowed.map(\.rawValue).joined(separator: ", ")
        return APIError(
            status: .methodNotAllowed,
            body: APIErrorBody(
                message: "\(path) does not accept \(method), only \(names)", kind: .invalidRequest,
                code: "method_not_allowed"),
            allowedMethods: allowed)
    }

    static func bodyTooLarge(maximum: Int) -> APIError {
        APIError(
            status: .contentTooLarge,
            body: APIErrorBody(
                message: "The request body is larger than \(maximum) bytes", kind: .invalidRequest,
                code: "request_too_large"))
    }

    static func bodyTooSlow(_ timeout: Duration) -> APIError {
        APIError(
            status: .requestTimeout,
            body: APIErrorBody(
                message: "The request body did not arrive within \(timeout)", kind: .invalidRequest,
                code: "request_timeout"))
    }

    static let invalidHTTP = badRequest("The request is not well-formed HTTP/1.1", code: "invalid_http")

    static let tooManyBodies = APIError(
        status: .serviceUnavailable,
        body: APIErrorBody(
            message: "The server is reading too many large requests", kind: .server, code: "too_many_large_requests"),
        retryAfter: 1)

    /// Whether the rest of the request's body may still be on its way, so that the connection is of no more use.
    var closesConnection: Bool {
        status == .contentTooLarge || status == .requestTimeout || self == .tooManyBodies
    }

    static let invalidAPIKey = APIError(
        status: .unauthorized,
        body: APIErrorBody(
            message: "A valid API key is needed, as 'Authorization: Bearer …' or 'x-api-key: …'", kind: .authentication,
            code: "invalid_api_key"))

    static func forbiddenHost(_ host: String) -> APIError {
        APIError(
            status: .forbidden,
            body: APIErrorBody(
                message: "This server answers only to localhost, not to the host '\(host)'", kind: .invalidRequest,
                code: "host_not_allowed"))
    }

    static let loading = APIError(
        status: .serviceUnavailable,
        body: APIErrorBody(message: "The model is being loaded", kind: .server, code: "loading"), retryAfter: 2)

    static func modelUnhealthy(_ name: String, retryAfter: Duration) -> APIError {
        APIError(
            status: .serviceUnavailable,
            body: APIErrorBody(
                message: "The model '\(name)' failed repeatedly and is not asked now; try again later", kind: .server,
                code: "model_unhealthy"),
            retryAfter: Int(clamping: max(1, (retryAfter.milliseconds + 999) / 1000)))
    }

    static func noModelFile(_ name: String) -> APIError {
        .badRequest("The model '\(name)' has no file that could be loaded again", parameter: "model")
    }

    /// The new file of a model cannot be used; what was loaded stays.
    static func reloadFailed(_ reloads: [ModelReload]) -> APIError {
        let outcomes = reloads.map { reload in
            "'\(reload.model)': "
                + (reload.problem.map { "what was loaded stays, since \($0)" } ?? reload.status.rawValue)
        }
        return APIError(
            status: .internalServerError,
            body: APIErrorBody(message: outcomes.joined(separator: "; "), kind: .server, code: "reload_failed"))
    }

    static let internalError = APIError(
        status: .internalServerError,
        body: APIErrorBody(message: "The server failed; its log says why", kind: .server, code: "internal_error"))

    /// Nobody reads it: the client is gone. The status is the one that web servers log for this.
    static let clientClosedRequest = APIError(
        status: HTTPResponse.Status(code: 499, reasonPhrase: "Client Closed Request"),
        body: APIErrorBody(message: "The client closed the connection", kind: .invalidRequest, code: "cancelled"))
}
