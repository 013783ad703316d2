/// SentencePiece's BPE: characters, merged by the score of what they make, with bytes for characters that are missing.
///
/// Source: google/sentencepiece, src/bpe_model.cc.
struct SentencePieceTokenizer: Tokenizer {
    let vocabulary: Vocabulary
    let specialTokens: SpecialTokens
    private let spacePrefix: TokenizerDescription.SpacePrefix
    private let index: TokenIndex
    private let rule: Rule
    /// `[256]`, −1 where the vocabulary lacks the byte.
    private let byteTokens: [Int32]
    /// Whether no piece has a space behind another character, so that text can be merged word by word.
    private let splitsAtSpaces: Bool

    /// Merges decide where the description has some, else scores.
    ///
    /// - Throws: `.tokenOutOfRange`, `.wrongCount` (neither merges nor scores), `.invalidEnd`, `.malformedMerge`,
    ///   `.specialTokenTooLong`.
    init(_ description: TokenizerDescription) throws(TokenizationError) {
        let ends = try EndOfGeneration.tokens(of: description)
        var kinds = description.vocabulary.kinds
        for id in ends.found { kinds[Int(id)] = .control }
        var byteTokens = [Int32](repeating: -1, count: 256)
        for id in 0..<description.vocabulary.count where kinds[id] == .byte {
            let byte = Tokenization.byte(named: description.vocabulary.text(of: id))
            if let byte, byteTokens[Int(byte)] < 0 { byteTokens[Int(byte)] = Int32(id) }
        }
        self.byteTokens = byteTokens
        vocabulary = description.vocabulary.mapping(kinds: kinds) { text, kind, bytes in
            if kind == .byte, let byte = Tokenization.byte(named: text) {
                bytes.append(byte)
            } else if kind == .control || kind == .unknown {
                bytes += text
            } else {
                appendWithSpaces(text.span, to: &bytes)
            }
        }
        spacePrefix = description.spacePrefix ?? (description.addsSpacePrefix ?? true ? .always : .never)
        specialTokens = try SpecialTokens(
            description, vocabulary: vocabulary, endOfGeneration: ends.all, addsBeginByDefault: true)
        index = TokenIndex(vocabulary) { $0 == .normal || $0 == .userDefined || $0 == .undefined }
        rule =
            description.mergeEnds.isEmpty
            ? .scores(try ScoreRule(index, description.vocabulary))
            : .pairs(try MergeTable(description, spacedTextsOf: index))
        splitsAtSpaces = Self.noPieceHasInnerSpace(vocabulary)
    }

    private static func noPieceHasInnerSpace(_ vocabulary: Vocabulary) -> Bool {
        let space = UInt8(ascii: " ")
        for id in 0..<vocabulary.count where vocabulary.kinds[id] == .normal || vocabulary.kinds[id] == .undefined {
            if vocabulary.text(of: id).drop(while: { $0 == space }).contains(space) { return false }
        }
        return true
    }

    var joining: PieceJoining { PieceJoining(leadingSpaceCount: spacePrefix == .never ? 0 : 1) }

    /// The text keeps its spaces, and `▁` in it becomes one: the vocabulary's `▁` have been turned into spaces too.
    func appendTokens(of text: Span<UInt8>, at place: TextPlace, to ids: inout [Int32]) {
        var spaced: [UInt8] = []
        spaced.reserveCapacity(text.count + 1)
        if spacePrefix.stands(before: text, at: place) { spaced.append(UInt8(ascii: " ")) }
        appendWithSpaces(text, to: &spaced)
        var merger = SymbolMerger()
        appendWords(of: spaced.span, to: &ids, &merger)
    }

    private func appendWords(of text: Span<UInt8>, to ids: inout [Int32], _ merger: inout SymbolMerger) {
        guard splitsAtSpaces else { return appendWord(text, to: &ids, &merger) }
        var cache = WordCache(textByteCount: text.count)
        var start = 0
        while start < text.count {
            var end = start + 1
            while end < text.count, text[end] != UInt8(ascii: " ") || text[end - 1] == UInt8(ascii: " ") { end += 1 }
            cache.appendIDs(of: start..<end, in: text, to: &ids) { word, ids in
                appendWord(word, to: &ids, &merger)
            }
            start = end
        }
    }

