/// Text to token ids and back.
///
/// Encoding never fails: what the vocabulary cannot say becomes byte tokens or the unknown token.
package protocol Tokenizer: Sendable {
    /// Each token's text after decoding: bytes of the output, spaces for `▁`, letters for the byte alphabet.
    var vocabulary: Vocabulary { get }
    var specialTokens: SpecialTokens { get }
    /// How the texts of tokens become one text.
    var joining: PieceJoining { get }

    /// What is made of text before it is encoded.
    func normalized(_ text: [UInt8], at place: TextPlace) -> [UInt8]

    /// Appends the tokens of text without special tokens in it.
    ///
    /// - Parameters:
    ///   - text: UTF-8; bytes that are not are encoded one by one.
    ///   - place: what stands before the text.
    func appendTokens(of text: Span<UInt8>, at place: TextPlace, to ids: inout [Int32])
}

/// What stands before a stretch of text.
package enum TextPlace: Sendable {
    /// Nothing.
    case start
    case behindSpecialToken
    /// More of the same text.
    case inside
}

/// What encoding does about special tokens. The empty set: nothing is added, and no control token is recognised.
///
/// User-defined tokens are text and always recognised.
package struct SpecialTokenHandling: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The texts of control tokens become those tokens.
    package static let recognize = SpecialTokenHandling(rawValue: 1)
    /// The begin and end tokens are added, where the model wants them.
    package static let addBeginAndEnd = SpecialTokenHandling(rawValue: 2)
    package static let plain: SpecialTokenHandling = []
}

/// A part of a prompt.
package struct TextSegment: Sendable, Equatable {
    package var text: String
    /// True for text of a template, false for text of a user, which can then never place a control token.
    package var recognizesSpecialTokens: Bool

    package init(_ text: String, recognizesSpecialTokens: Bool) {
        self.text = text
        self.recognizesSpecialTokens = recognizesSpecialTokens
    }
}

extension Tokenizer {
    package var joining: PieceJoining { PieceJoining() }
    package func normalized(_ text: [UInt8], at place: TextPlace) -> [UInt8] { text }
    /// Whether the encoder puts a space before text, which decoding removes again.
    package var addsSpacePrefix: Bool { joining.leadingSpaceCount > 0 }
    package var vocabularySize: Int { vocabulary.count }
    package var beginTokenID: Int32? { specialTokens.beginTokenID }
    package var endTokenID: Int32? { specialTokens.endTokenID }
    package var unknownTokenID: Int32? { specialTokens.unknownTokenID }
    package var paddingTokenID: Int32? { specialTokens.paddingTokenID }
    package var addsBeginToken: Bool { specialTokens.addsBeginToken }
    package var addsEndToken: Bool { specialTokens.addsEndToken }

    /// False for ids outside the vocabulary.
    package func isEndOfGeneration(_ tokenID: Int32) -> Bool { specialTokens.endOfGeneration.contains(tokenID) }

    /// All ids that end an answer, ascending.
    package var endOfGenerationTokenIDs: [Int32] { specialTokens.endOfGeneration.sorted() }

    /// False for ids outside the vocabulary.
    package func isControl(_ tokenID: Int32) -> Bool {
        vocabulary.kinds.indices.contains(Int(tokenID)) && vocabulary.kinds[Int(tokenID)] == .control
    }

    /// Control tokens and the unknown one, whose texts only trusted text may place.
    func isNamed(_ tokenID: Int32) -> Bool {
        isControl(tokenID)
            || vocabulary.kinds.indices.contains(Int(tokenID)) && vocabulary.kinds[Int(tokenID)] == .unknown
    }

    /// The id of the token that decodes to exactly this text, control tokens included. O(V); not for loops.
    package func tokenID(of text: String) -> Int32? {
        let bytes = [UInt8](text.utf8)
        return (0..<vocabulary.count).first { vocabulary.text(of: $0).elementsEqual(bytes) }.map(Int32.init)
    }
}

// MARK: Text to ids

extension Tokenizer {
    package func encode(_ text: String, special: SpecialTokenHandling = .plain) -> [Int32] {
        encode(
            segments: [TextSegment(text, recognizesSpecialTokens: special.contains(.recognize))],
            addBeginAndEnd: special.contains(.addBeginAndEnd))
    }

    /// Encodes UTF-8; bytes that are not are encoded one by one.
    package func encode(utf8 bytes: [UInt8], special: SpecialTokenHandling = .plain) -> [Int32] {
        var encoding = PromptEncoding(tokenizer: self)
        encoding.append(bytes, recognizesSpecialTokens: special.contains(.recognize))
        return encoding.finish(addBeginAndEnd: special.contains(.addBeginAndEnd))
    }

    /// Encodes the parts of a prompt as one text, in which only some parts can place control tokens.
    ///
    /// A boundary between parts is no boundary between tokens: text is only interrupted by special tokens.
    /// - Parameter addBeginAndEnd: adds the begin and end tokens where the model wants them; a begin token that stands
    ///   there already is not doubled.
    package func encode(segments: [TextSegment], addBeginAndEnd: Bool = false) -> [Int32] {
        var encoding = PromptEncoding(tokenizer: self)
        var i = segments.startIndex
        while i < segments.endIndex {
            let recognizes = segments[i].recognizesSpecialTokens
            var bytes: [UInt8] = []
            while i < segments.endIndex, segments[i].recognizesSpecialTokens == recognizes {
                bytes.append(contentsOf: segments[i].text.utf8)
                i += 1
            }
            encoding.append(bytes, recognizesSpecialTokens: recognizes)
        }
        return encoding.finish(addBeginAndEnd: addBeginAndEnd)
    }
}

// MARK: Ids to text

extension Tokenizer {
    /// The bytes that a token adds to the text; not always whole characters.
    ///
    /// - Parameter special: whether control and unknown tokens give their names; else they give nothing.
    /// - Throws: `.tokenOutOfRange`.
    package func piece(of tokenID: Int32, special: Bool = false) throws(TokenizationError) -> ArraySlice<UInt8> {
        guard vocabulary.kinds.indices.contains(Int(tokenID)) else {
            throw TokenizationError(
                "token", .tokenOutOfRange(tokenID: Int(tokenID), vocabularySize: vocabulary.count))
        }
        let kind = vocabulary.kinds[Int(tokenID)]
        return !special && (kind == .control || kind == .unknown) ? [] : vocabulary.text(of: Int(tokenID))
    }

    /// The bytes of a whole text. The space that encoding put before the first word is removed again.
    ///
    /// - Parameter special: whether control and unknown tokens give their names; else they give nothing.
    /// - Throws: `.tokenOutOfRange`.
    package func decode(_ ids: some Collection<Int32>, special: Bool = false) throws(TokenizationError) -> [UInt8] {
        var bytes: [UInt8] = []
        var joiner = PieceJoiner(joining, startsText: true)
        for id in ids { try joiner.append(id, of: self, special: special, to: &bytes) }
        return bytes
    }
}
