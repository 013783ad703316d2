import TestSupport
import Testing
import Tokenization

@Suite("Round trips")
struct RoundTripTests {
    /// Ranges of scalars of many scripts, separators and symbols; the last reaches the end of Unicode.
    private static let scalars: [ClosedRange<UInt32>] = [
        0x20...0x7E, 0x00...0x1F, 0x20...0x20, 0xA0...0x24F, 0x370...0x4FF, 0x590...0x6FF, 0x900...0x97F,
        0x1780...0x17FF,
        0x2000...0x206F, 0x3000...0x30FF, 0x4E00...0x9FFF, 0xAC00...0xD7A3, 0xFE00...0xFEFF, 0x1F300...0x1FAFF,
        0x10000...0x10FFFF,
    ]

    static func randomText(_ generator: inout SeededGenerator) -> String {
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...60, using: &generator) {
            let range = scalars[Int.random(in: 0..<scalars.count, using: &generator)]
            let scalar = Unicode.Scalar(UInt32.random(in: range, using: &generator))
            // SentencePiece writes spaces as U+2581 and gives a space for either.
            if let scalar, scalar != "\u{2581}" { text.append(scalar) }
        }
        return String(text)
    }

    static let tokenizers: [(fixture: String, preTokenizer: String?)] = [
        ("byte-level", "gpt-2"), ("byte-level", "llama-bpe"), ("byte-level", "qwen2"), ("byte-level", "smollm"),
        ("byte-level", "gpt-4o"),
        ("sentencepiece-bytes", nil),
    ]

    @Test(arguments: tokenizers)
    func `decoding what was encoded gives the text back`(fixture: String, preTokenizer: String?) throws {
        let tokenizer = try makeTokenizer(TokenizerFixture(fixture).description(preTokenizer: preTokenizer))
        var generator = SeededGenerator(seed: 12)
        for _ in 0..<2000 {
            let text = Self.randomText(&generator)
            let ids = tokenizer.encode(text)
            #expect(ids.allSatisfy { !tokenizer.isControl($0) })
            #expect(try tokenizer.decode(ids) == Array(text.utf8), "\(text.debugDescription)")
        }
    }

    @Test(arguments: tokenizers)
    func `bytes that are not UTF-8 are encoded one by one and come back`(fixture: String, preTokenizer: String?) throws
    {
        let tokenizer = try makeTokenizer(TokenizerFixture(fixture).description(preTokenizer: preTokenizer))
        var generator = SeededGenerator(seed: 13)
        for _ in 0..<500 {
            let count = Int.random(in: 0...40, using: &generator)
            let bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
            #expect(try tokenizer.decode(tokenizer.encode(utf8: bytes)) == bytes)
        }
    }

    @Test(arguments: tokenizers)
    func `streaming gives what decoding at once gives`(fixture: String, preTokenizer: String?) throws {
        let tokenizer = try makeTokenizer(TokenizerFixture(fixture).description(preTokenizer: preTokenizer))
        var generator = SeededGenerator(seed: 14)
        for special in [false, true] {
            for _ in 0..<500 {
                // Any ids at all, so also halves of characters and control tokens.
                let size = Int32(tokenizer.vocabularySize)
                let ids = (0..<30).map { _ in Int32.random(in: 0..<size, using: &generator) }
                var detokenizer = StreamingDetokenizer(tokenizer, special: special)
                var text = ""
                for id in ids { text += try detokenizer.append(id) }
                text += detokenizer.finish()
                let whole = String(decoding: try tokenizer.decode(ids, special: special), as: UTF8.self)
                #expect(Array(text.utf8) == Array(whole.utf8), "\(ids)")
            }
        }
    }
}
