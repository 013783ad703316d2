import Tokenization

/// A tokenizer of bytes with control tokens, so that every id says which bytes of a prompt it stands for.
struct MarkedVocabulary {
    let tokenizer: any Tokenizer
    /// Ids from 256 on are these.
    let controlTexts: [String]

    /// - Parameter userDefined: tokens that are text: they count wherever they stand.
    init(_ controlTexts: [String], userDefined: [String] = []) throws {
        self.controlTexts = controlTexts
        // GPT-2's letters for bytes: printable ones stand for themselves, the others for U+0100 and on.
        var next: UInt32 = 0x100
        let bytes = (UInt32(0)..<256).map { byte in
            if (33...126).contains(byte) || (161...172).contains(byte) || byte >= 174 { return Self.letter(byte) }
            defer { next += 1 }
            return Self.letter(next)
        }
        var all: [UInt8] = []
        let ends = (bytes + controlTexts + userDefined).map { text in
            all += text.utf8
            return all.count
        }
        let kinds: [TokenKind] =
            bytes.map { _ in .normal } + controlTexts.map { _ in .control } + userDefined.map { _ in .userDefined }
        var description = TokenizerDescription(
            model: "gpt2", preTokenizer: "gpt-2",
            vocabulary: try Vocabulary(bytes: all, ends: ends, kinds: kinds, scores: nil))
        description.addsBeginToken = false
        tokenizer = try makeTokenizer(description)
    }

    private static func letter(_ value: UInt32) -> String { Unicode.Scalar(value).map { String($0) } ?? "" }

    /// A control token in a prompt, by the byte at which it starts.
    struct Placement: Equatable {
        let offset: Int
        let text: String
    }

    func placements(in tokenIDs: [Int32]) throws -> [Placement] {
        var offset = 0
        var placements: [Placement] = []
        for id in tokenIDs {
            let piece = try tokenizer.piece(of: id, special: true)
            if tokenizer.isControl(id) {
                placements.append(Placement(offset: offset, text: String(decoding: piece, as: UTF8.self)))
            }
            offset += piece.count
        }
        return placements
    }
}
