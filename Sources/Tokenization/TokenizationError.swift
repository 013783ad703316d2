/// A tokenizer that cannot be built from its description, or an id that it does not have.
package struct TokenizationError: Error, Equatable, CustomStringConvertible {
    package enum Problem: Equatable, Sendable {
        case unknownModel(found: String, known: [String])
        case unknownPreTokenizer(found: String, known: [String])
        /// A byte-level vocabulary without the name of its pre-tokenizer: the pieces cannot be known.
        case missingPreTokenizer(known: [String])
        case emptyVocabulary
        case vocabularyTooLarge(count: Int, limit: Int)
        /// A list that must be as long as the vocabulary, or is missing altogether (found 0).
        case wrongCount(expected: Int, found: Int)
        /// The end of an entry lies before its start or beyond the bytes.
        case invalidEnd(index: Int, end: Int, byteCount: Int)
        case notANumber(index: Int)
        case malformedMerge(index: Int)
        case specialTokenTooLong(tokenID: Int, byteCount: Int, limit: Int)
        case tokenOutOfRange(tokenID: Int, vocabularySize: Int)
        /// The offset is in scalars.
        case unsupportedPattern(found: String, pattern: String, offset: Int)
        /// The table of a `Precompiled` normalizer is not what SentencePiece writes.
        case malformedCharacterMap(byteCount: Int)
    }

    /// What the problem is about: `tokens`, `merges`, `begin token`, ...
    package let place: String
    package let problem: Problem

    package init(_ place: String, _ problem: Problem) {
        self.place = place
        self.problem = problem
    }

    package var description: String { "\(place): \(problem)" }
}

extension TokenizationError.Problem: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unknownModel(let found, let known):
            "'\(found)' is not a tokenizer that this engine knows; known are \(known.joined(separator: ", "))"
        case .unknownPreTokenizer(let found, let known):
            "'\(found)' is not a pre-tokenizer that this engine knows; known are \(known.joined(separator: ", "))"
        case .missingPreTokenizer(let known):
            "no pre-tokenizer is named, so the text cannot be split as in training; convert the model again, or name one of "
                + known.joined(separator: ", ")
        case .emptyVocabulary:
            "expected at least one token, found none"
        case .vocabularyTooLarge(let count, let limit):
            "expected at most \(limit) tokens, found \(count)"
        case .wrongCount(let expected, let found):
            "expected \(expected) entries, found \(found)"
        case .invalidEnd(let index, let end, let byteCount):
            "entry \(index) ends at byte \(end), before its start or beyond the \(byteCount) bytes there are"
        case .notANumber(let index):
            "entry \(index): expected a number, found NaN"
        case .malformedMerge(let index):
            "entry \(index): expected two parts with one space between them"
        case .specialTokenTooLong(let tokenID, let byteCount, let limit):
            "token \(tokenID): expected at most \(limit) bytes, found \(byteCount)"
        case .tokenOutOfRange(let tokenID, let vocabularySize):
            "expected a token id in 0..<\(vocabularySize), found \(tokenID)"
        case .unsupportedPattern(let found, let pattern, let offset):
            "'\(pattern)', character \(offset): \(found) is not known here, so text would be split otherwise than in training"
        case .malformedCharacterMap(let byteCount):
            "expected a table of characters as SentencePiece writes it, found \(byteCount) bytes of another form"
        }
    }
}
