import TestSupport
import Testing
import Tokenization

/// A word of a megabyte must cost about as much per byte as a short one.
///
/// With steps in proportion to the square of the length, the first of these would take hours.
@Suite("Long texts")
struct LongTextTests {
    #if DEBUG
    private static let byteCount = 1 << 16
    #else
    private static let byteCount = 1 << 20
    #endif

    @Test(
        .timeLimit(.minutes(1)),
        arguments: RoundTripTests.tokenizers.filter { $0.preTokenizer != "qwen2" && $0.preTokenizer != "smollm" },
        ["a", " ", "🚀", "'", "<|end|"])
    func `a megabyte of one thing is encoded and comes back`(
        tokenizer: (fixture: String, preTokenizer: String?), unit: String
    ) throws {
        let description = try TokenizerFixture(tokenizer.fixture).description(preTokenizer: tokenizer.preTokenizer)
        let tokenizer = try makeTokenizer(description)
        let text = String(repeating: unit, count: Self.byteCount / unit.utf8.count)
        let ids = tokenizer.encode(text, special: .recognize)
        #expect(try tokenizer.decode(ids) == Array(text.utf8))
        // Twice the text, about twice the tokens: the same merges everywhere.
        let half = tokenizer.encode(String(text.prefix(text.count / 2)))
        #expect(abs(ids.count - 2 * half.count) <= 16, "\(ids.count) and \(half.count)")
    }

    @Test(arguments: [38, 39, 40, 41, 80, 500])
    func `long words merge as short ones do`(count: Int) throws {
        // "ab" before "aba" by rank, so every length gives pairs from the left.
        var description = TokenizerDescription(
            model: "gpt2", preTokenizer: "gpt-2", vocabulary: try makeVocabulary(["a", "b", "ab", "abab", "ba"]))
        (description.mergeBytes, description.mergeEnds) = flatten(["a b", "ab ab", "b a"])
        let ids = try makeTokenizer(description).encode(String(repeating: "ab", count: count / 2))
        #expect(ids == [Int32](repeating: 3, count: count / 4) + (count / 2 % 2 == 1 ? [2] : []))
    }
}
