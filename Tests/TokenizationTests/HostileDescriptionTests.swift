import TestSupport
import Testing
import Tokenization

@Suite("Descriptions that are wrong")
struct HostileDescriptionTests {
    private func failure(
        _ fixture: String = "byte-level", _ change: (inout TokenizerDescription) throws -> Void
    ) throws -> String? {
        var description = try TokenizerFixture(fixture).description(preTokenizer: "gpt-2")
        do {
            try change(&description)
            _ = try makeTokenizer(description)
            return nil
        } catch let error as TokenizationError {
            return "\(error)"
        }
    }

    @Test func `an unknown model or pre-tokenizer is refused by name, with the known ones`() throws {
        #expect(
            try failure { $0.model = "plamo2" }
                == "tokenizer: 'plamo2' is not a tokenizer that this engine knows; known are llama, gpt2, bert, t5, gemma4"
        )
        let unknown = try #require(try failure { $0.preTokenizer = "klingon" })
        #expect(
            unknown.hasPrefix(
                "pre-tokenizer: 'klingon' is not a pre-tokenizer that this engine knows; known are gpt-2, "))
        #expect(unknown.contains("llama-bpe") && unknown.contains("qwen2"))
        #expect(try failure { $0.preTokenizer = nil }?.hasPrefix("pre-tokenizer: no pre-tokenizer is named") == true)
    }

    @Test(arguments: [-1, 1000, Int.max, Int.min])
    func `ids outside the vocabulary are refused`(id: Int) throws {
        let rest = ": expected a token id in 0..<1000, found \(id)"
        #expect(try failure { $0.beginTokenID = id } == "begin token" + rest)
        #expect(try failure { $0.endTokenID = id }?.hasSuffix(rest) == true)
        #expect(try failure { $0.unknownTokenID = id } == "unknown token" + rest)
        #expect(try failure { $0.paddingTokenID = id } == "padding token" + rest)
        #expect(try failure { $0.endOfGenerationTokenIDs = [1, id] } == "end-of-generation token" + rest)
        #expect(try failure { $0.tokenIDsTakingSpace = [id] } == "token taking space" + rest)
    }

    @Test(arguments: ["", "ab", " b", "a ", "a b c", " "])
    func `a merge without two parts is refused`(merge: String) throws {
        #expect(
            try failure { ($0.mergeBytes, $0.mergeEnds) = flatten(["t h", merge]) }
                == "merges: entry 1: expected two parts with one space between them")
    }

    @Test func `ends that do not fit the bytes are refused`() throws {
        for ends in [[1, 0], [-1], [4], [Int.max], [Int.min]] {
            let message =
                "entry \(ends.count - 1) ends at byte \(ends[ends.count - 1]), before its start or beyond the 3 bytes there are"
            #expect(
                try failure { ($0.mergeBytes, $0.mergeEnds) = (Array("a b".utf8), ends) } == "merges: " + message)
            #expect(throws: TokenizationError.self) {
                try Vocabulary(bytes: Array("abc".utf8), ends: ends, kinds: ends.map { _ in .normal }, scores: nil)
            }
        }
    }

    @Test func `lists of different lengths, NaN and an empty vocabulary are refused`() throws {
        #expect(throws: TokenizationError("tokens", .emptyVocabulary)) { try makeVocabulary([]) }
        #expect(throws: TokenizationError("token types", .wrongCount(expected: 2, found: 1))) {
            try makeVocabulary(["a", "b"], kinds: [.normal])
        }
        #expect(throws: TokenizationError("token scores", .wrongCount(expected: 2, found: 1))) {
            try makeVocabulary(["a", "b"], scores: [0])
        }
        #expect(throws: TokenizationError("token scores", .notANumber(index: 1))) {
            try makeVocabulary(["a", "b"], scores: [0, .nan])
        }
        #expect(
            try failure { description in
                description = TokenizerDescription(model: "llama", vocabulary: try makeVocabulary(["a", "b"]))
            } == "token scores: expected 2 entries, found 0")
    }

    @Test func `a special token of absurd length is refused`() throws {
        let name = String(repeating: "x", count: 5000)
        #expect(throws: TokenizationError("tokens", .specialTokenTooLong(tokenID: 256, byteCount: 5000, limit: 4096))) {
            try makeByteTokenizer([(name, .control)])
        }
    }

    @Test func `merges of unknown tokens and control tokens never apply`() throws {
        let tokens = ["a", "b", "c", "ab", "bc"]
        var description = TokenizerDescription(
            model: "gpt2", preTokenizer: "gpt-2",
            vocabulary: try makeVocabulary(tokens, kinds: [.normal, .normal, .normal, .control, .normal]))
        (description.mergeBytes, description.mergeEnds) = flatten(["a b", "x y", "a c", "b c", "世 a"])
        #expect(try makeTokenizer(description).encode("abc") == [0, 4])
    }

    @Test func `of two tokens with one text and of two merges of one pair the first counts`() throws {
        var description = TokenizerDescription(
            model: "gpt2", preTokenizer: "gpt-2", vocabulary: try makeVocabulary(["a", "b", "ab", "ba", "ab", "a"]))
        (description.mergeBytes, description.mergeEnds) = flatten(["a b", "b a", "a b"])
        #expect(try makeTokenizer(description).encode("aba") == [2, 0])
    }

    @Test func `bytes that the vocabulary lacks become the unknown token, or nothing where there is none`() throws {
        var description = TokenizerDescription(
            model: "gpt2", preTokenizer: "gpt-2",
            vocabulary: try makeVocabulary(["a", "<unk>"], kinds: [.normal, .unknown]))
        #expect(try makeTokenizer(description).encode("aba") == [0, 1, 0])
        description.vocabulary = try makeVocabulary(["a", "b"])
        #expect(try makeTokenizer(description).encode("aca") == [0, 0])
    }

    @Test func `empty, strange and infinite tokens are harmless`() throws {
        let tokens = ["", " ", "<0xZZ>", "<0x4>", "<0x041>", "▁", "<0x41>", "\u{0}", "Ġ"]
        let kinds: [TokenKind] = [.control, .normal, .byte, .byte, .byte, .normal, .byte, .undefined, .unused]
        let scores: [Float] = [0, .infinity, -.infinity, 0, 0, -0.0, 1, 2, 3]
        for model in ["llama", "gpt2"] {
            let tokenizer = try makeTokenizer(
                TokenizerDescription(
                    model: model, preTokenizer: "gpt-2",
                    vocabulary: try makeVocabulary(tokens, kinds: kinds, scores: scores)))
            for text in ["", " ", "A", "\u{0}", "<0xZZ>", "▁▁", "Ġ"] {
                _ = try tokenizer.decode(tokenizer.encode(text, special: [.recognize, .addBeginAndEnd]))
            }
        }
    }

    /// Vocabularies, merges and ids drawn at random from a few letters: whatever is accepted encodes and decodes.
    @Test(arguments: 0..<8)
    func `random descriptions end in an error or in a tokenizer that works`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let letters = ["a", "b", "▁", " ", "Ġ", "<0x61>", "<", "|", "é", "\u{0}", "'", "1"]
        func text(_ limit: Int) -> String {
            (0..<Int.random(in: 0...limit, using: &generator)).map { _ in letters.randomElement(using: &generator) ?? ""
            }
            .joined()
        }
        func id() -> Int? { Bool.random(using: &generator) ? nil : Int.random(in: -1...30, using: &generator) }
        var accepted = 0
        for _ in 0..<400 {
            let tokens = letters + (0..<Int.random(in: 0...18, using: &generator)).map { _ in text(3) }
            let kinds = tokens.map { _ in TokenKind(rawValue: UInt8.random(in: 0...6, using: &generator)) ?? .normal }
            let scores = tokens.map { _ in Float.random(in: -2...2, using: &generator) }
            var description = TokenizerDescription(
                model: Bool.random(using: &generator) ? "llama" : "gpt2", preTokenizer: "gpt-4o",
                vocabulary: try makeVocabulary(tokens, kinds: kinds, scores: scores))
            let merges = (0..<Int.random(in: 0...9, using: &generator)).map { _ in
                (letters.randomElement(using: &generator) ?? "") + " "
                    + (letters.randomElement(using: &generator) ?? "")
            }
            (description.mergeBytes, description.mergeEnds) = flatten(merges.filter { !$0.contains("  ") })
            (description.beginTokenID, description.endTokenID, description.unknownTokenID) = (id(), id(), id())
            description.addsEndToken = true
            guard let tokenizer = try? makeTokenizer(description) else { continue }
            accepted += 1
            let text = text(60)
            for special in [SpecialTokenHandling.plain, [.recognize, .addBeginAndEnd]] {
                let ids = tokenizer.encode(text, special: special)
                #expect(ids.allSatisfy { 0 <= $0 && $0 < tokenizer.vocabularySize })
                if special == .plain {
                    #expect(ids.allSatisfy { !tokenizer.isControl($0) || $0 == tokenizer.unknownTokenID })
                }
                _ = try tokenizer.decode(ids)
            }
        }
        #expect(accepted > 50)
    }
}
