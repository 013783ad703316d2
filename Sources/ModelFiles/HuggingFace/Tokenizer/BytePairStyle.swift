import Tokenization

/// The two kinds of byte-pair encoding in use, told apart by what stands around the merges in `tokenizer.json`.
enum BytePairStyle {
    /// Words of bytes, found by a pattern (GPT-2 and after).
    case bytes(preTokenizer: String, normalizesToNFC: Bool)
    /// Characters with `▁` for spaces, and bytes for characters that the vocabulary lacks (SentencePiece and after).
    case characters(prefix: String)

    /// - Throws: `.unsupported` naming what is not known here.
    init(_ file: TokenizerFile) throws(ModelFileError) {
        let type = file.model["type"]?.string ?? "BPE"
        guard type == "BPE" else {
            throw file.unsupported("model", "a tokenizer of the type \(PrintableName.quoted(type))")
        }
        try Self.checkModel(file)
        let steps = try file.steps("pre_tokenizer", listKey: "pretokenizers")
        if steps.contains(where: { $0.type == "ByteLevel" }) {
            try file.allowOnly(["ByteLevel"], as: "decoder")
            self = .bytes(
                preTokenizer: try Self.preTokenizer(of: steps, file),
                normalizesToNFC: try Self.normalizesToNFC(file))
        } else {
            try file.allowOnly(["Replace", "ByteFallback", "Fuse", "Strip", "Metaspace"], as: "decoder")
            if file.model["ignore_merges"]?.bool ?? false {
                throw file.unsupported("model", "'ignore_merges' for words of characters")
            }
            self = .characters(prefix: try Self.spacePrefix(of: steps, file))
        }
    }

    private static func checkModel(_ file: TokenizerFile) throws(ModelFileError) {
        if let option = file.unknownOption {
            throw file.unsupported("model", "the option \(PrintableName.quoted(option))")
        }
        for key in ["dropout", "continuing_subword_prefix", "end_of_word_suffix"] {
            guard let value = file.model[key], value.string != "", value.number != 0 else { continue }
            throw file.unsupported("model", "\(PrintableName.quoted(key)) \(value.shown)")
        }
    }

    // MARK: Bytes

    /// GGUF's name of the way that words are found.
    private static func preTokenizer(
        of steps: [TokenizerFile.Step], _ file: TokenizerFile
    ) throws(ModelFileError) -> String {
        let wholeWords = file.model["ignore_merges"]?.bool ?? false
        var pattern: String?
        var isolatesNumbers = false
        for step in steps.dropLast() {
            switch step.type {
            case "Digits" where step["individual_digits"]?.bool ?? false && pattern == nil: isolatesNumbers = true
            case "Split" where pattern == nil: pattern = try splitPattern(step, file)
            default:
                throw file.unsupported(
                    "pre_tokenizer", "\(PrintableName.quoted(step.type)) at this place", at: step.offset)
            }
        }
        guard let last = steps.last, last.type == "ByteLevel", last["add_prefix_space"]?.bool != true else {
            throw file.unsupported("pre_tokenizer", "ByteLevel that adds a space, or is not the last step")
        }
        let usesOwnPattern = last["use_regex"]?.bool ?? true
        guard usesOwnPattern == (pattern == nil) else {
            throw file.unsupported("pre_tokenizer", "ByteLevel with two patterns, or none", at: last.offset)
        }
        let expression = pattern ?? gpt2RegularExpression
        guard
            let name = preTokenizerName(
                ofRegularExpression: expression, isolatesNumbers: isolatesNumbers, takesWholeWords: wholeWords)
        else { throw file.unsupported("pre_tokenizer", "the pattern \(PrintableName.quoted(expression))") }
        return name
    }

    /// Words and what is between them are the pattern's matches, whether it is told to keep matches or to drop the rest.
    private static func splitPattern(
        _ step: TokenizerFile.Step, _ file: TokenizerFile
    ) throws(ModelFileError) -> String {
        let behavior = step["behavior"]?.string ?? "", invert = step["invert"]?.bool ?? false
        guard let pattern = step["pattern"]?.object?["Regex"]?.string,
            (behavior, invert) == ("Isolated", false) || (behavior, invert) == ("Removed", true)
        else { throw file.unsupported("pre_tokenizer", "this kind of Split", at: step.offset) }
        return pattern
    }

