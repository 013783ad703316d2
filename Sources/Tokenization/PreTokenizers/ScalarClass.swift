/// What the patterns of pre-tokenizers tell apart. The table is generated with these raw values.
enum ScalarClass: UInt8 {
    case other = 0
    /// `\p{N}`
    case number = 1
    /// `\s`
    case space = 2
    /// `\p{M}`
    case mark = 3
    /// `\p{Lu}` and `\p{Lt}`
    case uppercase = 4
    /// `\p{Ll}`
    case lowercase = 5
    /// `\p{Lm}` and `\p{Lo}`
    case caseless = 6

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
    var isLetter: Bool { rawValue >= Self.uppercase.rawValue }

    /// `[^\s\p{L}\p{N}]`
    var isSymbol: Bool { self == .other || self == .mark }
}

/// A scalar of UTF-8 text: its class and how many bytes it takes.
struct ClassifiedScalar {
    let scalarClass: ScalarClass
    let byteCount: Int

    /// Bytes that are not UTF-8 count as `other`, one by one.
    /// - Precondition: `offset < text.count`.
    @inline(__always)
    init(at offset: Int, in text: Span<UInt8>) {
        let lead = UInt32(text[offset])
        if lead < 0x80 {
            scalarClass = ScalarClass(ofScalar: lead)
            byteCount = 1
            return
        }
        let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2
        guard lead >= 0xC2, lead < 0xF5, offset + length <= text.count else {
            scalarClass = .other
            byteCount = 1
            return
        }
        var value = lead & (0x7F >> UInt32(length))
        for i in 1..<length {
            let byte = UInt32(text[offset + i])
            guard byte & 0xC0 == 0x80 else {
                scalarClass = .other
                byteCount = 1
                return
            }
            value = value << 6 | byte & 0x3F
        }
        scalarClass = ScalarClass(ofScalar: value)
        byteCount = length
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
        guard scalar.scalarClass == .space else { return last > start ? last : i }
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
        guard scalar.scalarClass == .space else { break }
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
        guard scalar.scalarClass == .number else { break }
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
