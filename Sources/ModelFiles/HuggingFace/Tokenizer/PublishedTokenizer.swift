import Tokenization

/// A published model's tokenizer under GGUF's keys.
struct PublishedTokenizer {
    private let file: TokenizerFile
    private let tokenizer: TokenizerConfiguration
    private let configuration: HuggingFaceConfiguration
    private let generation: JSONObject
    private let generationFile: String
    /// Whether `tokenizer_config.json` has added tokens that `tokenizer.json` lacks.
    private let hasFurtherTokens: Bool

    init(_ folder: ModelFolder, _ configuration: HuggingFaceConfiguration) throws(ModelFileError) {
        self.configuration = configuration
        guard let reader = try folder.json(TokenizerFile.fileName, longest: TokenizerFile.longestFile) else {
            let advice =
                "tokenizer.json (a tokenizer.model or vocab.json alone is not read; saving the tokenizer with "
                + "transformers' save_pretrained writes it)"
            throw ModelFileError(file: folder.path, problem: .missing(expected: advice))
        }
        var file = try TokenizerFile(reader)
        tokenizer = try TokenizerConfiguration(folder)
        hasFurtherTokens = try Self.addTokens(of: tokenizer, in: folder, to: &file)
        self.file = file
        generationFile = folder.path(of: "generation_config.json")
        if var reader = try folder.json("generation_config.json", longest: HuggingFaceConfiguration.longestFile) {
            let value = try reader.value()
            try reader.end()
            generation = value.object ?? JSONObject()
        } else {
            generation = JSONObject()
        }
    }

    /// Adds the tokens that only `tokenizer_config.json` has, as transformers does.
    ///
    /// - Returns: Whether there are any.
    /// - Throws: `.invalid` for one whose id or text is another token's.
    private static func addTokens(
        of tokenizer: TokenizerConfiguration, in folder: ModelFolder, to file: inout TokenizerFile
    ) throws(ModelFileError) -> Bool {
        if tokenizer.addedTokens.isEmpty { return false }
        var known: [Int: [UInt8]] = [:], ids: [[UInt8]: Int] = [:]
        for token in file.addedTokens {
            known[token.id] = token.content
            ids[token.content] = token.id
        }
        var found = false
        for token in tokenizer.addedTokens where known[token.id] != token.content {
            guard known[token.id] == nil, ids[token.content] == nil else {
                throw ModelFileError(
                    file: folder.path(of: TokenizerConfiguration.fileName), offset: token.offset,
                    subject: .key("added_tokens_decoder"),
                    problem: .invalid(
                        expected: "the added tokens of \(TokenizerFile.fileName)",
                        found: "\(PrintableName.quoted(bytes: token.content)) under the id \(token.id)"))
            }
            file.add(token)
            found = true
        }
        return found
    }

    /// - Parameter vocabularySize: Rows of the embedding; tokens that nothing uses fill it up.
    func append(to metadata: inout Metadata, vocabularySize: Int?) throws(ModelFileError) {
        var vocabulary = try PublishedVocabulary(file, hasByteTokens: file.model["byte_fallback"]?.bool ?? false)
        var keys: [(String, MetadataValue)]
        var scores: [Double]?
        if let style = namedStyle(&vocabulary) {
            keys = Self.keys(of: style, file)
            if case .characters = style { scores = self.scores(vocabulary) }
            keys += try specialTokens(vocabulary, SpecialTokenTemplate(file))
        } else {
            guard !hasFurtherTokens else {
                throw file.unsupported(
                    "added_tokens", "a token that only \(TokenizerConfiguration.fileName) has, beside these steps,")
            }
            let pipeline = try file.pipeline()
            keys = [
                ("tokenizer.ggml.model", .string(Array("huggingface".utf8))),
                ("tokenizer.realizar.pipeline", .string(file.steps)),
            ]
            if !file.scores.isEmpty { scores = file.scores }
            keys += try specialTokens(vocabulary, SpecialTokenTemplate(around: pipeline.tokensAround))
        }
        if let vocabularySize { vocabulary.fill(upTo: vocabularySize) }
        keys.append(("tokenizer.ggml.tokens", .array(MetadataArray(strings: vocabulary.tokens))))
        keys.append(("tokenizer.ggml.token_type", .array(MetadataArray(integers: vocabulary.kinds))))
        if var scores {
            scores += repeatElement(0, count: max(vocabulary.kinds.count - scores.count, 0))
            keys.append(("tokenizer.ggml.scores", .array(MetadataArray(numbers: scores))))
        }
        if file.merges.count > 0 || scores == nil {
            keys.append(("tokenizer.ggml.merges", .array(MetadataArray(strings: file.merges))))
        }
        for (key, value) in keys { metadata.append(key, value) }
    }

    /// The style that GGUF has a name for, where the file needs nothing beyond it.
    private func namedStyle(_ vocabulary: inout PublishedVocabulary) -> BytePairStyle? {
        guard let style = try? BytePairStyle(file), (try? SpecialTokenTemplate(file)) != nil else { return nil }
        let needsMore = file.addedTokens.contains { token in
            token.recognition.takesSpaceBefore || token.recognition.standsAlone
                || token.recognition.isNormalized && file.parts["normalizer"] != nil
        }
        if needsMore { return nil }
        guard case .characters = style else { return style }
        var marked = vocabulary
        guard (try? markUnknownToken(in: &marked)) != nil else { return nil }
        vocabulary = marked
        return style
    }

