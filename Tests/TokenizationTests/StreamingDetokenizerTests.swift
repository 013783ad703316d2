import TestSupport
import Testing
import Tokenization

@Suite("Streaming detokenizer")
struct StreamingDetokenizerTests {
    private func chunks(_ bytes: [UInt8]) throws -> [String] {
        var detokenizer = StreamingDetokenizer(try makeByteTokenizer())
        return try bytes.map { try detokenizer.append(Int32($0)) } + [detokenizer.finish()]
    }

    @Test func `a character appears with its last byte`() throws {
        #expect(try chunks(Array("aé🚀b".utf8)) == ["a", "", "é", "", "", "", "🚀", "b", ""])
    }

    @Test func `an incomplete character at the end becomes one replacement`() throws {
        #expect(try chunks([0x61, 0xF0, 0x9F, 0x9A]) == ["a", "", "", "", "\u{FFFD}"])
    }

    @Test func `a byte that cannot go on ends what was held back`() throws {
        #expect(try chunks([0xE2, 0x82, 0x61]) == ["", "", "\u{FFFD}a", ""])
        // A surrogate: ED may not be followed by A0, so three replacements, at once.
        #expect(try chunks([0xED, 0xA0, 0x80]) == ["", "\u{FFFD}\u{FFFD}", "\u{FFFD}", ""])
        #expect(try chunks([0xC0, 0xFF, 0x80]) == ["\u{FFFD}", "\u{FFFD}", "\u{FFFD}", ""])
    }

    @Test func `every pair of a lead and a second byte decodes as at once`() throws {
        let tokenizer = try makeByteTokenizer()
        for lead in UInt8(0xB0)...0xFF {
            for second in UInt8(0x70)...0xFF {
                for tail in [[], [0x80], [0x80, 0xBF], [0xBF, 0x41]] as [[UInt8]] {
                    let bytes = [lead, second] + tail
                    var detokenizer = StreamingDetokenizer(tokenizer)
                    var text = ""
                    for byte in bytes { text += try detokenizer.append(Int32(byte)) }
                    text += detokenizer.finish()
                    #expect(Array(text.utf8) == Array(String(decoding: bytes, as: UTF8.self).utf8), "\(bytes)")
                }
            }
        }
    }

    @Test func `the tokenizer's first space is removed only where the ids start a text`() throws {
        let tokenizer = try makeTokenizer(TokenizerFixture("sentencepiece-bytes").description())
        let ids = tokenizer.encode("the dog", special: .addBeginAndEnd)
        #expect(ids.first == 1)
        for (startsText, expected) in [(true, "the dog"), (false, " the dog")] {
            var detokenizer = StreamingDetokenizer(tokenizer, startsText: startsText)
            var text = ""
            for id in ids { text += try detokenizer.append(id) }
            #expect(text + detokenizer.finish() == expected)
        }
    }

    @Test(arguments: [Int32.min, -1, 256, .max])
    func `an id outside the vocabulary is an error that leaves the state alone`(id: Int32) throws {
        let tokenizer = try makeByteTokenizer()
        let error = TokenizationError("token", .tokenOutOfRange(tokenID: Int(id), vocabularySize: 256))
        var detokenizer = StreamingDetokenizer(tokenizer)
        #expect(try detokenizer.append(0xC3) == "")
        #expect(throws: error) { try detokenizer.append(id) }
        #expect(try detokenizer.append(0xA9) == "é")
        #expect(throws: error) { try tokenizer.decode([65, id]) }
        #expect(throws: error) { try tokenizer.piece(of: id) }
        #expect(!tokenizer.isControl(id))
        #expect(!tokenizer.isEndOfGeneration(id))
    }
}
