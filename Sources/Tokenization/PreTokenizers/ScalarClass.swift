/// Unicode's general category of a scalar, as far as pre-tokenizers and normalizers tell categories apart. The table is
/// generated with these raw values; their order makes each question below one comparison.
enum ScalarClass: UInt8, CaseIterable {
    /// `\p{C}` but for the controls that are white space.
    case other = 0
    /// `\p{Pc}`
    case connector = 1
    /// `\p{P}` but for `\p{Pc}`.
    case punctuation = 2
    /// `\p{S}`
    case symbol = 3
    /// `\p{Mn}`
    case nonspacingMark = 4
    /// `\p{Mc}` and `\p{Me}`
    case otherMark = 5
    /// `\p{Nd}`
    case decimal = 6
    /// `\p{Nl}`
    case letterNumber = 7
    /// `\p{No}`
    case otherNumber = 8
    /// `\p{Z}`
    case separator = 9
    /// Those of `\p{Cc}` that are white space.
    case controlSpace = 10
    /// `\p{Lu}`
    case uppercase = 11
    /// `\p{Lt}`
    case titlecase = 12
    /// `\p{Ll}`
    case lowercase = 13
    /// `\p{Lm}`
    case modifierLetter = 14
    /// `\p{Lo}`
    case otherLetter = 15

    @inline(__always)
    init(ofScalar value: UInt32) {
        let block = Int(value >> 8)
        guard block < ScalarClassTable.blocks.count else {
            self = .other
            return
        }
        let word = ScalarClassTable.words[Int(ScalarClassTable.blocks[block]) * 16 + Int(value >> 4 & 15)]
        self = ScalarClass(rawValue: UInt8(truncatingIfNeeded: word >> UInt64((value & 15) * 4)) & 15) ?? .other
    }

    /// `\p{L}`
    @inline(__always)
    var isLetter: Bool { rawValue >= Self.uppercase.rawValue }

    /// `\p{Lu}` and `\p{Lt}`
    @inline(__always)
    var isUppercase: Bool { self == .uppercase || self == .titlecase }

    /// `\p{Lm}` and `\p{Lo}`
    @inline(__always)
    var isCaseless: Bool { rawValue >= Self.modifierLetter.rawValue }

    /// `\p{N}`
    @inline(__always)
    var isNumber: Bool { rawValue &- Self.decimal.rawValue <= 2 }

    /// `\s`
    @inline(__always)
    var isSpace: Bool { rawValue &- Self.separator.rawValue <= 1 }

    /// `\p{M}`
    @inline(__always)
    var isMark: Bool { rawValue &- Self.nonspacingMark.rawValue <= 1 }

    /// `\p{P}`
    @inline(__always)
    var isPunctuation: Bool { rawValue &- Self.connector.rawValue <= 1 }

    /// `[^\s\p{L}\p{N}]`
    @inline(__always)
    var isSymbol: Bool { rawValue <= Self.otherMark.rawValue }
}

/// A scalar of UTF-8 text: its class and how many bytes it takes.
struct ClassifiedScalar {
    let scalarClass: ScalarClass
    let byteCount: Int
    /// `UInt32.max` for a byte that is not UTF-8.
    let value: UInt32

    /// Bytes that are not UTF-8 count as `other`, one by one.
    /// - Precondition: `offset < text.count`.
    @inline(__always)
    init(at offset: Int, in text: Span<UInt8>) {
        let lead = UInt32(text[offset])
        if lead < 0x80 {
            scalarClass = ScalarClass(ofScalar: lead)
            byteCount = 1
            value = lead
            return
        }
        let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2
        guard lead >= 0xC2, lead < 0xF5, offset + length <= text.count else {
            scalarClass = .other
            byteCount = 1
            value = .max
            return
        }
        var decoded = lead & (0x7F >> UInt32(length))
        for i in 1..<length {
            let byte = UInt32(text[offset + i])
            guard byte & 0xC0 == 0x80 else {
                scalarClass = .other
                byteCount = 1
                value = .max
                return
            }
            decoded = decoded << 6 | byte & 0x3F
        }
        scalarClass = ScalarClass(ofScalar: decoded)
        byteCount = length
        value = decoded
    }
}

/// The end of the run of scalars from `start` on whose class is wanted.
@inline(__always)
func runEnd(from start: Int, in text: Span<UInt8>, where isWanted: (ScalarClass) -> Bool) -> Int {
    var i = start
    while i < text.count {
        let scalar = ClassifiedScalar(at: i, in: text)
        guard isWanted(scalar.scalarClass) else { break }
        i += scalar.byteCount
    }
    return i
}

@inline(__always)
func isLineBreak(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }

/// `\s+(?!\S)|\s+`: a run of white space leaves its last scalar to what follows, unless it has only one.
func spaceEnd(from start: Int, in text: Span<UInt8>) -> Int {
    var i = start
    var last = start
    while i < text.count {
        let scalar = ClassifiedScalar(at: i, in: text)
        guard scalar.scalarClass.isSpace else { return last > start ? last : i }
        last = i
        i += scalar.byteCount
    }
    return i
}

/// `\s*[\r\n]+|\s+(?!\S)|\s+`: a run of white space ends behind its last line break, where it has one.
func lineOrSpaceEnd(from start: Int, in text: Span<UInt8>) -> Int {
    var i = start
    var lineEnd: Int?
    while i < text.count {
        let scalar = ClassifiedScalar(at: i, in: text)
        guard scalar.scalarClass.isSpace else { break }
        if isLineBreak(text[i]) { lineEnd = i + 1 }
        i += scalar.byteCount
    }
    return lineEnd ?? spaceEnd(from: start, in: text)
}

/// `\p{N}{1,limit}`, or nothing where there is no number.
func numberEnd(from start: Int, in text: Span<UInt8>, atMost limit: Int) -> Int {
    var i = start
    for _ in 0..<limit where i < text.count {
        let scalar = ClassifiedScalar(at: i, in: text)
        guard scalar.scalarClass.isNumber else { break }
        i += scalar.byteCount
    }
    return i
}

/// `(?i:'s|'t|'re|'ve|'m|'ll|'d)`, or nil where none stands at `start`. `ſ` (U+017F) is an `s` to a pattern that ignores
/// case.
func contractionEnd(from start: Int, in text: Span<UInt8>) -> Int? {
    guard start + 1 < text.count, text[start] == UInt8(ascii: "'") else { return nil }
    let second = text[start + 1] | 0x20
    if "stmd".utf8.contains(second) { return start + 2 }
    guard start + 2 < text.count else { return nil }
    if text[start + 1] == 0xC5, text[start + 2] == 0xBF { return start + 3 }
    switch (second, text[start + 2] | 0x20) {
    case (UInt8(ascii: "r"), UInt8(ascii: "e")), (UInt8(ascii: "v"), UInt8(ascii: "e")),
        (UInt8(ascii: "l"), UInt8(ascii: "l")):
        return start + 3
    default: return nil
    }
}
