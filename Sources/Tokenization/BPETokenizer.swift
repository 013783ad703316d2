/// Byte-level BPE, as of GPT-2: words of bytes, merged by the rank of pairs.
///
/// Source: Sennrich et al. 2016, arXiv:1508.07909; Radford et al. 2019 for bytes.
struct BPETokenizer: Tokenizer {
    let vocabulary: Vocabulary
    let specialTokens: SpecialTokens
    let composesText: Bool
    var addsSpacePrefix: Bool { false }
    private let preTokenizer: PreTokenizer
    private let takesWholeWords: Bool
    private let index: TokenIndex
    private let merges: MergeTable
    /// `[256]`, −1 where the vocabulary lacks the byte.
    private let byteTokens: [Int32]

    /// Of merges of one pair, the first counts. A merge whose parts or whole the vocabulary lacks, or has as control
    /// tokens, never applies.
    ///
    /// - Throws: `.unknownPreTokenizer`, `.missingPreTokenizer`, `.tokenOutOfRange`, `.malformedMerge`, `.invalidEnd`,
    ///   `.specialTokenTooLong`.
    init(_ description: TokenizerDescription) throws(TokenizationError) {
        preTokenizer = try PreTokenizer.named(description.preTokenizer)
        composesText = description.composesText
        takesWholeWords = description.takesWholeWords ?? preTokenizer.takesWholeWords
        let ends = try EndOfGeneration.tokens(of: description)
        var kinds = description.vocabulary.kinds
        for id in ends.found { kinds[Int(id)] = .control }
        vocabulary = description.vocabulary.mapping(kinds: kinds) { text, kind, bytes in
            let isLiteral = kind == .control || kind == .userDefined || kind == .unknown
            if isLiteral || !ByteLevelAlphabet.decode(text, into: &bytes) { bytes += text }
        }
        specialTokens = try SpecialTokens(
            description, vocabulary: vocabulary, endOfGeneration: ends.all,
            addsBeginByDefault: preTokenizer.addsBeginToken)
        index = TokenIndex(vocabulary) { $0 != .control && $0 != .unknown && $0 != .unused }
        merges = try Self.mergeTable(description, index)
        byteTokens = (0..<256).map { [index] in index.id(of: [UInt8($0)].span) }
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

    func appendTokens(of text: Span<UInt8>, at place: TextPlace, to ids: inout [Int32]) {
        var merger = SymbolMerger()
        var cache = WordCache(textByteCount: text.count)
        var start = 0
        var sectionEnd = 0
        while start < text.count {
            let end = preTokenizer.wordEnd(from: start, in: text, sectionEnd: &sectionEnd)
            cache.appendIDs(of: start..<end, in: text, to: &ids) { word, ids in
                appendWord(word, to: &ids, &merger)
            }
            start = end
        }
    }

    private func appendWord(_ word: Span<UInt8>, to ids: inout [Int32], _ merger: inout SymbolMerger) {
        if takesWholeWords {
            let id = index.id(of: word)
            if id >= 0 { return ids.append(id) }
        }
        merger.symbols.removeAll(keepingCapacity: true)
        for i in word.indices {
            merger.symbols.append(Symbol(start: Int32(i), end: Int32(i + 1), id: byteTokens[Int(word[i])]))
        }
        merger.run(word, rule: merges)
        for symbol in merger.symbols {
            if symbol.id >= 0 {
                ids.append(symbol.id)
            } else if let unknown = specialTokens.unknownTokenID {
                ids.append(unknown)
            }
        }
    }
}