    private static func keys(of style: BytePairStyle, _ file: TokenizerFile) -> [(String, MetadataValue)] {
        switch style {
        case .bytes(let preTokenizer, let normalizesToNFC):
            var keys: [(String, MetadataValue)] = [
                ("tokenizer.ggml.model", .string(Array("gpt2".utf8))),
                ("tokenizer.ggml.pre", .string(Array(preTokenizer.utf8))),
                ("tokenizer.realizar.ignore_merges", .bool(file.model["ignore_merges"]?.bool ?? false)),
            ]
            if normalizesToNFC { keys.append(("tokenizer.realizar.normalizer", .string(Array("nfc".utf8)))) }
            return keys
        case .characters(let prefix):
            return [
                ("tokenizer.ggml.model", .string(Array("llama".utf8))),
                ("tokenizer.ggml.add_space_prefix", .bool(prefix != "never")),
                ("tokenizer.realizar.space_prefix", .string(Array(prefix.utf8))),
            ]
        }
    }

    /// The token for what the vocabulary cannot say. With a byte for every byte it never comes up.
    private func markUnknownToken(in vocabulary: inout PublishedVocabulary) throws(ModelFileError) {
        if let name = file.model["unk_token"]?.string {
            guard let id = vocabulary.id(of: Array(name.utf8)) else {
                throw file.error(
                    "model", expected: "the unknown token in the vocabulary", found: PrintableName.quoted(name))
            }
            vocabulary.setKind(PublishedVocabulary.Kind.unknown, of: id)
        }
        let byteCount = vocabulary.kinds.count { $0 == PublishedVocabulary.Kind.byte }
        guard byteCount < 256 else { return }
        guard file.model["unk_token"]?.string != nil, file.model["fuse_unk"]?.bool ?? false else {
            throw file.unsupported("model", "a vocabulary without bytes whose unknown tokens are not fused")
        }
    }

    /// Merges as scores, for readers of GGUF that know no others: what an earlier merge makes has the higher score.
    private func scores(_ vocabulary: PublishedVocabulary) -> [Double] {
        var scores = [Double](repeating: -Double(file.merges.count) - 1, count: vocabulary.kinds.count)
        var whole: [UInt8] = []
        for (rank, merge) in file.merges.enumerated().reversed() {
            whole.removeAll(keepingCapacity: true)
            for byte in merge where byte != UInt8(ascii: " ") { whole.append(byte) }
            if let id = vocabulary.idOfNormalToken(whole) { scores[id] = -Double(rank) }
        }
        return scores
    }

    // MARK: Special tokens

    private func specialTokens(
        _ vocabulary: PublishedVocabulary, _ template: SpecialTokenTemplate
    ) throws(ModelFileError) -> [(String, MetadataValue)] {
        let ends =
            try configuration.tokenIDs("eos_token_id") + generation.tokenIDs("eos_token_id", file: generationFile)
        var begin = template.beginTokenID, end = template.endTokenID
        if begin == nil { begin = try id(tokenizer.beginToken, "bos_token", vocabulary) }
        if begin == nil { begin = try configuration.tokenIDs("bos_token_id").first }
        if end == nil { end = try id(tokenizer.endToken, "eos_token", vocabulary) }
        if end == nil { end = ends.first }
        var keys: [(String, MetadataValue)] = []
        func add(_ name: String, _ id: Int?) {
            if let id { keys.append(("tokenizer.ggml." + name, .fitting(id))) }
        }
        add("bos_token_id", begin)
        add("eos_token_id", end)
        add("unknown_token_id", vocabulary.kinds.firstIndex(of: PublishedVocabulary.Kind.unknown))
        // Nobody fills up a batch here, so that a padding token which is nowhere else stands in nobody's way.
        add("padding_token_id", tokenizer.paddingToken.flatMap { vocabulary.id(of: $0) })
        keys.append(
            (
                "tokenizer.ggml.add_bos_token", .bool(tokenizer.addsBeginToken ?? (template.beginTokenID != nil))
            ))
        keys.append(("tokenizer.ggml.add_eos_token", .bool(tokenizer.addsEndToken ?? (template.endTokenID != nil))))
        if !ends.isEmpty {
            keys.append(
                (
                    "tokenizer.realizar.end_token_ids", .array(MetadataArray(integers: Array(Set(ends)).sorted()))
                ))
        }
        let takingSpace = file.addedTokens.filter(\.recognition.takesSpaceBehind).map(\.id)
        if !takingSpace.isEmpty {
            keys.append(("tokenizer.realizar.space_taking_token_ids", .array(MetadataArray(integers: takingSpace))))
        }
        return keys
    }

    private func id(
        _ text: [UInt8]?, _ key: String, _ vocabulary: PublishedVocabulary
    ) throws(ModelFileError) -> Int? {
        guard let text else { return nil }
        if let id = vocabulary.id(of: text) { return id }
        throw ModelFileError(
            file: file.file, subject: .key(key),
            problem: .missing(
                expected: "the token \(PrintableName.quoted(bytes: text)) of \(TokenizerConfiguration.fileName)"))
    }
}
