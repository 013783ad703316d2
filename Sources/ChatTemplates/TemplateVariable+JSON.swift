extension TemplateVariable {
    /// Reads JSON, keeping the order of fields, which templates write out again.
    ///
    /// Numbers are integers where they are written as such and fit 64 bits. Of fields with one name the last counts, as in
    /// Python. Half of a surrogate pair becomes U+FFFD.
    ///
    /// - Parameter name: what the text is, for messages.
    /// - Throws: `.invalidJSON` with the byte where the text stops being JSON, `.nestedVariable`.
    package init(json: String, of name: String) throws(ChatTemplateError) {
        var reader = JSONVariableReader(text: Array(json.utf8), name: name)
        self = try reader.whole()
    }

    /// The field of an object; nil where there is none, or where this is no object.
    subscript(_ name: String) -> TemplateVariable? {
        guard case .object(let entries) = self else { return nil }
        return entries.last { $0.name == name }?.value
    }
}

/// RFC 8259, by recursive descent within `nestingLimit`.
private struct JSONVariableReader {
    let text: [UInt8]
    let name: String
    private var offset = 0

    init(text: [UInt8], name: String) {
        self.text = text
        self.name = name
    }

    mutating func whole() throws(ChatTemplateError) -> TemplateVariable {
        let value = try value(depth: 0)
        skipSpace()
        guard offset == text.count else { throw malformed("the end") }
        return value
    }

    private mutating func value(depth: Int) throws(ChatTemplateError) -> TemplateVariable {
        skipSpace()
        switch peek {
        case UInt8(ascii: "{"):
            try enter(depth)
            return try object(depth: depth)
        case UInt8(ascii: "["):
            try enter(depth)
            return try list(depth: depth)
        case UInt8(ascii: "\""): return .text(try string())
        case UInt8(ascii: "t"): return try word("true", .boolean(true))
        case UInt8(ascii: "f"): return try word("false", .boolean(false))
        case UInt8(ascii: "n"): return try word("null", .none)
        default: return try number()
        }
    }

    private mutating func enter(_ depth: Int) throws(ChatTemplateError) {
        guard depth < TemplateVariable.nestingLimit else {
            throw ChatTemplateError(problem: .nestedVariable(name, limit: TemplateVariable.nestingLimit))
        }
        offset += 1
    }

    private mutating func object(depth: Int) throws(ChatTemplateError) -> TemplateVariable {
        var entries: [TemplateVariable.Entry] = []
        if consume("}") { return .object(entries) }
        repeat {
            skipSpace()
            guard peek == UInt8(ascii: "\"") else { throw malformed("a name in quotes") }
            let name = try string()
            guard consume(":") else { throw malformed("':'") }
            entries.append(.init(name, try value(depth: depth + 1)))
        } while consume(",")
        guard consume("}") else { throw malformed("',' or '}'") }
        return .object(entries)
    }

    private mutating func list(depth: Int) throws(ChatTemplateError) -> TemplateVariable {
        var items: [TemplateVariable] = []
        if consume("]") { return .list(items) }
        repeat { items.append(try value(depth: depth + 1)) } while consume(",")
        guard consume("]") else { throw malformed("',' or ']'") }
        return .list(items)
    }

    private mutating func word(_ word: String, _ value: TemplateVariable) throws(ChatTemplateError) -> TemplateVariable
    {
        guard text[offset...].starts(with: word.utf8) else { throw malformed("'\(word)'") }
        offset += word.utf8.count
        return value
    }

    private mutating func number() throws(ChatTemplateError) -> TemplateVariable {
        var cursor = JSONCursor()
        let start = offset
        while let byte = peek, cursor.consume(byte) == .inside { offset += 1 }
        guard offset > start, cursor.isComplete else { throw malformed("a value") }
        let literal = String(decoding: text[start..<offset], as: UTF8.self)
        if let integer = Int(literal) { return .integer(integer) }
        guard let double = Double(literal) else { throw malformed("a value") }
        return .double(double)
    }

    private mutating func string() throws(ChatTemplateError) -> String {
        var cursor = JSONCursor()
        let start = offset
        while let byte = peek {
            let step = cursor.consume(byte)
            guard step != .invalid else { throw malformed("a string") }
            offset += 1
            if step == .last { return JSONText.decoded(string: text[start..<offset]) }
        }
        throw malformed("'\"'")
    }

    // MARK: Single bytes

    private var peek: UInt8? { offset < text.count ? text[offset] : nil }

    private mutating func skipSpace() {
        while let byte = peek, JSONText.isSpace(byte) { offset += 1 }
    }

    private mutating func consume(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard peek == UInt8(ascii: character) else { return false }
        offset += 1
        return true
    }

    private func malformed(_ expected: String) -> ChatTemplateError {
        ChatTemplateError(problem: .invalidJSON(name, offset: offset, expected: expected))
    }
}
