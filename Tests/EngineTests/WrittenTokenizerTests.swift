import Engine
import Foundation
import ModelFiles
import TestSupport
import Testing
import Tokenization

/// A tokenizer gives the same ids when it has been written as a `tokenizer.json`.
@Suite("Tokenizers of written folders")
struct WrittenTokenizerTests {
    let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    @Test(arguments: PublishedTokenizerTests.names)
    func `a published tokenizer, written again, equals the tokenizers library`(_ name: String) throws {
        let source = try PublishedTokenizerTests.model(name)
        let cases = try JSONDecoder().decode(
            PublishedTokenizerTests.Cases.self, from: Data(try Fixtures.bytes("huggingface/\(name)/cases.json")))
        let original = try makeTokenizer(of: source)
        let tokenizer = try makeTokenizer(of: write(ModelDraft(copying: source)))
        for text in cases.texts {
            for special: SpecialTokenHandling in [[.recognize, .addBeginAndEnd], .plain] {
                #expect(tokenizer.encode(text, special: special) == original.encode(text, special: special))
            }
        }
        for ids in cases.ids { #expect(try tokenizer.decode(ids) == original.decode(ids)) }
        #expect(tokenizer.endOfGenerationTokenIDs == original.endOfGenerationTokenIDs)
    }

    /// Every name of a way to find words, over one vocabulary, as a GGUF file has them.
    @Test(arguments: preTokenizerNames)
    func `words are found as the name in the GGUF file says`(_ name: String) throws {
        var draft = ModelDraft(copying: try PublishedTokenizerTests.model("byte-level"))
        for key in draft.metadata.keys where key.hasPrefix("tokenizer.realizar.") { draft.metadata.remove(key) }
        for key in ["add_bos_token", "add_eos_token"] { draft.metadata.remove("tokenizer.ggml." + key) }
        draft.metadata.set("tokenizer.ggml.pre", .string(Array(name.utf8)))
        try GGUFWriter(draft).write(to: scratch.path("x.gguf"))
        let original = try makeTokenizer(of: openModelFile(path: scratch.path("x.gguf")))
        let tokenizer = try makeTokenizer(of: write(draft))
        for text in Self.texts {
            let ids = original.encode(text, special: [.recognize, .addBeginAndEnd])
            #expect(tokenizer.encode(text, special: [.recognize, .addBeginAndEnd]) == ids, "\(text.debugDescription)")
        }
    }

    /// All that are known.
    static let preTokenizerNames: [String] = {
        do {
            _ = try PublishedWordRule(named: "?")
        } catch {
            guard let error = error as? TokenizationError, case .unknownPreTokenizer(_, let known) = error.problem
            else { return [] }
            return known
        }
        return []
    }()

    private static let texts: [String] = {
        let cases = try? JSONDecoder().decode(
            PublishedTokenizerTests.Cases.self, from: Data(Fixtures.bytes("huggingface/byte-level/cases.json")))
        return (cases?.texts ?? []) + [
            "It's 12345 of them, HELLO'LL!!  \n\n\tx  y", "日本語テキスト 123 한국어 \u{301}e\u{301}", "a\r\n\r\n  b   ",
        ]
    }()

    @Test(arguments: ["sentencepiece-bytes", "sentencepiece-unknown"])
    func `scores alone become merges that do the same`(_ name: String) throws {
        var draft = ModelDraft(copying: try PublishedTokenizerTests.model("characters-legacy"))
        let fixture = try JSONDecoder().decode(Scored.self, from: Data(try Fixtures.bytes("tokenizers/\(name).json")))
        let filling = (fixture.tokens.count..<520).map { "[PAD\($0)]" }
        let count = fixture.tokens.count + filling.count
        for key in draft.metadata.keys where key.hasPrefix("tokenizer.realizar.") { draft.metadata.remove(key) }
        draft.metadata.remove("tokenizer.ggml.merges")
        func set(_ key: String, _ value: MetadataValue) { draft.metadata.set("tokenizer.ggml." + key, value) }
        set("tokens", .array(MetadataArray(strings: ByteStrings((fixture.tokens + filling).map(\.utf8)))))
        set("scores", .array(MetadataArray(numbers: fixture.scores + filling.map { _ in 0 })))
        set("token_type", .array(MetadataArray(integers: fixture.kinds + filling.map { _ in 5 })))
        set("bos_token_id", .uint32(UInt32(fixture.beginTokenID)))
        set("eos_token_id", .uint32(UInt32(fixture.endTokenID)))
        set("unknown_token_id", .uint32(UInt32(fixture.unknownTokenID ?? 0)))
        set("add_space_prefix", .bool(fixture.addsSpacePrefix ?? true))
        try GGUFWriter(draft).write(to: scratch.path("x.gguf"))
        let original = try makeTokenizer(of: openModelFile(path: scratch.path("x.gguf")))
        let tokenizer = try makeTokenizer(of: write(draft))
        #expect(tokenizer.vocabularySize == count)
        for text in fixture.cases + Self.texts {
            for special: SpecialTokenHandling in [[.recognize, .addBeginAndEnd], .plain] {
                #expect(
                    tokenizer.encode(text, special: special) == original.encode(text, special: special),
                    "\(text.debugDescription)")
            }
        }
    }

    private struct Scored: Decodable {
        let tokens: [String], kinds: [Int], scores: [Double], cases: [String]
        let beginTokenID: Int, endTokenID: Int, unknownTokenID: Int?, addsSpacePrefix: Bool?
    }

    private func write(_ draft: ModelDraft) throws -> any ModelFile {
        let path = scratch.path("\(UInt32.random(in: 0...UInt32.max))")
        try HuggingFaceWriter(draft).write(to: path)
        return try openModelFile(path: path)
    }
}
