/// Token ids to text as they come: every chunk is whole characters, and all chunks together are the text that decoding
/// all ids at once gives, with U+FFFD for each maximal part of what is not UTF-8.
package struct StreamingDetokenizer: Sendable {
    private let tokenizer: any Tokenizer
    private let special: Bool
    private var joiner: PieceJoiner
    /// Bytes that may be the beginning of a character; at most three between calls.
    private var pending: [UInt8] = []

    /// - Parameters:
    ///   - startsText: whether the ids are the beginning of a text, whose first space belongs to the tokenizer; false
    ///     where they go on from a prompt.
    ///   - special: whether control and unknown tokens give their names; else they give nothing.
    package init(_ tokenizer: any Tokenizer, startsText: Bool = true, special: Bool = false) {
        self.tokenizer = tokenizer
        self.special = special
        joiner = PieceJoiner(tokenizer.joining, startsText: startsText)
    }

    /// The text that this token completes; may be empty.
    /// - Throws: `.tokenOutOfRange`; the state is then as before.
    package mutating func append(_ tokenID: Int32) throws(TokenizationError) -> String {
        try joiner.append(tokenID, of: tokenizer, special: special, to: &pending)
        let whole = pending.count - incompleteSuffixCount(of: pending)
        defer { pending.removeFirst(whole) }
        return String(decoding: pending[..<whole], as: UTF8.self)
    }

    /// The rest: U+FFFD where the last character is incomplete.
    package mutating func finish() -> String {
        defer { pending.removeAll() }
        return String(decoding: pending, as: UTF8.self)
    }
}

/// How many bytes at the end are the beginning of a character that more bytes could complete.
///
/// Source: The Unicode Standard 17.0, table 3-7, well-formed UTF-8 byte sequences.
func incompleteSuffixCount(of bytes: [UInt8]) -> Int {
    for count in stride(from: 1, through: min(3, bytes.count), by: 1) {
        let lead = bytes[bytes.count - count]
        if lead & 0xC0 == 0x80 { continue }
        let length =
            switch lead {
            case 0xC2...0xDF: 2
            case 0xE0...0xEF: 3
            case 0xF0...0xF4: 4
            default: 1
            }
        guard count < length else { return 0 }
        if count >= 2 {
            let second = bytes[bytes.count - count + 1]
            let allowed: ClosedRange<UInt8> =
                switch lead {
                case 0xE0: 0xA0...0xBF
                case 0xED: 0x80...0x9F
                case 0xF0: 0x90...0xBF
                case 0xF4: 0x80...0x8F
                default: 0x80...0xBF
                }
            guard allowed.contains(second) else { return 0 }
        }
        return count
    }
    return 0
}
