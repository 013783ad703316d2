/// Names, numbers and strings.
extension Lexer {
    /// Reads a name, number or string that starts with `byte`; false where none does.
    mutating func readLiteral(_ byte: UInt8) throws(JinjaError) -> Bool {
        if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
            try readString(quote: byte)
        } else if Self.isDigit(byte) {
            try readNumber()
        } else if Self.isNameByte(byte) {
            let start = offset
            while let byte = self.byte(at: offset), Self.isNameByte(byte) || Self.isDigit(byte) { offset += 1 }
            add(.name(String(decoding: source.utf8[start..<offset], as: UTF8.self)), at: start)
        } else {
            return false
        }
        return true
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || byte >= 0x80 || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    // MARK: Numbers

    private mutating func readNumber() throws(JinjaError) {
        let start = offset
        let isAttribute = start > 0 && source.utf8[start - 1] == UInt8(ascii: ".")
        var radix = 10
        if source.utf8[start] == UInt8(ascii: "0"), !isAttribute, let mark = byte(at: start + 1) {
            radix = [UInt8(ascii: "x"): 16, UInt8(ascii: "o"): 8, UInt8(ascii: "b"): 2][mark | 0x20] ?? 10
        }
        if radix != 10 {
            offset += 2
            let digits = readDigits { $0.isHexDigit || $0 == "_" }
            return try addInteger(digits, radix: radix, at: start)
        }
        var text = readDigits { $0.isNumber || $0 == "_" }
        let whole = text
        if !isAttribute, byte(at: offset) == UInt8(ascii: "."), byte(at: offset + 1).map(Self.isDigit) == true {
            offset += 1
            text += "." + readDigits { $0.isNumber || $0 == "_" }
        }
        if !isAttribute, let exponent = exponentLength() {
            text += String(decoding: source.utf8[offset..<offset + exponent], as: UTF8.self)
            offset += exponent
            text += readDigits { $0.isNumber || $0 == "_" }
        }
        guard text != whole else { return try addInteger(whole, radix: 10, at: start) }
        guard let value = Double(text) else { throw source.error(at: start, .invalidLiteral("'\(text)'")) }
        add(.double(value), at: start)
    }

    /// Digits without the underscores between them.
    private mutating func readDigits(_ isDigit: (Character) -> Bool) -> String {
        var text = ""
        while let byte = byte(at: offset), byte < 0x80, isDigit(Character(Unicode.Scalar(byte))) {
            if byte != UInt8(ascii: "_") { text.unicodeScalars.append(Unicode.Scalar(byte)) }
            offset += 1
        }
        return text
    }

    /// The length of `e`, `e+` or `e-` where a digit follows.
    private func exponentLength() -> Int? {
        guard let mark = byte(at: offset), mark | 0x20 == UInt8(ascii: "e") else { return nil }
        let sign = byte(at: offset + 1)
        let length = sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") ? 2 : 1
        return byte(at: offset + length).map(Self.isDigit) == true ? length : nil
    }

    private mutating func addInteger(_ digits: String, radix: Int, at start: Int) throws(JinjaError) {
        guard let value = Int(digits, radix: radix) else {
            throw source.error(at: start, .invalidLiteral("the integer '\(digits)' is not a 64-bit one"))
        }
        add(.integer(value), at: start)
    }

    // MARK: Strings

    private mutating func readString(quote: UInt8) throws(JinjaError) {
        let start = offset
        offset += 1
        var bytes: [UInt8] = []
        while let byte = byte(at: offset) {
            offset += 1
            if byte == quote { return add(.string(String(decoding: bytes, as: UTF8.self)), at: start) }
            if byte == UInt8(ascii: "\\") { try readEscape(into: &bytes) } else { bytes.append(byte) }
        }
        throw source.error(at: start, .unterminated("the string"))
    }

    /// Python's escapes, `offset` being just behind the backslash; an unknown one stays as it is written.
    private mutating func readEscape(into bytes: inout [UInt8]) throws(JinjaError) {
        guard let byte = byte(at: offset) else { return }
        offset += 1
        switch Character(Unicode.Scalar(byte)) {
        case "\n": break
        case "\\", "'", "\"": bytes.append(byte)
        case "a": bytes.append(0x07)
        case "b": bytes.append(0x08)
        case "f": bytes.append(0x0C)
        case "n": bytes.append(0x0A)
        case "r": bytes.append(0x0D)
        case "t": bytes.append(0x09)
        case "v": bytes.append(0x0B)
        case "x": try readCode(digits: 2...2, radix: 16, into: &bytes)
        case "u": try readCode(digits: 4...4, radix: 16, into: &bytes)
        case "U": try readCode(digits: 8...8, radix: 16, into: &bytes)
        case "0"..."7":
            offset -= 1
            try readCode(digits: 1...3, radix: 8, into: &bytes)
        default: bytes += [UInt8(ascii: "\\"), byte]
        }
    }

    private mutating func readCode(
        digits: ClosedRange<Int>, radix: Int, into bytes: inout [UInt8]
    ) throws(JinjaError) {
        let start = offset
        var value = 0
        while offset - start < digits.upperBound, let byte = byte(at: offset),
            let digit = Int(String(Unicode.Scalar(byte)), radix: radix)
        {
            value = value * radix + digit
            offset += 1
        }
        guard offset - start >= digits.lowerBound, let scalar = UInt32(exactly: value).flatMap(Unicode.Scalar.init)
        else {
            throw source.error(at: start, .invalidLiteral("the escape is not a Unicode character"))
        }
        bytes += Array(String(scalar).utf8)
    }
}
