import Foundation
import ModelFiles
import TestSupport
import Tokenization

/// A small tokenizer of Tests/Fixtures/tokenizers with the ids that the library which trained it gives.
struct TokenizerFixture: Decodable, Sendable {
    let model: String
    let tokens: [String]
    let kinds: [UInt8]
    let scores: [Float]?
    let merges: [String]?
    let beginTokenID: Int
    let endTokenID: Int
    let unknownTokenID: Int?
    let addsSpacePrefix: Bool?
    let cases: [String]
    /// For each way of encoding, the ids of each case.
    let answers: [String: [[Int32]]]

    init(_ name: String) throws {
        self = try JSONDecoder().decode(Self.self, from: Data(try Fixtures.bytes("tokenizers/\(name).json")))
    }

    func description(preTokenizer: String? = nil) throws -> TokenizerDescription {
        var description = TokenizerDescription(
            model: model, preTokenizer: preTokenizer,
            vocabulary: try makeVocabulary(
                tokens, kinds: kinds.map { TokenKind(rawValue: $0) ?? .undefined }, scores: scores))
        (description.mergeBytes, description.mergeEnds) = flatten(merges ?? [])
        description.beginTokenID = beginTokenID
        description.endTokenID = endTokenID
        description.unknownTokenID = unknownTokenID
        description.addsSpacePrefix = addsSpacePrefix
        return description
    }
}

func flatten(_ texts: [String]) -> (bytes: [UInt8], ends: [Int]) {
    var bytes: [UInt8] = []
    let ends = texts.map { text in
        bytes += text.utf8
        return bytes.count
    }
    return (bytes, ends)
}

func makeVocabulary(
    _ tokens: [String], kinds: [TokenKind]? = nil, scores: [Float]? = nil
) throws(TokenizationError) -> Vocabulary {
    let (bytes, ends) = flatten(tokens)
    return try Vocabulary(
        bytes: bytes, ends: ends, kinds: kinds ?? tokens.map { _ in .normal }, scores: scores)
}

/// A tokenizer whose ids 0...255 are the bytes themselves, followed by `further` tokens; no space prefix.
func makeByteTokenizer(_ further: [(String, TokenKind)] = []) throws -> any Tokenizer {
    let digits = Array("0123456789ABCDEF")
    let bytes = (0..<256).map { "<0x\(digits[$0 / 16])\(digits[$0 % 16])>" }
    let vocabulary = try makeVocabulary(
        bytes + further.map(\.0), kinds: bytes.map { _ in .byte } + further.map(\.1),
        scores: [Float](repeating: 0, count: 256 + further.count))
    var description = TokenizerDescription(model: "llama", vocabulary: vocabulary)
    description.addsSpacePrefix = false
    return try makeTokenizer(description)
}

/// The tokenizer of a GGUF file.
func loadTokenizer(_ path: String) throws -> any Tokenizer {
    let metadata = try openModelFile(path: path).metadata
    let tokens = try metadata.byteStrings("tokenizer.ggml.tokens") ?? ByteStrings()
    let kinds = try metadata.integers("tokenizer.ggml.token_type") ?? []
    let vocabulary = try Vocabulary(
        bytes: tokens.bytes, ends: tokens.ends,
        kinds: kinds.map { TokenKind(rawValue: UInt8(clamping: $0)) ?? .undefined },
        scores: try metadata.numbers("tokenizer.ggml.scores")?.map { Float($0) })
    var description = TokenizerDescription(
        model: try metadata.string("tokenizer.ggml.model") ?? "",
        preTokenizer: try metadata.string("tokenizer.ggml.pre"),
        vocabulary: vocabulary)
    let merges = try metadata.byteStrings("tokenizer.ggml.merges") ?? ByteStrings()
    (description.mergeBytes, description.mergeEnds) = (merges.bytes, merges.ends)
    description.beginTokenID = try metadata.integer("tokenizer.ggml.bos_token_id")
    description.endTokenID = try metadata.integer("tokenizer.ggml.eos_token_id")
    description.unknownTokenID = try metadata.integer("tokenizer.ggml.unknown_token_id")
    return try makeTokenizer(description)
}
