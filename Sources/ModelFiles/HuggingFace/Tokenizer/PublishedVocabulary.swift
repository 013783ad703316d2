/// The tokens of `tokenizer.json` in the order of their ids, each with its kind in GGUF's numbers.
struct PublishedVocabulary {
    /// GGUF's `token_type`.
    enum Kind {
        static let normal = 1, unknown = 2, control = 3, userDefined = 4, unused = 5, byte = 6
    }

    /// Ids that no token has are few: so many may lie between those that have one.
    private static let mostGaps = 1 << 16

    private(set) var tokens = ByteStrings()
    private(set) var kinds: [Int] = []
    private let finder: TokenFinder
    private let file: TokenizerFile

    /// - Throws: For an id or a text that stands twice, ids far beyond the count of tokens, an added token that contradicts the
    ///   vocabulary.
    init(_ file: TokenizerFile, hasByteTokens: Bool) throws(ModelFileError) {
        self.file = file
        finder = TokenFinder(file.tokens)
        if let index = finder.duplicate {
            throw file.error(
                "vocab", expected: "each token once", found: "\(file.shown(index)) twice")
        }
        let added = try Self.added(file)
        let count = try Self.idCount(file, added)
        // By id: an index into the file's tokens, or into the added ones behind them.
        var places = [Int](repeating: -1, count: count)
        for (index, id) in file.ids.enumerated() {
            guard places[id] < 0 else {
                throw file.error(
                    "vocab", expected: "each id once",
                    found: "id \(id) of \(file.shown(places[id])) and \(file.shown(index))")
            }
            places[id] = index
        }
        tokens.reserveCapacity(count: count, byteCount: file.tokens.bytes.count)
        kinds.reserveCapacity(count)
        for id in 0..<count {
            if let token = added[id] {
                guard places[id] < 0 || file.tokens[places[id]].elementsEqual(token.content) else {
                    throw file.error(
                        token, expected: "the text \(file.shown(places[id])) that the vocabulary has for id \(id)",
                        found: PrintableName.quoted(bytes: token.content))
                }
                append(token.content, token.isSpecial ? Kind.control : Kind.userDefined)
            } else if places[id] >= 0 {
                let text = file.tokens[places[id]]
                append(text, hasByteTokens && Self.isByteToken(text) ? Kind.byte : Kind.normal)
            } else {
                append("[PAD\(id)]".utf8, Kind.unused)
            }
        }
    }

    /// Adds tokens that nothing uses, up to the rows of the embedding, where these are not many more.
    mutating func fill(upTo count: Int) {
        guard count <= kinds.count + Self.mostGaps else { return }
        while kinds.count < count { append("[PAD\(kinds.count)]".utf8, Kind.unused) }
    }

    mutating func setKind(_ kind: Int, of id: Int) { kinds[id] = kind }

    /// The id of the token with this text.
    func id(of text: [UInt8]) -> Int? {
        file.addedTokens.first { $0.content == text }?.id ?? idOfNormalToken(text)
    }

    /// As `id(of:)` for what merges make, which added tokens are not; O(1).
    func idOfNormalToken(_ text: [UInt8]) -> Int? { finder.index(of: text).map { file.ids[$0] } }

    private mutating func append(_ text: some Sequence<UInt8>, _ kind: Int) {
        tokens.append(text)
        kinds.append(kind)
    }

    private static func added(_ file: TokenizerFile) throws(ModelFileError) -> [Int: TokenizerFile.AddedToken] {
        var added: [Int: TokenizerFile.AddedToken] = [:]
        for token in file.addedTokens {
            guard added.updateValue(token, forKey: token.id) == nil else {
                throw file.error(token, expected: "each id once", found: "id \(token.id) twice")
            }
        }
        return added
    }

    private static func idCount(
        _ file: TokenizerFile, _ added: [Int: TokenizerFile.AddedToken]
    ) throws(ModelFileError) -> Int {
        let count = max(file.ids.max() ?? -1, added.keys.max() ?? -1) + 1
        guard count <= file.ids.count + added.count + mostGaps else {
            throw file.error(
                "vocab", expected: "ids up to about the \(file.ids.count + added.count) tokens", found: "\(count - 1)")
        }
        return count
    }

    /// `<0x0A>`
    static func isByteToken(_ text: ArraySlice<UInt8>) -> Bool {
        text.count == 6 && text.starts(with: "<0x".utf8) && text.last == UInt8(ascii: ">")
            && text.dropFirst(3).dropLast().allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
    }
}

extension TokenizerFile {
    func error(_ key: String, expected: String, found: String) -> ModelFileError {
        ModelFileError(
            file: file, offset: parts[key]?.offset, subject: .key(key),
            problem: .invalid(expected: expected, found: found))
    }

    func error(_ token: AddedToken, expected: String, found: String) -> ModelFileError {
        ModelFileError(
            file: file, offset: token.offset, subject: .key("added_tokens"),
            problem: .invalid(expected: expected, found: found))
    }

    func unsupported(_ key: String, _ found: String, at offset: Int? = nil) -> ModelFileError {
        let advice = "text would be split otherwise than in training"
        return ModelFileError(
            file: file, offset: offset ?? parts[key]?.offset, subject: .key(key),
            problem: .unsupported(found: found, advice: advice))
    }

    /// The token at `index` of the file, for errors.
    func shown(_ index: Int) -> String { PrintableName.quoted(bytes: Array(tokens[index])) }
}
