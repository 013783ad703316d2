/// A call as Python writes it, with literals for its keyword arguments: `name(city="Oslo", days=[1, 2])` or
/// `name.call(…)`.
struct PythonCall {
    let name: String
    /// A JSON object.
    let arguments: String

    /// - Returns: nil for text that is anything else.
    init?(_ text: String) {
        var reader = PythonLiteralReader(text)
        guard var name = reader.name(), reader.consume("(") else { return nil }
        if name.hasSuffix(".call") { name.removeLast(".call".count) }
        var fields: [String] = []
        if !reader.consume(")") {
            repeat {
                if !fields.isEmpty, reader.peek == UInt8(ascii: ")") { break }
                guard let key = reader.name(), reader.consume("="), let value = reader.value(depth: 0) else {
                    return nil
                }
                fields.append("\(JSONText.quoted(key)): \(value)")
            } while reader.consume(",")
            guard reader.consume(")") else { return nil }
        }
        guard reader.isAtEnd, !name.isEmpty else { return nil }
        self.name = name
        arguments = "{\(fields.joined(separator: ", "))}"
    }
}

/// Turns Python's literals into JSON text.
private struct PythonLiteralReader {
    private static let depthLimit = 48

    private let text: [UInt8]
    private var offset = 0

    init(_ text: String) { self.text = Array(text.utf8) }

    var isAtEnd: Bool {
        mutating get {
            skipSpace()
            return offset == text.count
        }
    }

    var peek: UInt8? {
        mutating get {
            skipSpace()
            return offset < text.count ? text[offset] : nil
        }
    }

    mutating func consume(_ character: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: character) else { return false }
        offset += 1
        return true
    }

    /// Letters, digits, underscores, and dots between them.
    mutating func name() -> String? {
        skipSpace()
        let start = offset
        while offset < text.count, Self.isNamePart(text[offset]) { offset += 1 }
        guard offset > start, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(text[start]) else { return nil }
        return String(decoding: text[start..<offset], as: UTF8.self)
    }

    private static func isNamePart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), 0x80...:
            true
        default: false
        }
    }

    mutating func value(depth: Int) -> String? {
        guard depth < Self.depthLimit, let byte = peek else { return nil }
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return string().map(JSONText.quoted)
        case UInt8(ascii: "["): return list(from: "[", to: "]", depth: depth)
        case UInt8(ascii: "("): return list(from: "(", to: ")", depth: depth)
        case UInt8(ascii: "{"): return dictionary(depth: depth)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return number()
        default:
            switch name() {
            case "True", "true": return "true"
            case "False", "false": return "false"
            case "None", "null": return "null"
            default: return nil
            }
        }
    }

    private mutating func list(from opener: Unicode.Scalar, to closer: Unicode.Scalar, depth: Int) -> String? {
        guard consume(opener) else { return nil }
        var items: [String] = []
        while !consume(closer) {
            guard items.isEmpty || consume(",") else { return nil }
            if consume(closer) { break }
            guard let item = value(depth: depth + 1) else { return nil }
            items.append(item)
        }
        return "[\(items.joined(separator: ", "))]"
    }

    private mutating func dictionary(depth: Int) -> String? {
        guard consume("{") else { return nil }
        var fields: [String] = []
        while !consume("}") {
            guard fields.isEmpty || consume(",") else { return nil }
            if consume("}") { break }
            guard let first = peek, first == UInt8(ascii: "\"") || first == UInt8(ascii: "'"), let key = string(),
                consume(":"), let item = value(depth: depth + 1)
            else { return nil }
            fields.append("\(JSONText.quoted(key)): \(item)")
        }
        return "{\(fields.joined(separator: ", "))}"
    }

    private mutating func number() -> String? {
        var cursor = JSONCursor()
        let start = offset
        while offset < text.count, cursor.consume(text[offset]) == .inside { offset += 1 }
        guard cursor.isComplete else { return nil }
        return String(decoding: text[start..<offset], as: UTF8.self)
    }

    /// A string in single or double quotes, on one line; of the escapes those that JSON has too, and `\'` and `\x`.
    private mutating func string() -> String? {
        guard let quote = peek else { return nil }
        offset += 1
        var bytes: [UInt8] = []
        while offset < text.count {
            let byte = text[offset]
            offset += 1
            switch byte {
            case quote: return String(validating: bytes, as: UTF8.self)
            case UInt8(ascii: "\n"): return nil
            case UInt8(ascii: "\\"):
                guard let scalar = escape() else { return nil }
                bytes += String(scalar).utf8
            default: bytes.append(byte)
            }
        }
        return nil
    }

    private mutating func escape() -> Unicode.Scalar? {
        guard offset < text.count else { return nil }
        let byte = text[offset]
        offset += 1
        switch byte {
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""): return Unicode.Scalar(byte)
        case UInt8(ascii: "x"): return hex(count: 2)
        case UInt8(ascii: "u"): return hex(count: 4)
        case UInt8(ascii: "U"): return hex(count: 8)
        default: return nil
        }
    }

    private mutating func hex(count: Int) -> Unicode.Scalar? {
        var value: UInt32 = 0
        for _ in 0..<count {
            guard offset < text.count, let digit = JSONText.hexDigit(text[offset]), value < 1 << 28 else { return nil }
            value = value << 4 | digit
            offset += 1
        }
        return Unicode.Scalar(value)
    }

    private mutating func skipSpace() {
        while offset < text.count, JSONText.isSpace(text[offset]) { offset += 1 }
    }
}
