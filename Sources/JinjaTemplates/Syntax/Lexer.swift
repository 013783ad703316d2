/// Cuts template source into tokens, with white space treated as transformers sets Jinja up.
///
/// `trim_blocks` and `lstrip_blocks` are on: the newline after a tag or comment goes, and so does the space before one that
/// starts its line; a `+` at the delimiter keeps them, a `-` drops all white space on that side.
struct Lexer {
    let source: TemplateSource
    var offset = 0
    private(set) var tokens: [Token] = []
    /// Whether the text that follows starts on a fresh line.
    private var startsLine = true

    init(_ source: TemplateSource) { self.source = source }

    static func tokens(of source: TemplateSource) throws(JinjaError) -> [Token] {
        var lexer = Lexer(source)
        while lexer.offset < source.utf8.count { try lexer.readText() }
        lexer.add(.end, at: lexer.offset)
        return lexer.tokens
    }

    mutating func add(_ kind: Token.Kind, at offset: Int) { tokens.append(Token(kind: kind, offset: offset)) }

    func byte(at offset: Int) -> UInt8? { offset < source.utf8.count ? source.utf8[offset] : nil }

    func starts(with text: StaticString, at offset: Int) -> Bool {
        text.withUTF8Buffer { wanted in source.utf8.dropFirst(offset).starts(with: wanted) }
    }

    mutating func skipSpace() { offset = end(ofSpaceAt: offset) }

    static func isASCIISpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    private func end(ofSpaceAt start: Int) -> Int {
        var end = start
        while case let width = spaceWidth(at: end), width > 0 { end += width }
        return end
    }

    /// The bytes of the white space, in any script, that stands at an offset; 0 where there is none.
    func spaceWidth(at offset: Int) -> Int {
        guard let byte = byte(at: offset) else { return 0 }
        if byte < 0x80 { return Self.isASCIISpace(byte) || (0x1C...0x1F).contains(byte) ? 1 : 0 }
        let (scalar, width) = source.utf8.scalar(at: offset)
        return scalar.isPythonSpace ? width : 0
    }

    /// Where the white space before `end` begins, not before `start`.
    private func startOfSpace(before end: Int, from start: Int, withinLine: Bool) -> Int {
        var place = end
        while place > start {
            let previous = source.utf8.start(before: place)
            guard previous >= start, spaceWidth(at: previous) > 0 else { break }
            if withinLine, source.utf8[previous] == 0x0A { break }
            place = previous
        }
        return place
    }

    // MARK: Text

    /// Reads text up to the next delimiter, and the construct that it opens.
    private mutating func readText() throws(JinjaError) {
        let start = offset
        var opening = start
        while opening < source.utf8.count, !isDelimiter(at: opening) { opening += 1 }
        guard opening < source.utf8.count else {
            addText(start..<opening)
            offset = opening
            return
        }
        let kind = source.utf8[opening + 1]
        let sign = byte(at: opening + 2)
        let isOutput = kind == UInt8(ascii: "{")
        addText(start..<textEnd(start, opening, sign: sign, isOutput: isOutput))
        offset = opening + 2
        if sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { offset += 1 }
        if isOutput {
            add(.outputStart, at: opening)
            try readTokens(closing: "}}", as: .outputEnd, opening: opening)
        } else if kind == UInt8(ascii: "#") {
            try skipComment(opening: opening)
        } else if try !readRaw(opening: opening) {
            add(.tagStart, at: opening)
            try readTokens(closing: "%}", as: .tagEnd, opening: opening)
        }
    }

    private func isDelimiter(at offset: Int) -> Bool {
        guard source.utf8[offset] == UInt8(ascii: "{"), let next = byte(at: offset + 1) else { return false }
        return next == UInt8(ascii: "{") || next == UInt8(ascii: "%") || next == UInt8(ascii: "#")
    }

    private mutating func addText(_ range: Range<Int>) {
        guard !range.isEmpty else { return }
        add(.text(String(decoding: source.utf8[range], as: UTF8.self)), at: range.lowerBound)
    }

    /// Where the text before a delimiter ends once white space is dropped.
    private func textEnd(_ start: Int, _ opening: Int, sign: UInt8?, isOutput: Bool) -> Int {
        if sign == UInt8(ascii: "-") { return startOfSpace(before: opening, from: start, withinLine: false) }
        guard sign != UInt8(ascii: "+"), !isOutput else { return opening }
        let end = startOfSpace(before: opening, from: start, withinLine: true)
        let reachesLineStart = end == start ? startsLine : source.utf8[end - 1] == 0x0A
        return reachesLineStart ? end : opening
    }

