/// Splits text into the words that byte-level merges stay within, as in the training of the vocabulary.
struct PreTokenizer: Sendable {
    /// The regular expression of the training, as a hand-written scanner.
    enum Pattern: Sendable {
        case gpt2
        case llama3(Llama3Pattern)
        case o200k(O200KPattern)

        /// As `tokenizer.json` writes it.
        var regularExpression: String {
            switch self {
            case .gpt2: GPT2Pattern.regularExpression
            case .llama3(let pattern): pattern.regularExpression
            case .o200k(let pattern): pattern.regularExpression
            }
        }
    }

    /// Values of `tokenizer.ggml.pre`.
    let names: [String]
    let pattern: Pattern
    /// Each scalar of `\p{N}` is a word of its own, split off before the pattern sees the text.
    var isolatesNumbers = false
    /// A word that is in the vocabulary is taken whole, whatever the merges say.
    var takesWholeWords = false
    /// Whether a begin token is added where the file does not say.
    var addsBeginToken = false

    static let all = [
        PreTokenizer(
            names: [
                "gpt-2", "phi-2", "jina-es", "jina-de", "jina-v2-es", "jina-v2-de", "gigachat", "a.x-4.0", "mellum",
                "olmo", "mpt", "jais", "trillion", "exaone4", "granite-docling",
            ], pattern: .gpt2),
        PreTokenizer(
            names: ["llama-bpe", "llama3", "llama-v3", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2"],
            pattern: .llama3(Llama3Pattern(digitsPerGroup: 3)), takesWholeWords: true, addsBeginToken: true),
        PreTokenizer(
            names: ["dbrx", "smaug-bpe", "glm4", "chatglm-bpe"], pattern: .llama3(Llama3Pattern(digitsPerGroup: 3))),
        PreTokenizer(
            names: ["qwen2", "deepseek-r1-qwen", "kormo", "megrez", "stablelm2", "hunyuan", "grok-2", "solar-open"],
            pattern: .llama3(Llama3Pattern(digitsPerGroup: 1))),
        PreTokenizer(
            names: ["qwen35"], pattern: .llama3(Llama3Pattern(digitsPerGroup: 1, marksAreLetters: true))),
        PreTokenizer(
            names: ["starcoder", "refact", "command-r", "smollm", "codeshell", "exaone", "minerva-7b"], pattern: .gpt2,
            isolatesNumbers: true),
        PreTokenizer(
            names: ["gpt-4o", "llama4", "minimax-m2"],
            pattern: .o200k(O200KPattern(digitsPerGroup: 3, hasContractions: true))),
        PreTokenizer(
            names: ["tekken"], pattern: .o200k(O200KPattern(digitsPerGroup: 1, hasContractions: false)),
            takesWholeWords: true, addsBeginToken: true),
    ]

    /// Every name that is known, in the order of the table.
    static var knownNames: [String] { all.flatMap(\.names) }

    static func named(_ name: String?) throws(TokenizationError) -> PreTokenizer {
        guard let name else { throw TokenizationError("pre-tokenizer", .missingPreTokenizer(known: knownNames)) }
        guard let found = all.first(where: { $0.names.contains(name) }) else {
            throw TokenizationError("pre-tokenizer", .unknownPreTokenizer(found: name, known: knownNames))
        }
        return found
    }

    /// The first name in the table whose pattern is written like this in `tokenizer.json`, if possible one that takes whole
    /// words as asked; nil for a pattern that is not known here.
    static func name(
        ofRegularExpression pattern: String, isolatesNumbers: Bool, takesWholeWords: Bool
    ) -> String? {
        let rows = all.filter {
            $0.pattern.regularExpression == pattern && $0.isolatesNumbers == isolatesNumbers
        }
        return (rows.first { $0.takesWholeWords == takesWholeWords } ?? rows.first)?.names.first
    }

    /// The end of the word that starts at `start`.
    ///
    /// - Parameter sectionEnd: where the text ends in the eyes of the pattern; kept by the caller from word to word,
    ///   0 at first.
    /// - Precondition: `start < text.count`.
    @inline(__always)
    func wordEnd(from start: Int, in text: Span<UInt8>, sectionEnd: inout Int) -> Int {
        if isolatesNumbers {
            if start >= sectionEnd {
                let first = ClassifiedScalar(at: start, in: text)
                if first.scalarClass == .number { return start + first.byteCount }
                sectionEnd = nextNumber(from: start, in: text)
            }
        } else {
            sectionEnd = text.count
        }
        let section = text.extracting(..<sectionEnd)
        return switch pattern {
        case .gpt2: GPT2Pattern.wordEnd(from: start, in: section)
        case .llama3(let pattern): pattern.wordEnd(from: start, in: section)
        case .o200k(let pattern): pattern.wordEnd(from: start, in: section)
        }
    }

    private func nextNumber(from start: Int, in text: Span<UInt8>) -> Int {
        var i = start
        while i < text.count {
            let scalar = ClassifiedScalar(at: i, in: text)
            if scalar.scalarClass == .number { break }
            i += scalar.byteCount
        }
        return i
    }
}
