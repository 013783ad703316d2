/// A piece of template source with the byte where it starts.
struct Token {
    let kind: Kind
    /// Byte in the newline-normalised source.
    let offset: Int

    enum Kind: Equatable {
        case text(String)
        case outputStart, outputEnd
        case tagStart, tagEnd
        case name(String)
        case string(String)
        case integer(Int)
        case double(Double)
        case symbol(Symbol)
        case end
    }

    /// In the order in which they are tried: longer ones first.
    enum Symbol: String, CaseIterable {
        case floorDivide = "//"
        case power = "**"
        case equal = "=="
        case notEqual = "!="
        case greaterOrEqual = ">="
        case lessOrEqual = "<="
        case plus = "+"
        case minus = "-"
        case divide = "/"
        case multiply = "*"
        case modulo = "%"
        case tilde = "~"
        case openBracket = "["
        case closeBracket = "]"
        case openParenthesis = "("
        case closeParenthesis = ")"
        case openBrace = "{"
        case closeBrace = "}"
        case greater = ">"
        case less = "<"
        case assign = "="
        case dot = "."
        case colon = ":"
        case pipe = "|"
        case comma = ","

        /// The bracket that closes this one.
        var closing: Symbol? {
            switch self {
            case .openBracket: .closeBracket
            case .openParenthesis: .closeParenthesis
            case .openBrace: .closeBrace
            default: nil
            }
        }
    }
}

extension Token.Kind {
    /// The token as a message shows it.
    var described: String {
        switch self {
        case .text: "text"
        case .outputStart: "'{{'"
        case .outputEnd: "'}}'"
        case .tagStart: "'{%'"
        case .tagEnd: "'%}'"
        case .name(let name): "'\(name)'"
        case .string: "a string"
        case .integer(let value): "'\(value)'"
        case .double(let value): "'\(value.pythonDescription)'"
        case .symbol(let symbol): "'\(symbol.rawValue)'"
        case .end: "the end of the template"
        }
    }
}

/// The template's text, for turning bytes into lines and columns.
struct TemplateSource: Sendable {
    let utf8: [UInt8]

    /// Line ends become `\n`, and one at the very end is dropped, as Jinja reads a template.
    init(_ text: String) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var previous: UInt8 = 0
        for byte in text.utf8 {
            if byte != 0x0A || previous != 0x0D { bytes.append(byte == 0x0D ? 0x0A : byte) }
            previous = byte
        }
        if bytes.last == 0x0A { bytes.removeLast() }
        utf8 = bytes
    }

    @inline(never)
    func error(at offset: Int, _ problem: JinjaError.Problem) -> JinjaError {
        let before = utf8.prefix(offset)
        let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        return JinjaError(
            line: before.count { $0 == 0x0A } + 1,
            column: before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1,
            problem: problem)
    }
}
