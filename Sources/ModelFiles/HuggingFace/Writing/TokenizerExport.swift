import Tokenization

/// `tokenizer.json` and `tokenizer_config.json` of a tokenizer that lies under GGUF's keys: `PublishedTokenizer` backwards.
///
/// What is written gives the same ids for every text; a tokenizer of which that cannot be said is refused by name.
struct TokenizerExport {
    let specialTokens: SpecialTokenIDs
    /// `tokenizer.json`
    let json: [UInt8]
    private let metadata: Metadata
    private let vocabulary: ExportedVocabulary
    private let unknown: Int?

    init(_ metadata: Metadata) throws(ModelFileError) {
        self.metadata = metadata
        let prefix = "tokenizer.ggml."
        let model = try metadata.requiredString(prefix + "model")
        vocabulary = try ExportedVocabulary(metadata, model: model)
        let count = vocabulary.tokens.count
        func id(_ name: String) throws(ModelFileError) -> Int? {
            try metadata.integer(prefix + name, in: 0...max(count - 1, 0))
        }
        unknown = try id("unknown_token_id") ?? vocabulary.kinds.firstIndex(of: .unknown)
        specialTokens = SpecialTokenIDs(
            begin: try id("bos_token_id"), end: try id("eos_token_id"), padding: try id("padding_token_id"),
            ends: vocabulary.endTokenIDs)
        switch model {
        case "huggingface": json = try PipelineExport(metadata, vocabulary).json
        case "gpt2", "llama":
            json = try BytePairExport(metadata, vocabulary, model: model, unknown: unknown, specialTokens).json
        default:
            throw metadata.error(
                prefix + "model",
                .unsupported(
                    found: "writing a tokenizer of the kind \(PrintableName.quoted(model))",
                    advice: "those written are gpt2, llama, and what was read from a tokenizer.json"))
        }
    }

    /// `tokenizer_config.json`, chat templates included.
    func configuration(contextLength: Int) throws(ModelFileError) -> [UInt8] {
        var writer = JSONWriter(.indented)
        // The class that takes a tokenizer.json as it is, in every version of transformers.
        writer.add("tokenizer_class", "PreTrainedTokenizerFast")
        writer.add("model_max_length", contextLength)
        writer.add("clean_up_tokenization_spaces", false)
        let named = [
            ("bos_token", specialTokens.begin), ("eos_token", specialTokens.end), ("unk_token", unknown),
            ("pad_token", specialTokens.padding),
        ]
        for (key, id) in named { if let id { writer.add(key, vocabulary.content(of: id)) } }
        try addChatTemplates(to: &writer)
        return writer.finish()
    }

    /// One template, or a list of those that have names.
    private func addChatTemplates(to writer: inout JSONWriter) throws(ModelFileError) {
        let key = "tokenizer.chat_template"
        let usual = try metadata.string(key)
        let names = try metadata.strings(key + "s") ?? []
        guard !names.isEmpty else {
            if let usual { writer.add("chat_template", usual) }
            return
        }
        var templates: [(name: String, source: String)] = usual.map { [("default", $0)] } ?? []
        for name in names {
            // Of a list made elsewhere the default one may be a member, too.
            if let source = try metadata.string("\(key).\(name)"), !templates.contains(where: { $0.name == name }) {
                templates.append((name, source))
            }
        }
        writer.addObjects("chat_template", templates) { writer, template in
            writer.add("name", template.name)
            writer.add("template", template.source)
        }
    }
}

/// The tokens of a tokenizer that is written, with what each of them is for.
struct ExportedVocabulary {
    /// UTF-8, each once.
    let tokens: ByteStrings
    let kinds: [TokenKind]
    /// All that end an answer, ascending.
    let endTokenIDs: [Int]
    /// Added tokens that take the white space behind them.
    let tokenIDsTakingSpace: Set<Int>
    private let finder: TokenFinder

