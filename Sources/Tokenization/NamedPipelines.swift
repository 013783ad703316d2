// Tokenizers that GGUF names by their model alone, as the steps that the name stands for.

/// `bert`. Tokens that begin a word are written with `▁`, others plainly, which converters make of `##`.
func makeWordPieceTokenizer(_ description: TokenizerDescription) throws(TokenizationError) -> any Tokenizer {
    var pipeline = TokenizerPipeline(
        model: .wordPiece(wordPrefix: "▁", continuationPrefix: "", longestWord: 100))
    pipeline.normalizers = [
        BertNormalizer(stripsAccents: description.stripsAccents, lowersCase: description.lowersCase ?? true)
    ]
    pipeline.splitters = [ScalarSplitter(.space, .removed), ScalarSplitter(.punctuation, .isolated)]
    pipeline.decoders = [MetaspaceDecoder(mark: "▁", hasPrefix: true)]
    var description = description
    description.addsBeginToken = description.addsBeginToken ?? true
    description.addsEndToken = description.addsEndToken ?? true
    return try PipelineTokenizer(description, pipeline)
}

/// `t5`.
func makeUnigramTokenizer(_ description: TokenizerDescription) throws(TokenizationError) -> any Tokenizer {
    let addsPrefix = description.addsSpacePrefix ?? true
    let hasBytes = description.vocabulary.kinds.count { $0 == .byte } == 256
    var pipeline = TokenizerPipeline(model: .unigram(fallsBackToBytes: hasBytes))
    pipeline.normalizers = [
        SentencePieceNormalizer(
            map: description.characterMap.isEmpty ? nil : try CharacterMap(description.characterMap),
            addsSpacePrefix: addsPrefix, removesExtraSpaces: description.removesExtraSpaces)
    ]
    pipeline.decoders = [MetaspaceDecoder(mark: "▁", hasPrefix: false), ByteTokenDecoder()]
    pipeline.joining = PieceJoining(leadingSpaceCount: addsPrefix ? 1 : 0)
    var description = description
    description.addsEndToken = description.addsEndToken ?? true
    return try PipelineTokenizer(description, pipeline)
}

/// Byte-level BPE; also what files call `gpt2` although its merges are of characters.
func makeMergingTokenizer(_ description: TokenizerDescription) throws(TokenizationError) -> any Tokenizer {
    guard let name = description.preTokenizer, ["gemma4", "granite-embed-multi-311m", "sarvam-moe"].contains(name)
    else {
        return try BPETokenizer(description)
    }
    var description = description
    description.addsBeginToken = description.addsBeginToken ?? false
    return try makeCharacterPairTokenizer(description)
}

/// `gemma4`: lines, in which spaces are `▁`, and runs of line ends.
func makeCharacterPairTokenizer(_ description: TokenizerDescription) throws(TokenizationError) -> any Tokenizer {
    var options = CharacterPairOptions()
    options.fusesUnknown = true
    options.fallsBackToBytes = true
    var pipeline = TokenizerPipeline(model: .characterPairs(options))
    pipeline.normalizers = [Replacement(.text([UInt8(ascii: " ")]), content: "▁")]
    pipeline.splitters = [PatternSplitter(.expression(try RegularExpression("[^\\n]+|[\\n]+")), .isolated)]
    pipeline.decoders = [MetaspaceDecoder(mark: "▁", hasPrefix: false), ByteTokenDecoder()]
    var description = description
    description.addsBeginToken = description.addsBeginToken ?? true
    return try PipelineTokenizer(description, pipeline)
}
