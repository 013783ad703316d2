import Tokenization

/// What stands around BPE of characters: `▁` for spaces, one before the text, and bytes for what the vocabulary lacks.
struct CharacterSteps: BytePairSteps {
    private let prefix: TokenizerDescription.SpacePrefix
    private let fallsBackToBytes: Bool
    private let unknownText: String?

    let addsBeginToken = true
    let addsEndToken = false

    /// - Throws: `.unsupported` for a vocabulary with some bytes and not all, or with none and no unknown token either.
    init(_ metadata: Metadata, _ vocabulary: ExportedVocabulary, unknown: Int?) throws(ModelFileError) {
        let key = "tokenizer.realizar.space_prefix"
        let usual: TokenizerDescription.SpacePrefix =
            try metadata.bool("tokenizer.ggml.add_space_prefix") ?? true ? .always : .never
        if let name = try metadata.string(key) {
            guard let stated = TokenizerDescription.SpacePrefix(rawValue: name) else {
                throw metadata.error(about: key, expected: "a place for a space", found: PrintableName.quoted(name))
            }
            prefix = stated
        } else {
            prefix = usual
        }
        let byteCount = vocabulary.kinds.count { $0 == .byte }
        fallsBackToBytes = byteCount == 256
        unknownText = unknown.map(vocabulary.content)
        guard byteCount == 256 || byteCount == 0 && unknown != nil else {
            throw metadata.error(
                "tokenizer.ggml.token_type",
                .unsupported(
                    found: "a vocabulary of characters with \(byteCount) of 256 bytes",
                    advice: "what a text becomes that it cannot say would differ"))
        }
    }

    func addSteps(to writer: inout JSONWriter) {
        let toMark: (inout JSONWriter) -> Void = { Self.addReplacement(of: " ", by: "▁", to: &$0) }
        switch prefix {
        case .always:
            writer.addSteps(
                "normalizer", "normalizers",
                [
                    { writer in
                        writer.add("type", "Prepend")
                        writer.add("prepend", "▁")
                    }, toMark,
                ])
            writer.addNull("pre_tokenizer")
        case .never:
            writer.addSteps("normalizer", "normalizers", [toMark])
            writer.addNull("pre_tokenizer")
        case .unlessSpace, .firstUnlessSpace:
            writer.addNull("normalizer")
            writer.addObject("pre_tokenizer") { writer in
                writer.add("type", "Metaspace")
                writer.add("replacement", "▁")
                writer.add("prepend_scheme", prefix == .unlessSpace ? "always" : "first")
                writer.add("split", false)
            }
        }
        var decoders: [(inout JSONWriter) -> Void] = [
            { Self.addReplacement(of: "▁", by: " ", to: &$0) }, { $0.add("type", "ByteFallback") },
            { $0.add("type", "Fuse") },
        ]
        if prefix != .never {
            decoders.append { writer in
                writer.add("type", "Strip")
                writer.add("content", " ")
                writer.add("start", 1)
                writer.add("stop", 0)
            }
        }
        writer.addSteps("decoder", "decoders", decoders)
    }

    func addOptions(to writer: inout JSONWriter) {
        if let unknownText { writer.add("unk_token", unknownText) } else { writer.addNull("unk_token") }
        writer.addNull("continuing_subword_prefix")
        writer.addNull("end_of_word_suffix")
        writer.add("fuse_unk", true)
        writer.add("byte_fallback", fallsBackToBytes)
        writer.add("ignore_merges", false)
    }

    /// The file's own merges, or those that its scores stand for.
    func merges(_ metadata: Metadata, _ vocabulary: ExportedVocabulary) throws(ModelFileError) -> ByteStrings {
        let key = "tokenizer.ggml.merges"
        if let merges = try metadata.byteStrings(key), merges.count > 0 {
            return try vocabulary.possible(merges, of: key, metadata)
        }
        return try ScoredMerges(metadata, vocabulary).merges
    }

    private static func addReplacement(of old: String, by new: String, to writer: inout JSONWriter) {
        writer.add("type", "Replace")
        writer.addPattern("String", old)
        writer.add("content", new)
    }
}
