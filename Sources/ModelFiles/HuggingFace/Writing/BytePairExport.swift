import Tokenization

/// `tokenizer.json` of the two kinds of byte-pair encoding that GGUF has names for.
struct BytePairExport {
    let json: [UInt8]

    /// - Parameter model: `gpt2`, words of bytes found by a pattern, or `llama`, characters with `▁` for spaces.
    init(
        _ metadata: Metadata, _ vocabulary: ExportedVocabulary, model: String, unknown: Int?, _ special: SpecialTokenIDs
    ) throws(ModelFileError) {
        let style: any BytePairSteps =
            model == "gpt2"
            ? try ByteSteps(metadata, vocabulary, unknown: unknown)
            : try CharacterSteps(metadata, vocabulary, unknown: unknown)
        let merges = try style.merges(metadata, vocabulary)
        var writer = JSONWriter()
        writer.add("version", "1.0")
        writer.addNull("truncation")
        writer.addNull("padding")
        Self.addAddedTokens(vocabulary, to: &writer)
        style.addSteps(to: &writer)
        try Self.addTemplate(metadata, vocabulary, style, special, to: &writer)
        writer.addObject("model") { writer in
            writer.add("type", "BPE")
            writer.addNull("dropout")
            style.addOptions(to: &writer)
            writer.addObject("vocab") { writer in
                for id in vocabulary.tokens.indices where !vocabulary.isFilling(id) {
                    writer.add(bytes: vocabulary.tokens[id], id)
                }
            }
            writer.add("merges", strings: merges)
        }
        json = writer.finish()
    }

    private static func addAddedTokens(_ vocabulary: ExportedVocabulary, to writer: inout JSONWriter) {
        writer.addObjects("added_tokens", vocabulary.tokens.indices.filter(vocabulary.isAdded)) { writer, id in
            writer.add("id", id)
            writer.add("content", vocabulary.content(of: id))
            writer.add("single_word", false)
            writer.add("lstrip", false)
            writer.add("rstrip", vocabulary.tokenIDsTakingSpace.contains(id))
            writer.add("normalized", false)
            writer.add("special", vocabulary.kinds[id] != .userDefined)
        }
    }

    /// The tokens around a text.
    private static func addTemplate(
        _ metadata: Metadata, _ vocabulary: ExportedVocabulary, _ style: any BytePairSteps, _ special: SpecialTokenIDs,
        to writer: inout JSONWriter
    ) throws(ModelFileError) {
        let addsBegin = try metadata.bool("tokenizer.ggml.add_bos_token") ?? style.addsBeginToken
        let addsEnd = try metadata.bool("tokenizer.ggml.add_eos_token") ?? style.addsEndToken
        let begin = addsBegin ? special.begin : nil, end = addsEnd ? special.end : nil
        guard begin != nil || end != nil else { return writer.addNull("post_processor") }
        writer.addObject("post_processor") { writer in
            writer.add("type", "TemplateProcessing")
            for (key, texts) in [("single", ["A"]), ("pair", ["A", "B"])] {
                let pieces: [TemplatePiece] = texts.enumerated().flatMap { number, text in
                    [begin.map { .token($0, number) }, .text(text, number), end.map { .token($0, number) }]
                        .compactMap { $0 }
                }
                writer.addObjects(key, pieces) { writer, piece in piece.add(to: &writer, vocabulary) }
            }
            writer.addObject("special_tokens") { writer in
                for id in Set([begin, end].compactMap { $0 }).sorted() {
                    writer.addObject(vocabulary.content(of: id)) { writer in
                        writer.add("id", vocabulary.content(of: id))
                        writer.add("ids", integers: [id])
                        writer.add("tokens", strings: ByteStrings([vocabulary.content(of: id).utf8]))
                    }
                }
            }
        }
    }

    private enum TemplatePiece {
        /// An id, and the number of the text that it belongs to.
        case token(Int, Int)
        case text(String, Int)

        func add(to writer: inout JSONWriter, _ vocabulary: ExportedVocabulary) {
            let (key, name, number) =
                switch self {
                case .token(let id, let number): ("SpecialToken", vocabulary.content(of: id), number)
                case .text(let name, let number): ("Sequence", name, number)
                }
            writer.addObject(key) { writer in
                writer.add("id", name)
                writer.add("type_id", number)
            }
        }
    }
}

/// What stands around the vocabulary of one kind of byte-pair encoding.
protocol BytePairSteps {
    /// Where the file does not say.
    var addsBeginToken: Bool { get }
    var addsEndToken: Bool { get }

    /// `normalizer`, `pre_tokenizer` and `decoder`.
    func addSteps(to writer: inout JSONWriter)
    /// Options of `model`.
    func addOptions(to writer: inout JSONWriter)
    /// `left right`, in order of rank.
    func merges(_ metadata: Metadata, _ vocabulary: ExportedVocabulary) throws(ModelFileError) -> ByteStrings
}

extension JSONWriter {
    /// One step, or a sequence of several under `listKey`; null for none.
    mutating func addSteps(_ key: String, _ listKey: String, _ steps: [(inout JSONWriter) -> Void]) {
        if steps.isEmpty { return addNull(key) }
        if steps.count == 1 { return addObject(key) { steps[0](&$0) } }
        addObject(key) { writer in
            writer.add("type", "Sequence")
            writer.addObjects(listKey, steps) { writer, step in step(&writer) }
        }
    }

    /// `{"String": " "}` or `{"Regex": "\\p{N}"}`
    mutating func addPattern(_ kind: String, _ text: String) { addObject("pattern") { $0.add(kind, text) } }
}
