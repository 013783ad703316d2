/// What a token is for; raw values as in GGUF's `tokenizer.ggml.token_type`.
package enum TokenKind: UInt8, Sendable {
    case undefined = 0
    /// A piece of text.
    case normal = 1
    /// Stands for what the vocabulary cannot say.
    case unknown = 2
    /// Steers the model (`<|im_start|>`); comes from templates, never from plain text.
    case control = 3
    /// Text that is always one token, however it would be split otherwise.
    case userDefined = 4
    /// A place in the vocabulary that nothing uses.
    case unused = 5
    /// One byte, written `<0x0A>`.
    case byte = 6
}

/// The tokens of a model in flat storage: no object per token.
package struct Vocabulary: Sendable {
    /// The texts of all tokens, one after another.
    let bytes: [UInt8]
    /// `[V]`, where each token's text ends in `bytes`; ascending.
    let ends: [Int]
    /// `[V]`
    package let kinds: [TokenKind]
    /// `[V]`, or nil where the vocabulary has none. No NaN.
    package let scores: [Float]?

    /// Ids are `Int32`, and a vocabulary anywhere near this is an error of its file.
    static let countLimit = 1 << 24

    /// - Parameters:
    ///   - bytes: the texts of all tokens, one after another.
    ///   - ends: `[V]`, where each token's text ends in `bytes`.
    ///   - kinds: `[V]`.
    ///   - scores: `[V]`; higher is merged earlier by SentencePiece's BPE.
    /// - Throws: `.emptyVocabulary`, `.vocabularyTooLarge`, `.wrongCount`, `.invalidEnd`, `.notANumber`.
    package init(bytes: [UInt8], ends: [Int], kinds: [TokenKind], scores: [Float]?) throws(TokenizationError) {
        guard !ends.isEmpty else { throw TokenizationError("tokens", .emptyVocabulary) }
        guard ends.count <= Self.countLimit else {
            throw TokenizationError("tokens", .vocabularyTooLarge(count: ends.count, limit: Self.countLimit))
        }
        guard kinds.count == ends.count else {
            throw TokenizationError("token types", .wrongCount(expected: ends.count, found: kinds.count))
        }
        if let scores {
            guard scores.count == ends.count else {
                throw TokenizationError("token scores", .wrongCount(expected: ends.count, found: scores.count))
            }
            if let index = scores.firstIndex(where: \.isNaN) {
                throw TokenizationError("token scores", .notANumber(index: index))
            }
        }
        try checkEnds(ends, byteCount: bytes.count, of: "tokens")
        self.init(checkedBytes: bytes, ends: ends, kinds: kinds, scores: scores)
    }

    init(checkedBytes: [UInt8], ends: [Int], kinds: [TokenKind], scores: [Float]?) {
        self.bytes = checkedBytes
        self.ends = ends
        self.kinds = kinds
        self.scores = scores
    }

    package var count: Int { ends.count }

    /// Where the token's text lies in `bytes`.
    /// - Precondition: `0 <= id < count`.
    func range(of id: Int) -> Range<Int> { (id == 0 ? 0 : ends[id - 1])..<ends[id] }

    /// The token's text, as bytes.
    /// - Precondition: `0 <= id < count`.
    package func text(of id: Int) -> ArraySlice<UInt8> { bytes[range(of: id)] }

    /// The same tokens with other texts and kinds.
    func mapping(
        kinds newKinds: [TokenKind], _ append: (_ text: ArraySlice<UInt8>, _ kind: TokenKind, inout [UInt8]) -> Void
    ) -> Vocabulary {
        var newBytes: [UInt8] = []
        newBytes.reserveCapacity(bytes.count)
        var newEnds: [Int] = []
        newEnds.reserveCapacity(count)
        for id in 0..<count {
            append(text(of: id), newKinds[id], &newBytes)
            newEnds.append(newBytes.count)
        }
        return Vocabulary(checkedBytes: newBytes, ends: newEnds, kinds: newKinds, scores: scores)
    }
}

/// Each entry ends at or after its start and inside the bytes.
func checkEnds(_ ends: [Int], byteCount: Int, of place: String) throws(TokenizationError) {
    var start = 0
    for (index, end) in ends.enumerated() {
        guard end >= start, end <= byteCount else {
            throw TokenizationError(place, .invalidEnd(index: index, end: end, byteCount: byteCount))
        }
        start = end
    }
}
