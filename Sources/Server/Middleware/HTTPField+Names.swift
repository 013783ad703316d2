import HTTPTypes

/// Header names that are not among the standard ones.
extension HTTPField.Name {
    static let requestID = custom("X-Request-Id")
    static let apiKey = custom("x-api-key")

    private static func custom(_ name: String) -> HTTPField.Name {
        guard let field = HTTPField.Name(name) else { preconditionFailure("'\(name)' is not a header name") }
        return field
    }
}
