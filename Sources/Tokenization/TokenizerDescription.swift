/// Everything a tokenizer is made from, whatever file it stood in. Nothing is checked before `makeTokenizer`.
package struct TokenizerDescription: Sendable {
    /// `tokenizer.ggml.model`: `llama` (SentencePiece's BPE by scores), `gpt2` (byte-level BPE by merges), `bert` (WordPiece),
    /// `t5` (SentencePiece's unigram model) or `gemma4` (BPE of characters by merges).
    package var model: String
    /// `tokenizer.ggml.pre`; byte-level only.
    package var preTokenizer: String?
    package var vocabulary: Vocabulary
    /// The texts of all merges (`Ġ t`), one after another. For `llama` they come before scores, which say less.
    package var mergeBytes: [UInt8] = []
    /// Where each merge ends in `mergeBytes`, in order of rank.
    package var mergeEnds: [Int] = []
    package var beginTokenID: Int?
    package var endTokenID: Int?
    package var unknownTokenID: Int?
    package var paddingTokenID: Int?
    /// Further ids that end an answer (`eot`, `eom`, a list in `generation_config.json`).
    package var endOfGenerationTokenIDs: [Int] = []
    /// Special tokens that take the white space behind them, where they are recognised (`rstrip` in `tokenizer.json`; most
    /// of Phi 3's).
    package var tokenIDsTakingSpace: [Int] = []
    /// nil: as is usual for the model and pre-tokenizer.
    package var addsBeginToken: Bool?
    /// nil: no.
    package var addsEndToken: Bool?
    /// Whether a space stands before the text; `llama` only. nil: yes.
    package var addsSpacePrefix: Bool?
    /// When exactly it does; nil: always, or never where `addsSpacePrefix` is false.
    package var spacePrefix: SpacePrefix?
    /// Text is composed (Unicode's form NFC) first; byte-level only.
    package var composesText = false
    /// Words that are in the vocabulary are taken whole (`ignore_merges`); byte-level only. nil: as is usual for the
    /// pre-tokenizer.
    package var takesWholeWords: Bool?
    /// How the text is made lower case and its accents removed; `bert` only. nil: both are.
    package var lowersCase: Bool?
    /// nil: where case is lowered.
    package var stripsAccents: Bool?
    /// Runs of spaces count as one, and those at the ends not at all; `t5` only.
    package var removesExtraSpaces = false
    /// SentencePiece's table of what characters become; `t5` only, empty for none.
    package var characterMap: [UInt8] = []
    /// `[V]`, scores of a unigram model that single precision would round; nil: those of the vocabulary.
    package var preciseScores: [Double]?
    /// The steps of a `tokenizer.json`, in place of those that the model's name stands for.
    package var pipeline: TokenizerPipeline?

    package init(model: String, preTokenizer: String? = nil, vocabulary: Vocabulary) {
        self.model = model
        self.preTokenizer = preTokenizer
        self.vocabulary = vocabulary
    }
}

extension TokenizerDescription {
    /// Where a space is put before text.
    package enum SpacePrefix: String, Sendable, CaseIterable {
        /// Before every text between special tokens, as SentencePiece does.
        case always
        /// The same, but not before a space (`Metaspace`).
        case unlessSpace = "unless-space"
        /// Only where nothing at all stands before, and not before a space.
        case firstUnlessSpace = "first-unless-space"
        case never

        func stands(before text: Span<UInt8>, at place: TextPlace) -> Bool {
            guard place != .inside, text.count > 0 else { return false }
            let beginsWithSpace = text[0] == UInt8(ascii: " ") || startsWithMark(text)
            return switch self {
            case .always: true
            case .unlessSpace: !beginsWithSpace
            case .firstUnlessSpace: place == .start && !beginsWithSpace
            case .never: false
            }
        }

        /// With `▁`, which stands for a space.
        private func startsWithMark(_ text: Span<UInt8>) -> Bool {
            text.count >= 3 && text[0] == 0xE2 && text[1] == 0x96 && text[2] == 0x81
        }
    }

    /// The two parts of each merge, in order of rank.
    /// - Throws: `.invalidEnd`, `.malformedMerge`.
    func forEachMerge(
        _ body: (_ rank: UInt32, _ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Void
    ) throws(TokenizationError) {
        try checkEnds(mergeEnds, byteCount: mergeBytes.count, of: "merges")
        var start = 0
        for (index, end) in mergeEnds.enumerated() {
            let merge = mergeBytes[start..<end]
            start = end
            guard let space = merge.firstIndex(of: UInt8(ascii: " ")), space > merge.startIndex, space + 1 < end,
                !merge[(space + 1)...].contains(UInt8(ascii: " ")), let rank = UInt32(exactly: index)
            else { throw TokenizationError("merges", .malformedMerge(index: index)) }
            body(rank, merge[..<space], merge[(space + 1)...])
        }
    }
}

/// The value of `preTokenizer` for a `Split` pattern of `tokenizer.json`; nil for one that is not known here.
///
/// - Parameters:
///   - isolatesNumbers: whether each number stands alone before the pattern sees the text.
///   - takesWholeWords: `ignore_merges`; of several names one whose readers take whole words as well, where there is one.
package func preTokenizerName(
    ofRegularExpression pattern: String, isolatesNumbers: Bool = false, takesWholeWords: Bool = true
) -> String? {
    PreTokenizer.name(
        ofRegularExpression: pattern, isolatesNumbers: isolatesNumbers, takesWholeWords: takesWholeWords)
}

/// The pattern of `ByteLevel` in `tokenizer.json` that says `use_regex`.
package let gpt2RegularExpression = GPT2Pattern.regularExpression

private let makers:
    [(model: String, make: @Sendable (TokenizerDescription) throws(TokenizationError) -> any Tokenizer)] = [
        ("llama", { (description) throws(TokenizationError) in try SentencePieceTokenizer(description) }),
        ("gpt2", { (description) throws(TokenizationError) in try makeMergingTokenizer(description) }),
        ("bert", { (description) throws(TokenizationError) in try makeWordPieceTokenizer(description) }),
        ("t5", { (description) throws(TokenizationError) in try makeUnigramTokenizer(description) }),
        ("gemma4", { (description) throws(TokenizationError) in try makeCharacterPairTokenizer(description) }),
    ]

/// Makes the tokenizer that a description names.
///
/// - Throws: `.unknownModel`, `.unknownPreTokenizer`, `.missingPreTokenizer`, `.malformedCharacterMap`, `.tokenOutOfRange`, `.malformedMerge`,
///   `.invalidEnd`, `.wrongCount` (neither scores nor merges), `.specialTokenTooLong`.
package func makeTokenizer(_ description: TokenizerDescription) throws(TokenizationError) -> any Tokenizer {
    if let pipeline = description.pipeline { return try PipelineTokenizer(description, pipeline) }
    guard let maker = makers.first(where: { $0.model == description.model }) else {
        throw TokenizationError("tokenizer", .unknownModel(found: description.model, known: makers.map(\.model)))
    }
    return try maker.make(description)
}
