import TestSupport
import Testing
import Tokenization

/// Small tokenizers trained by Tools/tokenizers/train.py with the `tokenizers` and `sentencepiece` packages.
@Suite("Trained fixtures")
struct TokenizerFixtureTests {
    @Test(arguments: ["gpt-2", "llama-bpe", "qwen2", "qwen35", "gpt-4o", "tekken", "starcoder"], [false, true])
    func `byte-level merges agree with tokenizers`(preTokenizer: String, special: Bool) throws {
        let fixture = try TokenizerFixture("byte-level")
        let tokenizer = try makeTokenizer(fixture.description(preTokenizer: preTokenizer))
        let answers = try #require(fixture.answers[preTokenizer + (special ? " special" : "")])
        #expect(answers.count == fixture.cases.count)
        for (text, expected) in zip(fixture.cases, answers) {
            #expect(
                tokenizer.encode(text, special: special ? .recognize : .plain) == expected, "\(text.debugDescription)")
        }
    }

    @Test(arguments: ["sentencepiece-bytes", "sentencepiece-unknown"])
    func `merges by score agree with sentencepiece`(name: String) throws {
        let fixture = try TokenizerFixture(name)
        let tokenizer = try makeTokenizer(fixture.description())
        let answers = try #require(fixture.answers["plain"])
        #expect(answers.count == fixture.cases.count)
        for (text, expected) in zip(fixture.cases, answers)
        where tokenizer.addsSpacePrefix == false || !text.contains("<tool>") {
            #expect(tokenizer.encode(text) == expected, "\(text.debugDescription)")
        }
    }

    @Test func `merges stand in for scores that are missing`() throws {
        let fixture = try TokenizerFixture("sentencepiece-bytes")
        var description = try fixture.description()
        let byScore = try makeTokenizer(description)
        // Each pair of tokens that makes a third, in order of the third's score, as converters write them.
        let ids = Dictionary(uniqueKeysWithValues: fixture.tokens.enumerated().map { (Array($1.unicodeScalars), $0) })
        let scores = try #require(fixture.scores)
        var merges: [(score: Float, text: String)] = []
        for (whole, id) in ids where fixture.kinds[id] == TokenKind.normal.rawValue {
            for cut in whole.indices.dropFirst() {
                let (left, right) = (Array(whole[..<cut]), Array(whole[cut...]))
                guard ids[left] != nil, ids[right] != nil else { continue }
                merges.append((scores[id], (left + [" "] + right).map { String($0) }.joined()))
            }
        }
        merges.sort { $0.score > $1.score }
        description.vocabulary = try makeVocabulary(
            fixture.tokens, kinds: fixture.kinds.map { TokenKind(rawValue: $0) ?? .undefined })
        (description.mergeBytes, description.mergeEnds) = flatten(merges.map(\.text))
        let byMerges = try makeTokenizer(description)
        for text in fixture.cases { #expect(byMerges.encode(text) == byScore.encode(text), "\(text.debugDescription)") }
    }

    @Test(
        arguments: [
            ([1, 2], [0, 4]), ([2, 1], [3, 2]), ([-1, 0], [0, 4]), ([0.5, -3], [3, 2]), ([0, -0.0], [3, 2]),
        ] as [([Float], [Int32])])
    func `the higher score is merged first, and of equal ones the left`(scores: [Float], expected: [Int32]) throws {
        let vocabulary = try makeVocabulary(["a", "b", "c", "ab", "bc"], scores: [0, 0, 0] + scores)
        var description = TokenizerDescription(model: "llama", vocabulary: vocabulary)
        description.addsSpacePrefix = false
        #expect(try makeTokenizer(description).encode("abc") == expected)
    }
}
