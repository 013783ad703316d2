import HTTPTypes

/// Header names that are not among the standard ones.
extension HTTPField.Name {
    static let requestID = custom("X-Request-Id")
    static let apiKey = custom("x-api-key")
    /// From 0 to 9; requests with larger numbers give way to others that wait.
    static let requestPriority = custom("X-Request-Priority")
    /// Seconds after which the answer is of no use.
    static let requestTimeout = custom("X-Request-Timeout")

    /// How finely the answer's time is measured: `brick`, `step`, `layer`.
    static let traceLevel = custom("X-Trace-Level")
    /// Of the W3C's Trace Context.
    static let traceParent = custom("traceparent")
    static let traceState = custom("tracestate")
    static let traceResponse = custom("traceresponse")

    private static func custom(_ name: String) -> HTTPField.Name {
        guard let field = HTTPField.Name(name) else { preconditionFailure("'\(name)' is not a header name") }
        return field
    }
}