    private func appendWord(_ word: Span<UInt8>, to ids: inout [Int32], _ merger: inout SymbolMerger) {
        merger.symbols.removeAll(keepingCapacity: true)
        var start = 0
        while start < word.count {
            let end = start + ClassifiedScalar(at: start, in: word).byteCount
            let id = index.id(of: word.extracting(start..<end))
            merger.symbols.append(Symbol(start: Int32(start), end: Int32(end), id: id))
            start = end
        }
        switch rule {
        case .scores(let rule): merger.run(word, rule: rule)
        case .pairs(let rule): merger.run(word, rule: rule)
        }
        var isUnknown = false
        for symbol in merger.symbols {
            if symbol.id >= 0 {
                ids.append(symbol.id)
                isUnknown = false
                continue
            }
            let range = Int(symbol.start)..<Int(symbol.end)
            if range.allSatisfy({ byteTokens[Int(word[$0])] >= 0 }) {
                for i in range { ids.append(byteTokens[Int(word[i])]) }
                isUnknown = false
            } else if let unknown = specialTokens.unknownTokenID {
                // One unknown token stands for a whole run of unknown characters.
                if !isUnknown { ids.append(unknown) }
                isUnknown = true
            }
        }
    }
}

/// What decides which neighbours merge.
private enum Rule: Sendable {
    /// SentencePiece's own.
    case scores(ScoreRule)
    /// The merges of a `tokenizer.json`, which know the two parts and not only what they make.
    case pairs(MergeTable)
}

/// Neighbours merge into the token that has their text, the one of highest score first.
struct ScoreRule: MergeRule, Sendable {
    private let index: TokenIndex
    /// `[V]`
    private let priorities: [UInt32]

    /// - Throws: `.wrongCount` for a vocabulary without scores.
    init(_ index: TokenIndex, _ vocabulary: Vocabulary) throws(TokenizationError) {
        guard let scores = vocabulary.scores else {
            throw TokenizationError("token scores", .wrongCount(expected: vocabulary.count, found: 0))
        }
        self.index = index
        priorities = scores.map(Self.priority)
    }

    func merge(_ left: Symbol, _ right: Symbol, in word: Span<UInt8>) -> Merge {
        let id = index.id(of: word.extracting(Int(left.start)..<Int(right.end)))
        return id < 0 ? .none : Merge(priority: priorities[Int(id)], id: id)
    }

    /// Numbers that ascend as scores descend; equal for equal scores.
    private static func priority(ofScore score: Float) -> UInt32 {
        let bits = (score + 0).bitPattern  // −0 becomes 0
        return bits >> 31 == 1 ? bits : ~(bits | 0x8000_0000)
    }
}

extension MergeTable {
    /// The merges of a vocabulary of characters, in whose texts spaces stand for `▁` as they do in `index`. A merge whose parts
    /// or whole the vocabulary lacks never applies.
    ///
    /// - Throws: `.invalidEnd`, `.malformedMerge`.
    fileprivate init(
        _ description: TokenizerDescription, spacedTextsOf index: TokenIndex
    ) throws(TokenizationError) {
        var table = MergeTable(capacityFor: description.mergeEnds.count)
        var whole: [UInt8] = []
        try description.forEachMerge { rank, left, right in
            whole.removeAll(keepingCapacity: true)
            appendWithSpaces(left.span, to: &whole)
            let cut = whole.count
            appendWithSpaces(right.span, to: &whole)
            let left = index.id(of: whole.span.extracting(..<cut))
            let right = index.id(of: whole.span.extracting(cut...))
            let id = index.id(of: whole.span)
            if left >= 0, right >= 0, id >= 0 { table.insert(left: left, right: right, Merge(priority: rank, id: id)) }
        }
        self = table
    }
}

/// Appends the text with spaces in place of `▁` (U+2581).
private func appendWithSpaces(_ text: Span<UInt8>, to bytes: inout [UInt8]) {
    var i = 0
    while i < text.count {
        if text[i] == 0xE2, i + 2 < text.count, text[i + 1] == 0x96, text[i + 2] == 0x81 {
            bytes.append(UInt8(ascii: " "))
            i += 3
        } else {
            bytes.append(text[i])
            i += 1
        }
    }
}
