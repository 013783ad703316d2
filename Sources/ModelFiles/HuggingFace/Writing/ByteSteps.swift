import Tokenization

/// What stands around byte-level BPE: a rule that finds words, and the letters that bytes are written in.
struct ByteSteps: BytePairSteps {
    private let rule: PublishedWordRule
    private let takesWholeWords: Bool
    private let composesText: Bool

    var addsBeginToken: Bool { rule.addsBeginToken }
    var addsEndToken: Bool { rule.addsEndToken }

    /// - Throws: `.unsupported` for a name that stands for no rule here, and a vocabulary that lacks bytes and has a token for
    ///   what it lacks.
    init(_ metadata: Metadata, _ vocabulary: ExportedVocabulary, unknown: Int?) throws(ModelFileError) {
        let key = "tokenizer.ggml.pre"
        let name = try metadata.string(key)
        do { rule = try PublishedWordRule(named: name) } catch {
            throw metadata.error(
                key, .unsupported(found: "\(error.problem)", advice: "text would be split otherwise than in training"))
        }
        takesWholeWords = try metadata.bool("tokenizer.realizar.ignore_merges") ?? rule.takesWholeWords
        composesText = try metadata.string("tokenizer.realizar.normalizer") == "nfc"
        guard unknown != nil, let byte = (0...255).first(where: { !vocabulary.hasByte(UInt8($0)) }) else { return }
        throw metadata.error(
            "tokenizer.ggml.tokens",
            .unsupported(
                found: "a byte-level vocabulary without the byte \(byte), and with an unknown token",
                advice: "a tokenizer.json would leave the byte out"))
    }

    func addSteps(to writer: inout JSONWriter) {
        writer.addSteps("normalizer", "normalizers", composesText ? [{ $0.add("type", "NFC") }] : [])
        // The pattern that the step itself has.
        let usesOwnPattern = rule.expressions == [gpt2RegularExpression]
        var steps: [(inout JSONWriter) -> Void] = []
        if rule.isolatesNumbers {
            steps.append { writer in
                writer.add("type", "Digits")
                writer.add("individual_digits", true)
            }
        }
        for expression in usesOwnPattern ? [] : rule.expressions {
            steps.append { writer in
                writer.add("type", "Split")
                writer.addPattern("Regex", expression)
                writer.add("behavior", "Isolated")
                writer.add("invert", false)
            }
        }
        steps.append { writer in Self.addByteLevel(usesPattern: usesOwnPattern, to: &writer) }
        writer.addSteps("pre_tokenizer", "pretokenizers", steps)
        writer.addObject("decoder") { writer in Self.addByteLevel(usesPattern: true, to: &writer) }
    }

    func addOptions(to writer: inout JSONWriter) {
        writer.addNull("unk_token")
        writer.addNull("continuing_subword_prefix")
        writer.addNull("end_of_word_suffix")
        writer.add("fuse_unk", false)
        writer.add("byte_fallback", false)
        writer.add("ignore_merges", takesWholeWords)
    }

    func merges(_ metadata: Metadata, _ vocabulary: ExportedVocabulary) throws(ModelFileError) -> ByteStrings {
        try vocabulary.possible(
            try metadata.byteStrings("tokenizer.ggml.merges") ?? ByteStrings(), of: "tokenizer.ggml.merges", metadata)
    }

    private static func addByteLevel(usesPattern: Bool, to writer: inout JSONWriter) {
        writer.add("type", "ByteLevel")
        writer.add("add_prefix_space", false)
        writer.add("trim_offsets", true)
        writer.add("use_regex", usesPattern)
    }
}

extension ExportedVocabulary {
    /// Whether merges begin somewhere for the byte.
    fileprivate func hasByte(_ byte: UInt8) -> Bool { kind(of: ByteLevelAlphabet.letter(of: byte)) != nil }

    /// The merges that can apply: those whose parts and whole are tokens that text is made of. Readers of `tokenizer.json` ask
    /// for all three.
    ///
    /// - Throws: `.invalid` for a merge that is not two texts with a space between them.
    func possible(
        _ merges: ByteStrings, of key: String, _ metadata: Metadata
    ) throws(ModelFileError) -> ByteStrings {
        var possible = ByteStrings()
        possible.reserveCapacity(count: merges.count, byteCount: merges.bytes.count)
        for (index, merge) in merges.enumerated() {
            guard let space = merge.firstIndex(of: UInt8(ascii: " ")), space > merge.startIndex,
                space + 1 < merge.endIndex, !merge[(space + 1)...].contains(UInt8(ascii: " "))
            else {
                throw metadata.error(
                    about: key, expected: "two texts with a space between them",
                    found: "\(PrintableName.quoted(bytes: Array(merge))) at index \(index)")
            }
            let (left, right) = (merge[..<space], merge[(space + 1)...])
            if isText(left), isText(right), isText(ArraySlice(left + right)) { possible.append(merge) }
        }
        return possible
    }

    private func isText(_ text: ArraySlice<UInt8>) -> Bool {
        guard let kind = kind(of: text) else { return false }
        return ![.control, .unknown, .unused].contains(kind)
    }
}
