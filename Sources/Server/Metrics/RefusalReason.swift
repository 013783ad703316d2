import APIProtocols
import HTTPTypes

/// Why a request was turned away before anything was generated for it.
enum RefusalReason: String, Sendable, CaseIterable {
    case queueFull = "queue_full"
    case queueTimeout = "queue_timeout"
    case loading
    case draining
    case unhealthy
    case unavailable
    case contextLengthExceeded = "context_length_exceeded"
    case modelNotFound = "model_not_found"
    case invalidRequest = "invalid_request"
    case bodyLimit = "body_limit"
    case unauthorized
    case hostNotAllowed = "host_not_allowed"

    /// - Returns: nil for answers that refuse nothing that could be asked for: a path that does not exist, a failure, a client
    ///   that has left.
    init?(_ error: APIError) {
        guard let code = error.body.code else { return nil }
        if let reason = Self.reasons[code] {
            self = reason
        } else {
            guard error.status == .badRequest else { return nil }
            self = .invalidRequest
        }
    }

    /// Error codes that stand for a reason of their own; the other ones of status 400 are requests that make no sense.
    private static let reasons: [String: RefusalReason] = [
        "queue_full": .queueFull, "queue_timeout": .queueTimeout, "loading": .loading, "shutting_down": .draining,
        "model_unhealthy": .unhealthy, "model_unavailable": .unavailable,
        "context_length_exceeded": .contextLengthExceeded,
        "model_not_found": .modelNotFound, "request_too_large": .bodyLimit, "request_timeout": .bodyLimit,
        "too_many_large_requests": .bodyLimit, "invalid_api_key": .unauthorized, "host_not_allowed": .hostNotAllowed,
    ]
}
