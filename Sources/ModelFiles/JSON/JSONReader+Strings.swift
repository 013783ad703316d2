/// A string of JSON text, checked where it lies.
package struct JSONString {
    /// Between the quotes, in the reader's bytes.
    let range: Range<Int>
    let hasEscapes: Bool
}

extension JSONReader {
    /// Reads a string without taking it out of the text.
    package mutating func string() throws(ModelFileError) -> JSONString {
        guard peek() == UInt8(ascii: "\"") else { throw unexpected("a string") }
        index += 1
        let start = index
        var hasEscapes = false
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""):
                defer { index += 1 }
                return JSONString(range: start..<index, hasEscapes: hasEscapes)
            case UInt8(ascii: "\\"):
                hasEscapes = true
                try skipEscape()
            case 0x20..<0x80: index += 1
            case 0x80...: try skipMultibyteScalar()
            default: throw unexpected("control characters as escapes")
            }
        }
        throw unexpected("'\"' behind the string")
    }

    /// Adds the string's UTF-8 to the end of `output`.
    package func append(_ string: JSONString, to output: inout [UInt8]) {
        guard string.hasEscapes else {
            output.append(contentsOf: bytes[string.range])
            return
        }
        var at = string.range.lowerBound
        while at < string.range.upperBound {
            guard bytes[at] == UInt8(ascii: "\\") else {
                output.append(bytes[at])
                at += 1
                continue
            }
            let scalar = escapedScalar(at: at)
            output.append(contentsOf: Character(scalar.value).utf8)
            at += scalar.byteCount
        }
    }

    /// Of the opening quote, absolute in the file.
    package func offset(of string: JSONString) -> Int { absolute(string.range.lowerBound - 1) }

    package func text(of string: JSONString) -> String {
        guard string.hasEscapes else { return String(decoding: bytes[string.range], as: UTF8.self) }
        var text: [UInt8] = []
        append(string, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads a string as UTF-8.
    package mutating func utf8() throws(ModelFileError) -> [UInt8] {
        var bytes: [UInt8] = []
        append(try string(), to: &bytes)
        return bytes
    }

    // MARK: Escapes

    /// Checks the escape at the place and moves behind it; both halves of a surrogate pair are one.
    private mutating func skipEscape() throws(ModelFileError) {
        guard index + 1 < bytes.count else { throw unexpected("an escape") }
        switch bytes[index + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            index += 2
        case UInt8(ascii: "u"):
            guard let unit = codeUnit(at: index) else { throw unexpected("four hexadecimal digits behind '\\u'") }
            let isPair = UTF16.isLeadSurrogate(unit) && codeUnit(at: index + 6).map(UTF16.isTrailSurrogate) ?? false
            guard isPair || !UTF16.isSurrogate(unit) else { throw unexpected("surrogates in pairs") }
            index += isPair ? 12 : 6
        default: throw unexpected("an escape of JSON behind '\\'")
        }
    }

    /// The scalar of an escape that `skipEscape` has found sound, and the bytes it takes.
    private func escapedScalar(at place: Int) -> (value: Unicode.Scalar, byteCount: Int) {
        switch bytes[place + 1] {
        case UInt8(ascii: "b"): return ("\u{8}", 2)
        case UInt8(ascii: "f"): return ("\u{C}", 2)
        case UInt8(ascii: "n"): return ("\n", 2)
        case UInt8(ascii: "r"): return ("\r", 2)
        case UInt8(ascii: "t"): return ("\t", 2)
        case UInt8(ascii: "u"):
            let unit = codeUnit(at: place) ?? 0
            if let scalar = Unicode.Scalar(unit) { return (scalar, 6) }
            let value = (UInt32(unit) & 0x3FF) << 10 | UInt32(codeUnit(at: place + 6) ?? 0) & 0x3FF
            return (Unicode.Scalar(0x1_0000 + value) ?? "\u{FFFD}", 12)
        default: return (Unicode.Scalar(bytes[place + 1]), 2)
        }
    }

    /// The code unit of `\uXXXX` at `at`; nil where no such escape stands there.
    private func codeUnit(at place: Int) -> UInt16? {
        guard place + 6 <= bytes.count, bytes[place] == UInt8(ascii: "\\"), bytes[place + 1] == UInt8(ascii: "u") else {
            return nil
        }
        var unit: UInt16 = 0
        for digit in bytes[place + 2..<place + 6] {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): unit = unit << 4 | UInt16(digit & 0xF)
            case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"):
                unit = unit << 4 | (UInt16(digit & 0xF) + 9)
            default: return nil
            }
        }
        return unit
    }

    // MARK: UTF-8

    /// Moves behind a scalar of two to four bytes, in its shortest form (Unicode 17, table 3-7).
    private mutating func skipMultibyteScalar() throws(ModelFileError) {
        let first = bytes[index]
        let (byteCount, second): (Int, ClosedRange<UInt8>) =
            switch first {
            case 0xC2...0xDF: (2, 0x80...0xBF)
            case 0xE0: (3, 0xA0...0xBF)
            case 0xED: (3, 0x80...0x9F)
            case 0xE1...0xEF: (3, 0x80...0xBF)
            case 0xF0: (4, 0x90...0xBF)
            case 0xF1...0xF3: (4, 0x80...0xBF)
            case 0xF4: (4, 0x80...0x8F)
            default: throw unexpected("UTF-8")
            }
        guard index + byteCount <= bytes.count, second.contains(bytes[index + 1]),
            bytes[index + 2..<index + byteCount].allSatisfy({ $0 & 0xC0 == 0x80 })
        else { throw unexpected("UTF-8") }
        index += byteCount
    }
}