    // MARK: Ends

    /// Skips the white space that belongs to a closing delimiter, which ends at `offset`.
    private mutating func finish(sign: UInt8?, trimsNewline: Bool) {
        let end = offset
        if sign == UInt8(ascii: "-") {
            skipSpace()
        } else if trimsNewline, sign != UInt8(ascii: "+"), byte(at: offset) == 0x0A {
            offset += 1
        }
        startsLine = offset > end && source.utf8[offset - 1] == 0x0A
    }

    private mutating func skipComment(opening: Int) throws(JinjaError) {
        while offset < source.utf8.count {
            let sign = source.utf8[offset]
            let isSigned = sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+")
            if starts(with: "#}", at: offset + (isSigned ? 1 : 0)) {
                offset += isSigned ? 3 : 2
                return finish(sign: isSigned ? sign : nil, trimsNewline: true)
            }
            offset += 1
        }
        throw source.error(at: opening, .unterminated("the comment"))
    }

    /// The sign and the end of `{% word %}` where it stands at `from`, just behind `{%` and its sign.
    private func tag(_ word: StaticString, at from: Int) -> (sign: UInt8?, end: Int)? {
        var place = from
        place = end(ofSpaceAt: place)
        guard starts(with: word, at: place) else { return nil }
        place += word.utf8CodeUnitCount
        place = end(ofSpaceAt: place)
        if starts(with: "%}", at: place) { return (nil, place + 2) }
        guard starts(with: "-%}", at: place) || starts(with: "+%}", at: place) else { return nil }
        return (source.utf8[place], place + 3)
    }

    /// `{% raw %}` … `{% endraw %}`, whose inside is text.
    private mutating func readRaw(opening: Int) throws(JinjaError) -> Bool {
        guard let start = tag("raw", at: offset), start.sign != UInt8(ascii: "+") else { return false }
        offset = start.end
        finish(sign: start.sign, trimsNewline: false)
        let first = offset
        var place = first
        while place < source.utf8.count {
            defer { place += 1 }
            guard starts(with: "{%", at: place) else { continue }
            let sign = byte(at: place + 2)
            let isSigned = sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+")
            guard let end = tag("endraw", at: place + (isSigned ? 3 : 2)) else { continue }
            addText(first..<textEnd(first, place, sign: sign, isOutput: false))
            offset = end.end
            finish(sign: end.sign, trimsNewline: true)
            return true
        }
        throw source.error(at: opening, .unterminated("'raw'"))
    }

    // MARK: Inside delimiters

    private mutating func readTokens(
        closing: StaticString, as kind: Token.Kind, opening: Int
    ) throws(JinjaError) {
        var brackets: [Token.Symbol] = []
        while true {
            skipSpace()
            guard let byte = byte(at: offset) else {
                throw source.error(at: opening, .unterminated(kind == .tagEnd ? "'{%'" : "'{{'"))
            }
            if brackets.isEmpty, let end = closingDelimiter(closing, isTag: kind == .tagEnd) {
                add(kind, at: offset)
                offset = end.offset
                return finish(sign: end.sign, trimsNewline: kind == .tagEnd)
            }
            if try readLiteral(byte) { continue }
            let symbol = try readSymbol()
            if symbol.closing != nil {
                brackets.append(symbol)
            } else if [.closeBracket, .closeParenthesis, .closeBrace].contains(symbol) {
                guard brackets.popLast()?.closing == symbol else {
                    throw source.error(
                        at: offset - 1, .unexpected(found: "'\(symbol.rawValue)'", expected: "its opening bracket"))
                }
            }
        }
    }

    private func closingDelimiter(_ closing: StaticString, isTag: Bool) -> (sign: UInt8?, offset: Int)? {
        if starts(with: closing, at: offset) { return (nil, offset + 2) }
        let sign = source.utf8[offset]
        guard sign == UInt8(ascii: "-") || (isTag && sign == UInt8(ascii: "+")), starts(with: closing, at: offset + 1)
        else { return nil }
        return (sign, offset + 3)
    }

    private mutating func readSymbol() throws(JinjaError) -> Token.Symbol {
        for symbol in Token.Symbol.allCases where source.utf8.dropFirst(offset).starts(with: symbol.rawValue.utf8) {
            add(.symbol(symbol), at: offset)
            offset += symbol.rawValue.utf8.count
            return symbol
        }
        let found = String(decoding: source.utf8[offset..<min(offset + 4, source.utf8.count)], as: UTF8.self).prefix(1)
        throw source.error(at: offset, .unexpected(found: "'\(found)'", expected: "an operator, name or literal"))
    }
}
