/// Filters that give text.
extension Interpreter {
    @inline(never)
    mutating func textFilter(
        _ filter: JinjaFilter, _ value: JinjaValue, _ bound: [JinjaValue?]
    ) throws(JinjaError) -> JinjaValue {
        if filter == .tojson { return .string(try jsonFilter(value, bound)) }
        let text = try text(of: value)
        switch filter {
        case .capitalize: return .string(try cased(text, .capitalize))
        case .lower: return .string(try cased(text, .lower))
        case .upper: return .string(try cased(text, .upper))
        case .title: return .string(try titled(text))
        case .center:
            let arguments = CallArguments(positional: [bound[0] ?? .integer(80)])
            return try callMethod("center", of: text, arguments)
        case .e, .escape, .forceescape: return .string(try escaped(text))
        case .indent: return .string(try indented(text, bound))
        case .replace: return .string(try replacing(text, bound, of: "filter 'replace'"))
        case .trim: return .string(try stripped(text, of: bound[0], leading: true, trailing: true))
        case .truncate: return .string(try truncated(text, bound))
        case .urlencode: return .string(try percentEncoded(text))
        case .wordcount:
            try spend(steps: text.utf8.count / 2)
            return .integer(text.wordRanges(limit: nil).count)
        default: return .string(text)
        }
    }

    private mutating func jsonFilter(_ value: JinjaValue, _ bound: [JinjaValue?]) throws(JinjaError) -> JinjaString {
        var indentation: String?
        switch bound[1] {
        case nil, .some(.none): break
        case .some(.string(let text)): indentation = text.text
        case .some(let width):
            let width = try integer(width, for: "tojson")
            guard width <= 1_000 else { throw failure(.outOfRange("tojson: the indentation is above 1000")) }
            indentation = String(repeating: " ", count: max(0, width))
        }
        var style = JSONStyle(
            ensuresASCII: bound[0]?.isTruthy == true, indentation: indentation,
            itemSeparator: JinjaString(indentation == nil ? ", " : ","), keySeparator: JinjaString(": "),
            sortsKeys: bound[3]?.isTruthy == true)
        if let separators = bound[2], separators.isTruthy {
            let pair = try items(of: separators, for: "tojson")
            guard pair.count == 2 else { throw failure(.outOfRange("tojson: separators are two strings")) }
            style.itemSeparator = try string(pair[0], for: "tojson")
            style.keySeparator = try string(pair[1], for: "tojson")
        }
        return try json(value, style)
    }

    private mutating func escaped(_ text: JinjaString) throws(JinjaError) -> JinjaString {
        return try map(text) { scalar in
            switch scalar {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case "'": "&#39;"
            case "\"": "&#34;"
            default: nil
            }
        }
    }

    /// A word starts behind white space, `-`, `(`, `{`, `[` or `<`.
    private mutating func titled(_ text: JinjaString) throws(JinjaError) -> JinjaString {
        var startsWord = true
        return try map(text) { scalar in
            defer { startsWord = scalar.isPythonSpace || "-({[<".unicodeScalars.contains(scalar) }
            return startsWord ? scalar.properties.uppercaseMapping : scalar.properties.lowercaseMapping
        }
    }

    private mutating func indented(_ text: JinjaString, _ bound: [JinjaValue?]) throws(JinjaError) -> JinjaString {
        let indentation: JinjaString
        if case .string(let text)? = bound[0] {
            indentation = text
        } else {
            let width = max(0, try integer(bound[0] ?? .integer(4), for: "indent"))
            try spend(bytes: width)
            indentation = JinjaString(String(repeating: " ", count: width))
        }
        let (indentsFirst, indentsBlank) = (bound[1]?.isTruthy == true, bound[2]?.isTruthy == true)
        try spend(steps: text.utf8.count / 2)
        var result = indentsFirst ? indentation : JinjaString()
        for (index, range) in (text.lineRanges(keepingEnds: false) + emptyLastLine(text)).enumerated() {
            try spend(steps: 1)
            if index > 0 {
                try append("\n", to: &result)
                if indentsBlank || !range.isEmpty { try append(indentation, to: &result) }
            }
            try append(text.slice(range), to: &result)
        }
        return result
    }

    /// The empty line behind a line end that `splitlines` does not count and `indent` keeps.
    private func emptyLastLine(_ text: JinjaString) -> [Range<Int>] {
        let count = text.utf8.count
        guard count > 0 else { return [0..<0] }
        return text.scalar(at: text.start(before: count)).scalar.isPythonLineEnd ? [count..<count] : []
    }

    private mutating func truncated(_ text: JinjaString, _ bound: [JinjaValue?]) throws(JinjaError) -> JinjaString {
        let length = try integer(bound[0] ?? .integer(255), for: "truncate")
        let leeway = try integer(bound[3] ?? .integer(5), for: "truncate")
        let end = try self.text(of: bound[2] ?? .text("..."))
        guard length >= end.scalarCount, (0...1 << 32).contains(leeway), length <= 1 << 32 else {
            throw failure(.outOfRange("truncate: the length is below that of the end mark, or the leeway negative"))
        }
        guard text.scalarCount > length + leeway else { return text }
        var result = text.slice(0..<text.byteOffset(ofScalar: length - end.scalarCount))
        if bound[1]?.isTruthy != true, let space = result.lastRange(of: JinjaString(" ")) {
            result = result.slice(0..<space.lowerBound)
        }
        try append(end, to: &result)
        return result
    }

    /// RFC 3986, section 2.1; the slash stays.
    private mutating func percentEncoded(_ text: JinjaString) throws(JinjaError) -> JinjaString {
        return try map(text) { scalar in
            if scalar.isASCII, scalar.properties.isAlphabetic || "0123456789_.-~/".unicodeScalars.contains(scalar) {
                return nil
            }
            return String(scalar).utf8.map { "%" + String(UInt32($0) + 0x100, radix: 16, uppercase: true).dropFirst() }
                .joined()
        }
    }
}
