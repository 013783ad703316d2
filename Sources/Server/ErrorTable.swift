import APIProtocols
import Engine
import HTTPTypes

/// Every error that a request can meet, and the answer to it: the only place that knows the status of an engine's error.
extension APIError {
    init(_ error: any Error) {
        switch error {
        case let error as APIError: self = error
        case let error as EngineError: self.init(error)
        case let error as ModelUnavailable: self.init(error)
        case let error as JSONBody.Failure: self.init(error)
        case is CancellationError: self = .clientClosedRequest
        default: self = .internalError
        }
    }

    init(_ error: EngineError) {
        let row = Self.engineErrors[error.code.description] ?? (.internalServerError, .server, nil)
        self.init(
            status: row.status,
            body: APIErrorBody(
                message: error.message, kind: row.kind, parameter: error.field, code: error.code.description),
            retryAfter: row.retryAfter)
    }

    /// A model that cannot be loaded is the server's trouble; one that never fits is not helped by trying again.
    init(_ error: ModelUnavailable) {
        self.init(
            status: .serviceUnavailable,
            body: APIErrorBody(
                message: error.description, kind: .server, parameter: "model", code: "model_unavailable"),
            retryAfter: error.retryAfter.map { max(1, Int(clamping: ($0.milliseconds + 999) / 1000)) })
    }

    private typealias Row = (status: HTTPResponse.Status, kind: APIErrorBody.Kind, retryAfter: Int?)

    private static let engineErrors: [String: Row] = [
        EngineError.Code.invalidRequest.description: (.badRequest, .invalidRequest, nil),
        EngineError.Code.contextLengthExceeded.description: (.badRequest, .invalidRequest, nil),
        EngineError.Code.queueFull.description: (.tooManyRequests, .rateLimit, 1),
        EngineError.Code.queueTimeout.description: (.serviceUnavailable, .server, 5),
        EngineError.Code.deadlineExceeded.description: (.gatewayTimeout, .server, nil),
        EngineError.Code.shuttingDown.description: (.serviceUnavailable, .server, 5),
        EngineError.Code.generationFailed.description: (.internalServerError, .server, nil),
        EngineError.Code.invalidModel.description: (.internalServerError, .server, nil),
        EngineError.Code.unsupportedModel.description: (.internalServerError, .server, nil),
    ]

    init(_ failure: JSONBody.Failure) {
        switch failure {
        case .syntax(let error):
            self = .badRequest(error.description, code: "invalid_json")
        case .field(let error):
            let code =
                switch error.problem {
                case .missing: "missing_required_parameter"
                case .invalid, .conflict: "invalid_value"
                case .unknown: "unknown_parameter"
                case .unsupported: "unsupported_parameter"
                }
            self = .badRequest(error.description, parameter: error.field.isEmpty ? nil : error.field, code: code)
        }
    }
}
