/// What is wrong with one field of a request, in words for the person who wrote the request.
public struct RequestFieldError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Problem: Sendable, Equatable {
        /// The field must be given.
        case missing
        /// `expected` completes "must be …".
        case invalid(expected: String, found: String)
        /// A field that no request of this kind has.
        case unknown
        /// A field of the API that asks for something this server does not do; `instead` says what is accepted.
        case unsupported(found: String, instead: String)
        /// Two fields that may not be given together.
        case conflict(with: String)
    }

    /// The full name, such as `messages[0].content`; empty for the body itself.
    public let field: String
    public let problem: Problem

    public init(field: String, problem: Problem) {
        self.field = field
        self.problem = problem
    }

    public var description: String {
        let name = field.isEmpty ? "the body" : field
        return switch problem {
        case .missing: "\(name) is required"
        case .invalid(let expected, let found): "\(name) must be \(expected), found \(found)"
        case .unknown: "\(name) is not a field of this request"
        case .unsupported(let found, let instead): "\(name) is not supported (found \(found)); \(instead)"
        case .conflict(let other): "\(name) and \(other) say different things; send one of them"
        }
    }
}
