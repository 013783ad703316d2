/// The body of every error: `{"error": {"message", "type", "param", "code"}}`.
public struct APIErrorBody: Sendable, Equatable, Encodable, Error {
    /// Kinds of errors as OpenAI's clients know them.
    public enum Kind: String, Sendable, Encodable {
        case invalidRequest = "invalid_request_error"
        case authentication = "authentication_error"
        case rateLimit = "rate_limit_error"
        case server = "server_error"
    }

    public var message: String
    public var kind: Kind
    /// The field at fault.
    public var parameter: String?
    /// A word for programs, such as `model_not_found`.
    public var code: String?

    public init(message: String, kind: Kind, parameter: String? = nil, code: String? = nil) {
        self.message = message
        self.kind = kind
        self.parameter = parameter
        self.code = code
    }

    private enum OuterKeys: String, CodingKey { case error }
    private enum InnerKeys: String, CodingKey { case message, type, param, code }

    public func encode(to encoder: any Encoder) throws {
        var outer = encoder.container(keyedBy: OuterKeys.self)
        var inner = outer.nestedContainer(keyedBy: InnerKeys.self, forKey: .error)
        try inner.encode(message, forKey: .message)
        try inner.encode(kind, forKey: .type)
        try inner.encode(parameter, forKey: .param)
        try inner.encode(code, forKey: .code)
    }
}
