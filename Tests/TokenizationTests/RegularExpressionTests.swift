import Testing
import Tokenization

@Suite("Regular expressions")
struct RegularExpressionTests {
    /// The words that a pre-tokenizer by this expression makes, told by a vocabulary of whole words.
    private func pieces(_ pattern: String, _ text: String, _ behavior: SplitBehavior = .isolated) throws -> [String] {
        var pipeline = TokenizerPipeline(model: .characterPairs(CharacterPairOptions()))
        pipeline.splitters = [PatternSplitter(.expression(try RegularExpression(pattern)), behavior)]
        var options = CharacterPairOptions()
        options.endSuffix = "|"
        pipeline.model = .characterPairs(options)
        let letters = Array(Set(text)).sorted().map(String.init)
        var description = TokenizerDescription(
            model: "huggingface", vocabulary: try makeVocabulary(letters + letters.map { $0 + "|" }))
        description.pipeline = pipeline
        let tokenizer = try makeTokenizer(description)
        let marked = String(decoding: try tokenizer.decode(tokenizer.encode(text)), as: UTF8.self)
        return marked.split(separator: "|").map(String.init)
    }

    @Test(
        arguments: [
            ("a|ab", "ab", ["a", "b"]), ("ab|a", "ab", ["ab"]), ("a+?b?", "aab", ["a", "ab"]),
            ("a{2,3}", "aaaaa", ["aaa", "aa"]),
            ("a{2}+", "aaaaa", ["aaaa", "a"]), ("x(?!y)", "xyx", ["xy", "x"]), ("x(?=y)", "xyx", ["x", "yx"]),
            (#"\s+$"#, "a  \n  ", ["a", "  \n  "]), ("^b", "b\nb", ["b", "\n", "b"]),
            (#"\bb"#, "bb b", ["b", "b ", "b"]),
            ("(?i:'S)", "'s'S'ſ", ["'s", "'S", "'ſ"]), (#"[\p{L}&&[^a-c]]+"#, "abcdef", ["abc", "def"]),
            (#"[^\p{L}]++b?"#, "12b3", ["12b", "3"]), (#"\p{Han}+"#, "ab漢字c", ["ab", "漢字", "c"]),
        ] as [(String, String, [String])])
    func `matches are those that backtracking finds first`(pattern: String, text: String, expected: [String]) throws {
        #expect(try pieces(pattern, text) == expected)
    }

    private static let groups = #"\d{1,3}(?=(?:\d{3})*\b)"#
    private static let cuts = #"(?=(\d{3})+(?!\d))"#

    /// Expected: Oniguruma, through tokenizers 0.23.3.
    @Test(
        arguments: [
            (groups, "1234567", ["1", "234", "567"]), (groups, "123456", ["123", "456"]), (groups, "12", ["12"]),
            (groups, "a1234 x", ["a", "1", "234", " x"]), (groups, "1234x5678", ["1234x", "5", "678"]),
            (groups, "1234_", ["1234_"]), (groups, "1234²", ["1234²"]), (groups, "١٢٣٤.", ["١", "٢٣٤", "."]),
            (cuts, "1234567", ["1", "234", "567"]), (cuts, "12", ["12"]), (cuts, "123²12Ⅷ4567", ["123²12Ⅷ4", "567"]),
            (cuts, "12a3456", ["12a3", "456"]), (#"\w+"#, "a²½_é·x", ["a²½_é", "·", "x"]),
            (#"[\w]+"#, "a²½_é·x", ["a", "²½", "_é", "·", "x"]),
        ] as [(String, String, [String])])
    func `numbers are grouped from their right`(pattern: String, text: String, expected: [String]) throws {
        #expect(try pieces(pattern, text) == expected)
    }

    @Test(
        arguments: [
            (.removed, ["a", "b", "c"]), (.isolated, ["a", "1", "2", "b", "3", "c"]),
            (.contiguous, ["a", "12", "b", "3", "c"]), (.mergedWithPrevious, ["a1", "2", "b3", "c"]),
            (.mergedWithNext, ["a", "1", "2b", "3c"]),
        ] as [(SplitBehavior, [String])])
    func `each behavior makes its own pieces`(behavior: SplitBehavior, expected: [String]) throws {
        #expect(try pieces(#"\d"#, "a12b3c", behavior) == expected)
    }

    @Test(arguments: [
        "(", "a)", "[a", "(?<n>a)", "(?=ab)c", "a*", #"\q"#, #"\p{Klingon}"#, "a{99999}", "a++ab?", "[b-a]",
    ])
    func `what is not known is refused`(pattern: String) {
        #expect(throws: TokenizationError.self) { try RegularExpression(pattern) }
    }

    /// 2³⁰ states, and many more of hundreds of places each: without a bound on both, gigabytes.
    @Test(.timeLimit(.minutes(1)), arguments: ["(a|b)*a(a|b){30}", "(a|b)*a(a|b){900}"])
    func `a pattern with too many states is refused`(pattern: String) {
        #expect(throws: TokenizationError.self) { try RegularExpression(pattern) }
    }

    @Test(.timeLimit(.minutes(1)), arguments: [" ", "a", "1", "\n", "世"])
    func `a megabyte of one thing takes one step per character`(unit: String) throws {
        let text = String(repeating: unit, count: 1 << 20) + "x"
        for name in ["deepseek-llm", "deepseek-v3", "deepseek-coder", "falcon", "default", "bloom", "jais-2"] {
            var description = TokenizerDescription(
                model: "gpt2", preTokenizer: name, vocabulary: try makeVocabulary(["x"]))
            description.addsBeginToken = false
            #expect(try makeTokenizer(description).encode(text).count <= 1)
        }
    }
}
