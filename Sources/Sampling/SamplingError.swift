/// Why sampling options are refused, or why no token can be chosen.
public struct SamplingError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Problem: Sendable, Equatable {
        /// An option is not a number or lies outside its range; both as a reader writes them.
        case outOfRange(value: String, range: String)
        /// The bias names a token that the vocabulary does not have.
        case unknownToken(tokenID: Int32, vocabularySize: Int)
        /// The model gave NaN or +∞ for the token at `position`, or −∞ for all tokens (then `position` is 0).
        case invalidLogits(position: Int)
        /// Nothing is left to choose from: a mask from outside forbids every token.
        case noCandidates
    }

    /// The option at fault as API clients write it (`top_p`); nil where the logits are at fault.
    public let field: String?
    public let problem: Problem

    public init(field: String? = nil, problem: Problem) {
        self.field = field
        self.problem = problem
    }

    public var description: String {
        let name = field ?? "sampling"
        return switch problem {
        case .outOfRange(let value, let range): "\(name) is \(value), but must be \(range)"
        case .unknownToken(let tokenID, let size):
            "\(name) names token \(tokenID), but the model's tokens are 0...\(size - 1)"
        case .invalidLogits(let position):
            "the model gave no usable logits (NaN, infinity, or nothing allowed; first at token \(position)); "
                + "the file may be damaged"
        case .noCandidates: "no token is allowed at this place"
        }
    }
}
