/// A tokenizer as a row of steps, each of a kind that `tokenizer.json` names: text is normalized, cut into pieces, each piece
/// becomes tokens, and tokens become text again.
package struct TokenizerPipeline: Sendable {
    package var normalizers: [any Normalizer] = []
    package var splitters: [any TextSplitter] = []
    package var model: Model
    /// Stands for what the vocabulary lacks; nil: what the description says.
    package var unknownToken: UnknownToken?
    package var decoders: [any PieceDecoder] = []
    package var joining = PieceJoining()
    /// How tokens are found in text; those that are not listed are found wherever they stand.
    package var recognitions: [Int32: TokenRecognition] = [:]
    /// Tokens that only stand in text as they are: the model does not know them.
    package var tokensOutsideModel: [Int32] = []
    /// Special tokens around a text, in place of the begin and end token.
    package var tokensAround: (before: [Int], behind: [Int])?

    package enum Model: Sendable {
        /// BPE of bytes, whose vocabulary writes them in letters; the last splitter leaves bytes.
        case byteLevel(takesWholeWords: Bool)
        case characterPairs(CharacterPairOptions)
        case unigram(fallsBackToBytes: Bool)
        case wordPiece(wordPrefix: String, continuationPrefix: String, longestWord: Int)
    }

    package enum UnknownToken: Sendable {
        case id(Int)
        case text(String)
    }

    package init(model: Model) { self.model = model }
}

/// How a token is found in text.
package struct TokenRecognition: Sendable, Equatable {
    /// White space before it belongs to it.
    package var takesSpaceBefore = false
    /// White space behind it belongs to it.
    package var takesSpaceBehind = false
    /// Not inside of a word.
    package var standsAlone = false
    /// It is looked for in normalized text, in its own normalized form.
    package var isNormalized = false

    package init() {}
}

/// A tokenizer made of steps, for all that has no faster way here.
struct PipelineTokenizer: Tokenizer {
    let vocabulary: Vocabulary
    let specialTokens: SpecialTokens
    let joining: PieceJoining
    private let normalizers: [any Normalizer]
    private let splitters: [any TextSplitter]
    private let model: any WordModel

    /// - Throws: `.tokenOutOfRange`, `.malformedMerge`, `.invalidEnd`, `.specialTokenTooLong`, `.wrongCount`.
    init(_ description: TokenizerDescription, _ pipeline: TokenizerPipeline) throws(TokenizationError) {
        let ends = try EndOfGeneration.tokens(of: description)
        var description = description
        var kinds = description.vocabulary.kinds
        for id in ends.found { kinds[Int(id)] = .control }
        description.vocabulary = description.vocabulary.mapping(kinds: kinds) { text, _, bytes in bytes += text }
        let texts = description.vocabulary
        normalizers = pipeline.normalizers
        splitters = pipeline.splitters
        let decoders = pipeline.decoders
        func decoded(isFirst: Bool) -> Vocabulary {
            var id: Int32 = -1
            return texts.mapping(kinds: texts.kinds) { text, _, bytes in
                id += 1
                // A token that is looked for in its normalized form is also written in it.
                let isNormalized = pipeline.recognitions[id]?.isNormalized ?? false
                let piece = isNormalized ? pipeline.normalizers.reduce(Array(text)) { $1.normalize($0) } : Array(text)
                bytes += decoders.reduce(piece) { $1.text(of: $0, isFirst: isFirst) }
            }
        }
        vocabulary = decoded(isFirst: false)
        var joining = pipeline.joining
        let first = decoded(isFirst: true)
        if first.bytes != vocabulary.bytes || first.ends != vocabulary.ends { joining.firstPieces = first }
        self.joining = joining
        specialTokens = try SpecialTokens(
            description, vocabulary: description.vocabulary, endOfGeneration: ends.all, addsBeginByDefault: false,
            pipeline: pipeline)
        var unknown = specialTokens.unknownTokenID
        switch pipeline.unknownToken {
        case .id(let id): unknown = try checkedID(id, "unknown token", vocabulary.count)
        case .text(let text):
            let bytes = Array(text.utf8)
            let all = description.vocabulary
            unknown = (0..<all.count).first { all.text(of: $0).elementsEqual(bytes) }.map {
                Int32(truncatingIfNeeded: $0)
            }
        case nil: break
        }
        for id in pipeline.tokensOutsideModel where kinds.indices.contains(Int(id)) { kinds[Int(id)] = .control }
        description.vocabulary = description.vocabulary.mapping(kinds: kinds) { text, _, bytes in bytes += text }
        model = try Self.makeModel(description, pipeline.model, unknownTokenID: unknown)
    }

    private static func makeModel(
        _ description: TokenizerDescription, _ model: TokenizerPipeline.Model, unknownTokenID: Int32?
    ) throws(TokenizationError) -> any WordModel {
        let vocabulary = description.vocabulary
        switch model {
        case .byteLevel(let takesWholeWords):
            return try ByteLevelModel(
                description, ByteLevelModel.decoded(vocabulary, kinds: vocabulary.kinds),
                takesWholeWords: takesWholeWords, unknownTokenID: unknownTokenID)
        case .characterPairs(let options):
            return try CharacterPairModel(description, options, unknownTokenID: unknownTokenID)
        case .unigram(let fallsBackToBytes):
            return try UnigramModel(
                description, unknownTokenID: unknownTokenID, fallsBackToBytes: fallsBackToBytes,
                prefersUserDefined: description.pipeline == nil)
        case .wordPiece(let wordPrefix, let continuationPrefix, let longestWord):
            return WordPieceModel(
                vocabulary, unknownTokenID: unknownTokenID, wordPrefix: wordPrefix,
                continuationPrefix: continuationPrefix, longestWord: longestWord)
        }
    }

    func normalized(_ text: [UInt8], at place: TextPlace) -> [UInt8] {
        normalizers.reduce(text) { $1.normalize($0) }
    }

    func appendTokens(of text: Span<UInt8>, at place: TextPlace, to ids: inout [Int32]) {
        var pieces = PieceList()
        pieces.append(text, isStart: place == .start)
        for splitter in splitters { pieces = pieces.split(by: splitter) }
        var scratch = ModelScratch()
        var cache = WordCache(textByteCount: pieces.bytes.count)
        var start = 0
        for end in pieces.ends {
            cache.appendIDs(of: start..<end, in: pieces.bytes.span, to: &ids) { word, ids in
                model.appendTokens(of: word, to: &ids, &scratch)
            }
            start = end
        }
    }
}
