/// Splits text into the words that byte-level merges stay within, as in the training of the vocabulary.
struct PreTokenizer: Sendable {
    /// The regular expression of the training, as a hand-written scanner.
    enum Pattern: Sendable {
        case gpt2
        case llama3(Llama3Pattern)
        case o200k(O200KPattern)
        /// Several patterns one after another, or one that is too rare for a scanner of its own.
        case expressions([String])

        /// As `tokenizer.json` writes it; nil where it takes more than one expression.
        var regularExpression: String? {
            switch self {
            case .gpt2: GPT2Pattern.regularExpression
            case .llama3(let pattern): pattern.regularExpression
            case .o200k(let pattern): pattern.regularExpression
            case .expressions(let all): all.count == 1 ? all[0] : nil
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
    /// Whether an end token is added where the file does not say.
    var addsEndToken = false

    static let all = scanned + PublishedExpressions.preTokenizers

    private static let scanned = [
        PreTokenizer(
            names: [
                "gpt-2", "phi-2", "jina-es", "jina-de", "jina-v2-es", "jina-v2-de", "gigachat", "a.x-4.0", "mellum",
                "modern-bert", "olmo", "mpt", "jais", "trillion", "exaone4", "granite-docling",
            ], pattern: .gpt2),
        PreTokenizer(
            names: ["roberta-bpe", "jina-v1-en", "jina-v2-code"], pattern: .gpt2, addsBeginToken: true,
            addsEndToken: true),
        PreTokenizer(
            names: [
                "llama-bpe", "llama3", "llama-v3", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2",
                "jina-v5-nano",
            ], pattern: .llama3(Llama3Pattern(digitsPerGroup: 3)), takesWholeWords: true, addsBeginToken: true),
        PreTokenizer(
            names: ["glm4", "glm5"], pattern: .llama3(Llama3Pattern(digitsPerGroup: 3)), takesWholeWords: true),
        PreTokenizer(
            names: ["dbrx", "smaug-bpe", "chatglm-bpe"], pattern: .llama3(Llama3Pattern(digitsPerGroup: 3))),
        PreTokenizer(
            names: [
                "qwen2", "deepseek-r1-qwen", "kormo", "f2llmv2", "megrez", "stablelm2", "hunyuan", "grok-2",
                "solar-open",
            ], pattern: .llama3(Llama3Pattern(digitsPerGroup: 1))),
        PreTokenizer(
            names: ["qwen35"], pattern: .llama3(Llama3Pattern(digitsPerGroup: 1, marksAreLetters: true))),
        PreTokenizer(
            names: [
                "starcoder", "refact", "command-r", "smollm", "codeshell", "exaone", "minerva-7b", "mellum2",
            ], pattern: .gpt2, isolatesNumbers: true),
        PreTokenizer(
            names: ["gpt-4o", "llama4", "kanana2", "talkie", "minimax-m2"],
            pattern: .o200k(O200KPattern(digitsPerGroup: 3, hasContractions: true))),
        PreTokenizer(
            names: ["granite-embed-multi-97m"],
            pattern: .o200k(O200KPattern(digitsPerGroup: 3, hasContractions: true)), takesWholeWords: true),
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
}

/// A pre-tokenizer ready for texts: the scanner or the expressions that find the end of each word.
enum WordFinder: Sendable {
    case gpt2(isolatesNumbers: Bool)
    case llama3(Llama3Pattern)
    case o200k(O200KPattern)
    case expressions(PatternSequence)

    /// - Throws: `.unsupportedPattern`.
    init(_ preTokenizer: PreTokenizer) throws(TokenizationError) {
        switch preTokenizer.pattern {
        case .gpt2: self = .gpt2(isolatesNumbers: preTokenizer.isolatesNumbers)
        case .llama3(let pattern): self = .llama3(pattern)
        case .o200k(let pattern): self = .o200k(pattern)
        case .expressions(let all): self = .expressions(try PatternSequence(all))
        }
    }

    /// Calls `body` with each word, from left to right.
    @inline(__always)
    func forEachWord(of text: Span<UInt8>, _ body: (Range<Int>) -> Void) {
        switch self {
        case .gpt2(let isolatesNumbers):
            if isolatesNumbers { return forEachWordBetweenNumbers(text, body) }
            Self.run(text, body) { GPT2Pattern.wordEnd(from: $0, in: $1) }
        case .llama3(let pattern): Self.run(text, body) { pattern.wordEnd(from: $0, in: $1) }
        case .o200k(let pattern): Self.run(text, body) { pattern.wordEnd(from: $0, in: $1) }
        case .expressions(let patterns):
            var cursor = PatternSequence.Cursor()
            Self.run(text, body) { patterns.wordEnd(from: $0, in: $1, &cursor) }
        }
    }

    @inline(__always)
    private static func run(
        _ text: Span<UInt8>, _ body: (Range<Int>) -> Void, wordEnd: (Int, Span<UInt8>) -> Int
    ) {
        var start = 0
        while start < text.count {
            let end = wordEnd(start, text)
            body(start..<end)
            start = end
        }
    }

    /// Numbers are cut out before the pattern sees the text, which then ends in front of each.
    private func forEachWordBetweenNumbers(_ text: Span<UInt8>, _ body: (Range<Int>) -> Void) {
        var sectionEnd = 0
        Self.run(text, body) { start, text in
            if start >= sectionEnd {
                let first = ClassifiedScalar(at: start, in: text)
                if first.scalarClass.isNumber { return start + first.byteCount }
                sectionEnd = runEnd(from: start, in: text) { !$0.isNumber }
            }
            return GPT2Pattern.wordEnd(from: start, in: text.extracting(..<sectionEnd))
        }
    }
}
