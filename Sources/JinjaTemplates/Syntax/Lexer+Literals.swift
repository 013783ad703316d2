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
            while let byte = self.byte(at: offset), Self.isNameByte(byte) || Self.isDigit(byte) {
                guard spaceWidth(at: offset) == 0 else { break }
                offset += 1
            }
            let name = String(decoding: source.utf8[start..<offset], as: UTF8.self)
            guard name.utf8.allSatisfy({ $0 < 0x80 }) || JinjaString(name).isPythonIdentifier else {
                throw source.error(at: start, .unexpected(found: "'\(name)'", expected: "a name"))
            }
            add(.name(name), at: start)
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
        let wholeEnd = endOfDigits(at: start)
        var end = wholeEnd
        if !isAttribute {
            if byte(at: end) == UInt8(ascii: "."), byte(at: end + 1).map(Self.isDigit) == true {
                end = endOfDigits(at: end + 1)
            }
            if let exponent = exponentLength(at: end) { end = endOfDigits(at: end + exponent) }
        }
        guard end > wholeEnd else { return try readInteger(decimalEnd: wholeEnd) }
        let text = digits(in: start..<end)
        guard let value = Double(text) else { throw source.error(at: start, .invalidLiteral("'\(text)'")) }
        offset = end
        add(.double(value), at: start)
    }

    /// A number without point and exponent. A zero in front is a number by itself.
    private mutating func readInteger(decimalEnd: Int) throws(JinjaError) {
        let start = offset
        var (end, radix, first) = (decimalEnd, 10, start)
        if source.utf8[start] == UInt8(ascii: "0") {
            let mark = (byte(at: start + 1) ?? 0) | 0x20
            let prefixed = [UInt8(ascii: "x"): 16, UInt8(ascii: "o"): 8, UInt8(ascii: "b"): 2][mark]
            let digitsEnd = prefixed.map { endOfDigits(at: start + 2, radix: $0, startsWithSeparator: true) }
            if let prefixed, let digitsEnd, digitsEnd > start + 2 {
                (end, radix, first) = (digitsEnd, prefixed, start + 2)
            } else {
                end = start + 1
                while let byte = byte(at: end), byte == UInt8(ascii: "0") || byte == UInt8(ascii: "_") {
                    guard byte == UInt8(ascii: "0") || self.byte(at: end + 1) == UInt8(ascii: "0") else { break }
                    end += 1
                }
            }
        }
        let text = digits(in: first..<end)
        guard let value = Int(text, radix: radix) else {
            throw source.error(at: start, .invalidLiteral("the integer '\(text)' is not a 64-bit one"))
        }
        offset = end
        add(.integer(value), at: start)
    }

    /// The end of digits with single `_` between them.
    private func endOfDigits(at start: Int, radix: Int = 10, startsWithSeparator: Bool = false) -> Int {
        var end = start
        while let byte = byte(at: end) {
            if Self.isDigit(byte, radix: radix) {
                end += 1
            } else if byte == UInt8(ascii: "_"), end > start || startsWithSeparator,
                self.byte(at: end + 1).map({ Self.isDigit($0, radix: radix) }) == true
            {
                end += 1
            } else {
                break
            }
        }
        return end
    }

    private static func isDigit(_ byte: UInt8, radix: Int) -> Bool {
        Character(Unicode.Scalar(byte)).hexDigitValue.map { $0 < radix } ?? false
    }

    private func digits(in range: Range<Int>) -> String {
        String(decoding: source.utf8[range].filter { $0 != UInt8(ascii: "_") }, as: UTF8.self)
    }

    /// The length of `e`, `e+` or `e-` where a digit follows.
    private func exponentLength(at place: Int) -> Int? {
        guard let mark = byte(at: place), mark | 0x20 == UInt8(ascii: "e") else { return nil }
        let sign = byte(at: place + 1)
        let length = sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") ? 2 : 1
        return byte(at: place + length).map(Self.isDigit) == true ? length : nil
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
        case "N": throw source.error(at: offset - 2, .unsupported("the escape '\\N'"))
        default:
            bytes += [UInt8(ascii: "\\"), byte]
            if byte >= 0x80 { readNonASCII(into: &bytes) }
        }
    }

    /// Python writes a backslash before a letter beyond ASCII as that letter's escape, of which the first one reads the
    /// backslash: `\é` is `\xe9`.
    private mutating func readNonASCII(into bytes: inout [UInt8]) {
        offset -= 1
        bytes.removeLast()
        let start = offset
        offset += 1
        while let byte = byte(at: offset), byte & 0xC0 == 0x80 { offset += 1 }
        guard let scalar = String(decoding: source.utf8[start..<offset], as: UTF8.self).unicodeScalars.first else {
            return
        }
        let value = scalar.value
        let (mark, digits) = value < 0x100 ? ("x", 2) : value < 0x10000 ? ("u", 4) : ("U", 8)
        bytes += Array((mark + value.hexadecimal(digits: digits)).utf8)
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
