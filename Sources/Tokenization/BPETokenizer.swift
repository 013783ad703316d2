/// Byte-level BPE with one of the pre-tokenizers that are known by name.
struct BPETokenizer: Tokenizer {
    let vocabulary: Vocabulary
    let specialTokens: SpecialTokens
    let composesText: Bool
    private let words: WordFinder
    private let model: ByteLevelModel

    /// - Throws: `.unknownPreTokenizer`, `.missingPreTokenizer`, `.tokenOutOfRange`, `.malformedMerge`, `.invalidEnd`,
    ///   `.specialTokenTooLong`.
    init(_ description: TokenizerDescription) throws(TokenizationError) {
        let preTokenizer = try PreTokenizer.named(description.preTokenizer)
        words = try WordFinder(preTokenizer)
        composesText = description.composesText
        let ends = try EndOfGeneration.tokens(of: description)
        var kinds = description.vocabulary.kinds
        for id in ends.found { kinds[Int(id)] = .control }
        vocabulary = ByteLevelModel.decoded(description.vocabulary, kinds: kinds)
        specialTokens = try SpecialTokens(
            description, vocabulary: vocabulary, endOfGeneration: ends.all,
            addsBeginByDefault: preTokenizer.addsBeginToken, addsEndByDefault: preTokenizer.addsEndToken)
        model = try ByteLevelModel(
            description, vocabulary, takesWholeWords: description.takesWholeWords ?? preTokenizer.takesWholeWords,
            unknownTokenID: specialTokens.unknownTokenID)
    }

    func normalized(_ text: [UInt8], at place: TextPlace) -> [UInt8] {
        composesText ? UnicodeForm.composed.normalize(text) : text
    }

    func appendTokens(of text: Span<UInt8>, at place: TextPlace, to ids: inout [Int32]) {
        var scratch = ModelScratch()
        var cache = WordCache(textByteCount: text.count)
        words.forEachWord(of: text) { range in
            cache.appendIDs(of: range, in: text, to: &ids) { word, ids in
                model.appendTokens(of: word, to: &ids, &scratch)
            }
        }
    }
}
