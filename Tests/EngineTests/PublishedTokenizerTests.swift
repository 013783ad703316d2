import Engine
import Foundation
import ModelFiles
import TestSupport
import Testing
import Tokenization

@Suite("Tokenizers of published models")
struct PublishedTokenizerTests {
    /// What the tokenizers library answers (Tools/tokenizers/make_published.py and compare.py).
    struct Cases: Decodable {
        let texts: [String]
        let ids: [[Int32]]
        let decoded: [String]
    }

    static let names = [
        "byte-level", "byte-level-llama3", "byte-level-nfc", "byte-level-digits", "characters-legacy",
        "characters-first",
        "characters-metaspace", "characters-bare", "deepseek-v3", "falcon", "behaviors", "clip", "prefixed",
        "unigram-nfkd", "bert-uncased", "roberta", "digit-groups", "words",
    ]

    static func model(_ name: String) throws -> HuggingFaceModel {
        var model = PublishedModel()
        model.tokenizer = String(
            decoding: try Fixtures.bytes("huggingface/\(name)/tokenizer.json"), as: UTF8.self)
        model.vocabularySize = 520
        return try HuggingFaceModel(ModelFolder(contents: model.contents, path: name))
    }

    @Test(arguments: names)
    func `ids and texts equal those of the tokenizers library`(_ name: String) throws {
        let cases = try JSONDecoder().decode(
            Cases.self, from: Data(try Fixtures.bytes("huggingface/\(name)/cases.json")))
        let tokenizer = try makeTokenizer(of: Self.model(name))
        for (index, text) in cases.texts.enumerated() {
            let ids = tokenizer.encode(text, special: [.recognize, .addBeginAndEnd])
            // A begin token that stands in the text already is not doubled here.
            let doubled = ids.count + 1 == cases.ids[index].count && ids.first == cases.ids[index].first
            #expect(doubled ? [ids[0]] + ids == cases.ids[index] : ids == cases.ids[index], "\(text.debugDescription)")
            let decoded = String(decoding: try tokenizer.decode(cases.ids[index]), as: UTF8.self)
            #expect(decoded == cases.decoded[index], "\(text.debugDescription)")
        }
    }

    @Test(arguments: ["characters-legacy", "characters-first"])
    func `scores made of merges give the ids that the merges give`(_ name: String) throws {
        let model = try Self.model(name)
        let tokens = try model.metadata.requiredByteStrings("tokenizer.ggml.tokens")
        let kinds = try model.metadata.requiredIntegers("tokenizer.ggml.token_type")
        var description = TokenizerDescription(
            model: "llama",
            vocabulary: try Vocabulary(
                bytes: tokens.bytes, ends: tokens.ends,
                kinds: kinds.map { TokenKind(rawValue: UInt8($0)) ?? .undefined },
                scores: try model.metadata.requiredNumbers("tokenizer.ggml.scores").map { Float($0) }))
        description.spacePrefix = .always
        let byScores = try makeTokenizer(description)
        let merges = try model.metadata.requiredByteStrings("tokenizer.ggml.merges")
        (description.mergeBytes, description.mergeEnds) = (merges.bytes, merges.ends)
        let byMerges = try makeTokenizer(description)
        let text = "The quick brown fox says: it's what they're saying, and tokens are pieces of words."
        #expect(byScores.encode(text) == byMerges.encode(text))
        #expect(byScores.encode(text).count < 60)
    }
}
