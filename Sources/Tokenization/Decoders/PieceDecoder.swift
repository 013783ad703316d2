/// Turns what the vocabulary writes for a token into what the token adds to a text.
package protocol PieceDecoder: Sendable {
    /// - Parameter isFirst: whether no other token stands before it.
    func text(of piece: [UInt8], isFirst: Bool) -> [UInt8]
}

/// `ByteLevel`: the bytes that letters stand for; other pieces stay.
package struct ByteLevelDecoder: PieceDecoder {
    package init() {}

    package func text(of piece: [UInt8], isFirst: Bool) -> [UInt8] {
        var bytes: [UInt8] = []
        return ByteLevelAlphabet.decode(piece[...], into: &bytes) ? bytes : piece
    }
}

/// `ByteFallback`: `<0x0A>` is a byte.
package struct ByteTokenDecoder: PieceDecoder {
    package init() {}

    package func text(of piece: [UInt8], isFirst: Bool) -> [UInt8] { byte(named: piece[...]).map { [$0] } ?? piece }
}

/// `<0x0A>` is byte 10.
func byte(named text: ArraySlice<UInt8>) -> UInt8? {
    guard text.count == 6, text.starts(with: "<0x".utf8), text.last == UInt8(ascii: ">") else { return nil }
    return UInt8(String(decoding: text.dropFirst(3).dropLast(), as: UTF8.self), radix: 16)
}

/// `Metaspace`: marks are spaces, but none before the text where encoding puts one there.
package struct MetaspaceDecoder: PieceDecoder {
    let mark: [UInt8]
    let hasPrefix: Bool

    package init(mark: String, hasPrefix: Bool) {
        self.mark = Array(mark.utf8)
        self.hasPrefix = hasPrefix
    }

    package func text(of piece: [UInt8], isFirst: Bool) -> [UInt8] {
        Replacement(.text(mark), content: isFirst && hasPrefix ? "" : " ").normalize(piece)
    }
}

/// `WordPiece`: a space before each piece that does not go on with a word; with `cleansUp` none before punctuation and
/// contractions.
package struct WordPieceDecoder: PieceDecoder {
    let prefix: [UInt8]
    let cleansUp: Bool

    package init(prefix: String, cleansUp: Bool) {
        self.prefix = Array(prefix.utf8)
        self.cleansUp = cleansUp
    }

    private static let replacements = [
        (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"),
        (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ].map { Replacement(.text(Array($0.0.utf8)), content: $0.1) }

    package func text(of piece: [UInt8], isFirst: Bool) -> [UInt8] {
        var text = piece
        if !isFirst {
            text = piece.starts(with: prefix) ? Array(piece.dropFirst(prefix.count)) : [UInt8(ascii: " ")] + piece
        }
        return cleansUp ? Self.replacements.reduce(text) { $1.normalize($0) } : text
    }
}

/// `BPEDecoder`: a word's end is a space.
package struct SuffixDecoder: PieceDecoder {
    let suffix: [UInt8]

    package init(suffix: String) { self.suffix = Array(suffix.utf8) }

    package func text(of piece: [UInt8], isFirst: Bool) -> [UInt8] {
        Replacement(.text(suffix), content: " ").normalize(piece)
    }
}

/// `Replace`.
package struct ReplacementDecoder: PieceDecoder {
    let replacement: Replacement

    package init(_ replacement: Replacement) { self.replacement = replacement }

    package func text(of piece: [UInt8], isFirst: Bool) -> [UInt8] { replacement.normalize(piece) }
}

/// `Strip` of each piece: up to so many of a character at its start and at its end.
package struct StrippingDecoder: PieceDecoder {
    let content: [UInt8]
    let start: Int
    let stop: Int

    package init(content: String, start: Int, stop: Int) {
        self.content = Array(content.utf8)
        self.start = start
        self.stop = stop
    }

    package func text(of piece: [UInt8], isFirst: Bool) -> [UInt8] {
        var text = piece[...]
        for _ in 0..<max(start, 0) {
            guard !content.isEmpty, text.starts(with: content) else { break }
            text = text.dropFirst(content.count)
        }
        for _ in 0..<max(stop, 0) {
            guard !content.isEmpty, text.suffix(content.count).elementsEqual(content) else { break }
            text = text.dropLast(content.count)
        }
        return Array(text)
    }
}

/// Without a decoder pieces stand apart.
package struct SpacedDecoder: PieceDecoder {
    package init() {}

    package func text(of piece: [UInt8], isFirst: Bool) -> [UInt8] { isFirst ? piece : [UInt8(ascii: " ")] + piece }
}