    /// - Throws: For a token that is not UTF-8 and so has no form in JSON, and for one that stands twice.
    init(_ metadata: Metadata, model: String) throws(ModelFileError) {
        let prefix = "tokenizer.ggml."
        let tokens = try metadata.requiredByteStrings(prefix + "tokens")
        self.tokens = tokens
        (kinds, endTokenIDs) = try Self.kinds(metadata, model: model, tokens)
        finder = TokenFinder(tokens)
        tokenIDsTakingSpace = Set(
            try metadata.integers("tokenizer.realizar.space_taking_token_ids", in: 0...max(tokens.count - 1, 0)) ?? [])
        func quoted(_ index: Int) -> String { PrintableName.quoted(bytes: Array(tokens[index])) }
        if let index = tokens.indices.first(where: { tokens.text(at: $0) == nil }) {
            throw metadata.error(
                about: prefix + "tokens", expected: "UTF-8 texts", found: "\(quoted(index)) at index \(index)")
        }
        if let index = finder.duplicate {
            throw metadata.error(
                prefix + "tokens",
                .unsupported(
                    found: "the token \(quoted(index)) under two ids", advice: "a tokenizer.json has each text once"))
        }
        for (id, kind) in kinds.enumerated() where model == "llama" && kind == .userDefined && hasMark(tokens[id]) {
            throw metadata.error(
                prefix + "tokens",
                .unsupported(
                    found: "the user-defined token \(quoted(id))",
                    advice: "its ▁ means a space that is found in text, which a tokenizer.json cannot say beside merges"
                ))
        }
    }

    /// The text of a token.
    func content(of id: Int) -> String { String(decoding: tokens[id], as: UTF8.self) }

    func isAdded(_ id: Int) -> Bool { [.control, .unknown, .userDefined].contains(kinds[id]) }

    /// Whether a place in the vocabulary has nothing in it: it comes back from the rows of the embedding.
    func isFilling(_ id: Int) -> Bool {
        kinds[id] == .unused && tokens[id].elementsEqual("[PAD\(id)]".utf8)
    }

    /// The kind of the token with this text; nil for none.
    func kind(of text: some Collection<UInt8>) -> TokenKind? { finder.index(of: text).map { kinds[$0] } }

    /// As the engine sees them: what ends an answer is no text, whatever a converter has called it.
    private static func kinds(
        _ metadata: Metadata, model: String, _ tokens: ByteStrings
    ) throws(ModelFileError) -> (kinds: [TokenKind], ends: [Int]) {
        let prefix = "tokenizer.ggml."
        var kinds = [TokenKind](repeating: .normal, count: tokens.count)
        if let numbers = try metadata.integers(prefix + "token_type") {
            guard numbers.count == tokens.count else {
                throw metadata.error(
                    about: prefix + "token_type", expected: "\(tokens.count) numbers", found: "\(numbers.count)")
            }
            for (id, number) in numbers.enumerated() {
                guard let kind = UInt8(exactly: number).flatMap(TokenKind.init) else {
                    throw metadata.error(about: prefix + "token_type", expected: "0 to 6", found: "\(number)")
                }
                kinds[id] = kind
            }
        }
        do {
            let vocabulary = try Vocabulary(bytes: tokens.bytes, ends: tokens.ends, kinds: kinds, scores: nil)
            var description = TokenizerDescription(model: model, vocabulary: vocabulary)
            description.endTokenID = try metadata.integer(prefix + "eos_token_id")
            description.endOfGenerationTokenIDs =
                try metadata.integers("tokenizer.realizar.end_token_ids") ?? []
            for key in ["eot_token_id", "eom_token_id"] {
                if let id = try metadata.integer(prefix + key) { description.endOfGenerationTokenIDs.append(id) }
            }
            let ends = try EndOfGeneration.tokens(of: description)
            for id in ends.found { kinds[Int(id)] = .control }
            return (kinds, ends.all.map(Int.init).sorted())
        } catch let error as ModelFileError {
            throw error
        } catch {
            throw metadata.error(about: prefix + "tokens", expected: "a sound vocabulary", found: "\(error)")
        }
    }
}

/// Whether a text has `▁` in it.
private func hasMark(_ text: ArraySlice<UInt8>) -> Bool { String(decoding: text, as: UTF8.self).contains("▁") }
