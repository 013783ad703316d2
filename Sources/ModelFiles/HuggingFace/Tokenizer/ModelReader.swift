import Tokenization

/// Reads `model` and `pre_tokenizer` of a `tokenizer.json`, which go together: bytes may be written in letters.
struct ModelReader {
    private let file: TokenizerFile

    init(_ file: TokenizerFile) { self.file = file }

    func read(
        _ steps: [TokenizerFile.Step]
    ) throws(ModelFileError) -> (TokenizerPipeline.Model, [any TextSplitter]) {
        let model = try model(endsInBytes: steps.last?.type == "ByteLevel")
        var splitters: [any TextSplitter] = []
        for (index, step) in steps.enumerated() {
            var writesLetters = true
            if index == steps.count - 1, case .byteLevel = model { writesLetters = false }
            splitters += try self.splitters(step, writesLetters: writesLetters)
        }
        return (model, splitters)
    }

    // MARK: Models

    private func model(endsInBytes: Bool) throws(ModelFileError) -> TokenizerPipeline.Model {
        switch file.model["type"]?.string ?? "BPE" {
        case "BPE": return try bytePairs(endsInBytes: endsInBytes)
        case "Unigram":
            try allowOnly(["type", "unk_id", "byte_fallback"])
            return .unigram(fallsBackToBytes: file.model["byte_fallback"]?.bool ?? false)
        case "WordPiece":
            try allowOnly(["type", "unk_token", "continuing_subword_prefix", "max_input_chars_per_word"])
            return .wordPiece(
                wordPrefix: "", continuationPrefix: file.model["continuing_subword_prefix"]?.string ?? "##",
                longestWord: file.model["max_input_chars_per_word"]?.integer ?? 100)
        case let other: throw file.unsupported("model", "a tokenizer of the type \(PrintableName.quoted(other))")
        }
    }

    private func bytePairs(endsInBytes: Bool) throws(ModelFileError) -> TokenizerPipeline.Model {
        try allowOnly([
            "type", "unk_token", "fuse_unk", "byte_fallback", "ignore_merges", "dropout", "continuing_subword_prefix",
            "end_of_word_suffix",
        ])
        if let dropout = file.model["dropout"], !dropout.isNull, dropout.number != 0 {
            throw file.unsupported("model", "dropout \(dropout.shown)")
        }
        var options = CharacterPairOptions()
        options.fusesUnknown = file.model["fuse_unk"]?.bool ?? false
        options.fallsBackToBytes = file.model["byte_fallback"]?.bool ?? false
        options.takesWholeWords = file.model["ignore_merges"]?.bool ?? false
        options.continuationPrefix = file.model["continuing_subword_prefix"]?.string ?? ""
        options.endSuffix = file.model["end_of_word_suffix"]?.string ?? ""
        let hasAffixes = !options.continuationPrefix.isEmpty || !options.endSuffix.isEmpty
        let unknown = file.model["unk_token"]?.string
        if endsInBytes, !hasAffixes, !options.fallsBackToBytes, unknown == nil {
            return .byteLevel(takesWholeWords: options.takesWholeWords)
        }
        return .characterPairs(options)
    }

    private func allowOnly(_ known: Set<String>) throws(ModelFileError) {
        if let option = file.unknownOption {
            throw file.unsupported("model", "the option \(PrintableName.quoted(option))")
        }
        for (key, value) in file.model.members where !known.contains(key) && !value.isNull {
            throw file.unsupported("model", "\(PrintableName.quoted(key)) \(value.shown)")
        }
    }

    /// The token for what the vocabulary lacks: its text, or for a unigram model its id.
    func unknownToken() throws(ModelFileError) -> TokenizerPipeline.UnknownToken? {
        if let text = file.model["unk_token"]?.string { return .text(text) }
        guard let value = file.model["unk_id"], !value.isNull else { return nil }
        guard let id = value.integer else {
            throw file.error("model", expected: "the id of a token", found: value.shown)
        }
        return .id(id)
    }

    // MARK: Pre-tokenizers

    private func splitters(
        _ step: TokenizerFile.Step, writesLetters: Bool
    ) throws(ModelFileError) -> [any TextSplitter] {
        switch step.type {
        case "ByteLevel":
            return [
                ByteLevelSplitter(
                    addsSpacePrefix: step["add_prefix_space"]?.bool ?? true, splits: step["use_regex"]?.bool ?? true,
                    writesLetters: writesLetters)
            ]
        case "Split":
            return [
                PatternSplitter(
                    try file.pattern(of: step, "pre_tokenizer"), try behavior(step),
                    isInverted: step["invert"]?.bool ?? false)
            ]
        case "Metaspace":
            let prefix: TokenizerDescription.SpacePrefix
            switch step.metaspacePrefix {
            case "always": prefix = .unlessSpace
            case "first": prefix = .firstUnlessSpace
            case "never": prefix = .never
            case let other:
                throw file.unsupported("pre_tokenizer", "the prepend_scheme \(PrintableName.quoted(other))")
            }
            return [
                MetaspaceSplitter(
                    mark: step["replacement"]?.string ?? "▁", prefix: prefix, splits: step["split"]?.bool ?? true)
            ]
        case "Digits":
            return [ScalarSplitter(.number, step["individual_digits"]?.bool ?? false ? .isolated : .contiguous)]
        case "Punctuation": return [ScalarSplitter(.punctuation, try behavior(step))]
        case "WhitespaceSplit": return [ScalarSplitter(.space, .removed)]
        case "BertPreTokenizer":
            return [ScalarSplitter(.space, .removed), ScalarSplitter(.punctuation, .isolated)]
        case "Whitespace":
            // Its engine counts the two joiners as letters of words.
            let words = try file.making("pre_tokenizer", step) { () throws(TokenizationError) in
                try RegularExpression(#"[\w\x{200C}\x{200D}]+|[^\w\s\x{200C}\x{200D}]+"#)
            }
            return [PatternSplitter(.expression(words), .removed, isInverted: true)]
        case "CharDelimiterSplit":
            let delimiter = step["delimiter"]?.string ?? ""
            return [PatternSplitter(.text(Array(delimiter.utf8)), .removed)]
        default: throw file.unsupported("pre_tokenizer", PrintableName.quoted(step.type), at: step.offset)
        }
    }

    private func behavior(_ step: TokenizerFile.Step) throws(ModelFileError) -> SplitBehavior {
        let name = step["behavior"]?.string ?? SplitBehavior.isolated.rawValue
        guard let behavior = SplitBehavior(rawValue: name) else {
            throw file.unsupported("pre_tokenizer", "the behavior \(PrintableName.quoted(name))", at: step.offset)
        }
        return behavior
    }
}
