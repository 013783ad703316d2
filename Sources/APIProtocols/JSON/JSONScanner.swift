/// The grammar of JSON as a loop over bytes that are known to be UTF-8.
struct JSONScanner {
    private enum Bracket { case object, array }

    private let bytes: [UInt8]
    private let limits: JSONLimits
    private var position = 0
    private var valueCount = 0
    private var open: [Bracket] = []
    /// The names so far of each open object, as spelt.
    private var fields: [Set<ArraySlice<UInt8>>] = []

    init(bytes: [UInt8], limits: JSONLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    /// Scans one value with everything in it and the white space around it.
    mutating func scanText() throws(JSONSyntaxError) {
        repeat {
            if try scanValueStart() { try scanValueEnd() }
        } while !open.isEmpty
        skipSpace()
        guard position == bytes.count else { throw unexpected("the end of the body") }
    }

    /// Scans a scalar, an empty collection, or the opening of a collection up to its first value.
    ///
    /// - Returns: Whether a value is complete; otherwise the first value of the collection follows.
    private mutating func scanValueStart() throws(JSONSyntaxError) -> Bool {
        skipSpace()
        valueCount += 1
        guard valueCount <= limits.maximumValueCount else {
            throw JSONSyntaxError(offset: position, problem: .tooManyValues(maximum: limits.maximumValueCount))
        }
        switch peek {
        case UInt8(ascii: "{"):
            try push(.object)
            if consume("}") {
                pop()
                return true
            }
            try scanKey()
            return false
        case UInt8(ascii: "["):
            try push(.array)
            if consume("]") {
                pop()
                return true
            }
            return false
        case UInt8(ascii: "\""): try scanString()
        case UInt8(ascii: "t"): try scanWord("true")
        case UInt8(ascii: "f"): try scanWord("false")
        case UInt8(ascii: "n"): try scanWord("null")
        default: try scanNumber()
        }
        return true
    }

    /// After a complete value: closes what ends here, or steps over a comma to the next value.
    private mutating func scanValueEnd() throws(JSONSyntaxError) {
        while let bracket = open.last {
            if consume(",") {
                if bracket == .object { try scanKey() }
                return
            }
            guard consume(bracket == .object ? "}" : "]") else {
                throw unexpected(bracket == .object ? "',' or '}'" : "',' or ']'")
            }
            pop()
        }
    }

    private mutating func push(_ bracket: Bracket) throws(JSONSyntaxError) {
        guard open.count < limits.maximumDepth else {
            throw JSONSyntaxError(offset: position, problem: .tooDeep(maximum: limits.maximumDepth))
        }
        open.append(bracket)
        if bracket == .object { fields.append([]) }
        position += 1
    }

    private mutating func pop() {
        if open.removeLast() == .object { fields.removeLast() }
    }

    private mutating func scanKey() throws(JSONSyntaxError) {
        skipSpace()
        guard peek == UInt8(ascii: "\"") else { throw unexpected("a field name in quotes") }
        let start = position
        try scanString()
        try checkLength(since: start, of: "a field name", maximum: limits.maximumNameLength)
        if !fields[fields.count - 1].insert(bytes[start..<position]).inserted {
            let name = String(decoding: bytes[start..<position].dropFirst().dropLast(), as: UTF8.self)
            throw JSONSyntaxError(offset: start, problem: .duplicateField(name))
        }
        guard consume(":") else { throw unexpected("':'") }
    }

    private mutating func scanString() throws(JSONSyntaxError) {
        position += 1
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return
            case UInt8(ascii: "\\"): try scanEscape()
            case 0..<0x20: throw unexpected("an escaped control character")
            default: position += 1
            }
        }
        throw unexpected("'\"'")
    }

    private mutating func scanEscape() throws(JSONSyntaxError) {
        let start = position
        position += 1
        guard let kind = peek, "\"\\/bfnrtu".utf8.contains(kind) else { throw unexpected("an escape character") }
        position += 1
        guard kind == UInt8(ascii: "u") else { return }
        switch try scanFourHexDigits() {
        case 0xD800..<0xDC00:
            guard peek == UInt8(ascii: "\\") else { throw JSONSyntaxError(offset: start, problem: .loneSurrogate) }
            position += 1
            guard peek == UInt8(ascii: "u") else { throw JSONSyntaxError(offset: start, problem: .loneSurrogate) }
            position += 1
            guard (0xDC00..<0xE000).contains(try scanFourHexDigits()) else {
                throw JSONSyntaxError(offset: start, problem: .loneSurrogate)
            }
        case 0xDC00..<0xE000: throw JSONSyntaxError(offset: start, problem: .loneSurrogate)
        default: return
        }
    }

    private mutating func scanFourHexDigits() throws(JSONSyntaxError) -> Int {
        var value = 0
        for _ in 0..<4 {
            guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
                throw unexpected("a hexadecimal digit")
            }
            value = value << 4 | digit
            position += 1
        }
        return value
    }

    private mutating func scanWord(_ word: StaticString) throws(JSONSyntaxError) {
        for expected in "\(word)".utf8 {
            guard peek == expected else { throw unexpected("'\(word)'") }
            position += 1
        }
    }

    private mutating func scanNumber() throws(JSONSyntaxError) {
        let start = position
        if peek == UInt8(ascii: "-") { position += 1 }
        if peek == UInt8(ascii: "0") { position += 1 } else { try scanDigits("a value") }
        if peek == UInt8(ascii: ".") {
            position += 1
            try scanDigits("a digit")
        }
        if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
            position += 1
            if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { position += 1 }
            try scanDigits("a digit")
        }
        try checkLength(since: start, of: "a number", maximum: limits.maximumNumberLength)
    }

    private func checkLength(since start: Int, of kind: String, maximum: Int) throws(JSONSyntaxError) {
        guard position - start <= maximum else {
            throw JSONSyntaxError(offset: start, problem: .tooLong(kind, maximum: maximum))
        }
    }

    private mutating func scanDigits(_ expected: String) throws(JSONSyntaxError) {
        let start = position
        while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        guard position > start else { throw unexpected(expected) }
    }

    // MARK: Single bytes

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func consume(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard peek == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private func unexpected(_ expected: String) -> JSONSyntaxError {
        let rest = bytes[min(position, bytes.count)...].prefix(4)
        return JSONSyntaxError(
            offset: position,
            problem: .unexpected(found: String(decoding: rest, as: UTF8.self).first, expected: expected))
    }
}
