/// Byte-level BPE within a word: bytes, merged by the rank of pairs.
///
/// Source: Sennrich et al. 2016, arXiv:1508.07909; Radford et al. 2019 for bytes.
struct ByteLevelModel: WordModel {
    private let takesWholeWords: Bool
    private let unknownTokenID: Int32?
    private let index: TokenIndex
    private let merges: MergeTable
    /// `[256]`, −1 where the vocabulary lacks the byte.
    private let byteTokens: [Int32]

    /// Of merges of one pair, the first counts. A merge whose parts or whole the vocabulary lacks, or has as control
    /// tokens, never applies.
    ///
    /// - Parameter vocabulary: the bytes that tokens stand for.
    /// - Throws: `.malformedMerge`, `.invalidEnd`.
    init(
        _ description: TokenizerDescription, _ vocabulary: Vocabulary, takesWholeWords: Bool, unknownTokenID: Int32?
    ) throws(TokenizationError) {
        self.takesWholeWords = takesWholeWords
        self.unknownTokenID = unknownTokenID
        index = TokenIndex(vocabulary) { $0 != .control && $0 != .unknown && $0 != .unused }
        merges = try Self.mergeTable(description, index)
        byteTokens = (0..<256).map { [index] in index.id(of: [UInt8($0)].span) }
    }

    /// The same tokens with the bytes that their letters stand for.
    static func decoded(_ vocabulary: Vocabulary, kinds: [TokenKind]) -> Vocabulary {
        vocabulary.mapping(kinds: kinds) { text, kind, bytes in
            let isLiteral = kind == .control || kind == .userDefined || kind == .unknown
            if isLiteral || !ByteLevelAlphabet.decode(text, into: &bytes) { bytes += text }
        }
    }

    private static func mergeTable(
        _ description: TokenizerDescription, _ index: TokenIndex
    ) throws(TokenizationError) -> MergeTable {
        var table = MergeTable(capacityFor: description.mergeEnds.count)
        var whole: [UInt8] = []
        try description.forEachMerge { rank, left, right in
            whole.removeAll(keepingCapacity: true)
            guard ByteLevelAlphabet.decode(left, into: &whole) else { return }
            let cut = whole.count
            guard ByteLevelAlphabet.decode(right, into: &whole) else { return }
            let left = index.id(of: whole.span.extracting(..<cut))
            let right = index.id(of: whole.span.extracting(cut...))
            let id = index.id(of: whole.span)
            guard left >= 0, right >= 0, id >= 0 else { return }
            table.insert(left: left, right: right, Merge(priority: rank, id: id))
        }
        return table
    }

    func appendTokens(of word: Span<UInt8>, to ids: inout [Int32], _ scratch: inout ModelScratch) {
        if takesWholeWords {
            let id = index.id(of: word)
            if id >= 0 { return ids.append(id) }
        }
        scratch.merger.symbols.removeAll(keepingCapacity: true)
        for i in word.indices {
            scratch.merger.symbols.append(Symbol(start: Int32(i), end: Int32(i + 1), id: byteTokens[Int(word[i])]))
        }
        scratch.merger.run(word, rule: merges)
        for symbol in scratch.merger.symbols {
            if symbol.id >= 0 {
                ids.append(symbol.id)
            } else if let unknownTokenID {
                ids.append(unknownTokenID)
            }
        }
    }
}