    private static func normalizesToNFC(_ file: TokenizerFile) throws(ModelFileError) -> Bool {
        let steps = try file.steps("normalizer", listKey: "normalizers")
        if let other = steps.first(where: { $0.type != "NFC" }) {
            throw file.unsupported("normalizer", PrintableName.quoted(other.type), at: other.offset)
        }
        return !steps.isEmpty
    }

    // MARK: Characters

    private static let space = "▁"

    /// What becomes of the text's beginning; the names are those of `TokenizerDescription.SpacePrefix`.
    private static func spacePrefix(
        of steps: [TokenizerFile.Step], _ file: TokenizerFile
    ) throws(ModelFileError) -> String {
        let normalizers = try file.steps("normalizer", listKey: "normalizers")
        guard steps.isEmpty else { return try metaspacePrefix(of: steps, normalizers, file) }
        var prefix = "never"
        var replaces = false
        for step in normalizers {
            switch step.type {
            case "Prepend" where step["prepend"]?.string == space && !replaces: prefix = "always"
            case "Replace" where step["content"]?.string == space && step["pattern"]?.object?["String"]?.string == " ":
                replaces = true
            default: throw file.unsupported("normalizer", PrintableName.quoted(step.type), at: step.offset)
            }
        }
        guard replaces else { throw file.unsupported("pre_tokenizer", "merging text in which spaces are spaces") }
        return prefix
    }

    private static func metaspacePrefix(
        of steps: [TokenizerFile.Step], _ normalizers: [TokenizerFile.Step], _ file: TokenizerFile
    ) throws(ModelFileError) -> String {
        guard steps.count == 1, steps[0].type == "Metaspace", steps[0]["replacement"]?.string == space else {
            let other = steps.first { $0.type != "Metaspace" } ?? steps[0]
            throw file.unsupported("pre_tokenizer", PrintableName.quoted(other.type), at: other.offset)
        }
        if let other = normalizers.first {
            throw file.unsupported(
                "normalizer", "\(PrintableName.quoted(other.type)) before Metaspace", at: other.offset)
        }
        if steps[0]["split"]?.bool ?? true, file.hasTokenWithInnerSpace(space) {
            throw file.unsupported(
                "pre_tokenizer", "Metaspace that splits what the vocabulary joins", at: steps[0].offset)
        }
        switch steps[0]["prepend_scheme"]?.string ?? "always" {
        case "always" where steps[0]["add_prefix_space"]?.bool ?? true: return "unless-space"
        case "first": return "first-unless-space"
        case "always", "never": return "never"
        case let other: throw file.unsupported("pre_tokenizer", "the prepend_scheme \(PrintableName.quoted(other))")
        }
    }
}

extension TokenizerFile {
    /// One normalizer, pre-tokenizer, processor or decoder.
    struct Step {
        let offset: Int
        let type: String
        private let values: JSONObject

        init(offset: Int, type: String, values: JSONObject) {
            self.offset = offset
            self.type = type
            self.values = values
        }

        subscript(key: String) -> JSONValue? { values[key].flatMap { $0.isNull ? nil : $0 } }
    }

    /// The steps of a part, in their order; a sequence of them stands for its members.
    func steps(_ part: String, listKey: String) throws(ModelFileError) -> [Step] {
        guard let value = parts[part] else { return [] }
        let list = value.object?["type"]?.string == "Sequence" ? value.object?[listKey]?.array ?? [] : [value]
        var steps: [Step] = []
        for member in list {
            guard let values = member.object, let type = values["type"]?.string else {
                throw error(part, expected: "steps with a type", found: member.kind)
            }
            steps.append(Step(offset: member.offset, type: type, values: values))
        }
        return steps
    }

    func allowOnly(_ types: Set<String>, as part: String) throws(ModelFileError) {
        for step in try steps(part, listKey: "decoders") where !types.contains(step.type) {
            throw unsupported(part, PrintableName.quoted(step.type), at: step.offset)
        }
    }

    /// Whether a token has the mark for a space behind its first character.
    fileprivate func hasTokenWithInnerSpace(_ space: String) -> Bool {
        let mark = Array(space.utf8)
        return tokens.contains { token in
            var rest = token.dropFirst()
            while let start = rest.firstIndex(of: mark[0]) {
                rest = rest[start...]
                if rest.starts(with: mark) { return true }
                rest = rest.dropFirst()
            }
            return false
        }
    }
}
