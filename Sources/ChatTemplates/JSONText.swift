/// JSON as text: what its bytes mean, and how text becomes a string of it.
enum JSONText {
    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }

    static func hexDigit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a")) + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A")) + 10
        default: nil
        }
    }

    /// A text as a JSON string with its quotes.
    static func quoted(_ text: String) -> String {
        String(decoding: [UInt8(ascii: "\"")] + escaped(text.utf8) + [UInt8(ascii: "\"")], as: UTF8.self)
    }

    /// UTF-8, or any part of it, as it stands between the quotes of a JSON string.
    static func escaped(_ text: some Sequence<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        for byte in text {
            switch byte {
            case UInt8(ascii: "\""): result += "\\\"".utf8
            case UInt8(ascii: "\\"): result += "\\\\".utf8
            case UInt8(ascii: "\n"): result += "\\n".utf8
            case UInt8(ascii: "\r"): result += "\\r".utf8
            case UInt8(ascii: "\t"): result += "\\t".utf8
            case 0..<0x20: result += "\\u00\(byte < 0x10 ? "0" : "1")\(String(byte & 0xF, radix: 16))".utf8
            default: result.append(byte)
            }
        }
        return result
    }

    /// The text of a JSON string.
    ///
    /// - Parameter bytes: the string with its quotes, which a `JSONCursor` has followed to its end.
    static func decoded(string bytes: ArraySlice<UInt8>) -> String {
        var decoder = JSONStringDecoder()
        var result: [UInt8] = []
        for byte in bytes.dropFirst().dropLast() { decoder.append(byte, to: &result) }
        decoder.finish(&result)
        return String(decoding: result, as: UTF8.self)
    }
}

/// Turns what stands between the quotes of a JSON string into the text that it means, byte by byte.
struct JSONStringDecoder: Sendable {
    private enum State: Equatable {
        case plain, escape
        case hex(left: Int, value: UInt32)
    }

    private var state = State.plain
    /// The first half of a surrogate pair, whose second half may follow.
    private var half: UInt32?

    /// - Parameter byte: of a string that a `JSONCursor` finds valid.
    mutating func append(_ byte: UInt8, to text: inout [UInt8]) {
        switch state {
        case .plain where byte == UInt8(ascii: "\\"): state = .escape
        case .plain:
            flushHalf(to: &text)
            text.append(byte)
        case .escape where byte == UInt8(ascii: "u"): state = .hex(left: 4, value: 0)
        case .escape:
            flushHalf(to: &text)
            state = .plain
            switch byte {
            case UInt8(ascii: "b"): text.append(0x08)
            case UInt8(ascii: "f"): text.append(0x0C)
            case UInt8(ascii: "n"): text.append(0x0A)
            case UInt8(ascii: "r"): text.append(0x0D)
            case UInt8(ascii: "t"): text.append(0x09)
            default: text.append(byte)
            }
        case .hex(let left, let value):
            let value = value << 4 | (JSONText.hexDigit(byte) ?? 0)
            state = left > 1 ? .hex(left: left - 1, value: value) : .plain
            if left == 1 { append(codeUnit: value, to: &text) }
        }
    }

    mutating func finish(_ text: inout [UInt8]) { flushHalf(to: &text) }

    private mutating func append(codeUnit: UInt32, to text: inout [UInt8]) {
        if let first = half, (0xDC00..<0xE000).contains(codeUnit) {
            half = nil
            append(scalar: 0x10000 + (first - 0xD800) << 10 + (codeUnit - 0xDC00), to: &text)
        } else {
            flushHalf(to: &text)
            if (0xD800..<0xDC00).contains(codeUnit) { half = codeUnit } else { append(scalar: codeUnit, to: &text) }
        }
    }

    private mutating func flushHalf(to text: inout [UInt8]) {
        guard half != nil else { return }
        half = nil
        append(scalar: 0xFFFD, to: &text)
    }

    private func append(scalar: UInt32, to text: inout [UInt8]) {
        text += String(Unicode.Scalar(scalar) ?? "\u{FFFD}").utf8
    }
}
