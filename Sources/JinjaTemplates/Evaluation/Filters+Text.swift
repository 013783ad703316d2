/// Filters that give text.
extension Interpreter {
    @inline(never)
    mutating func textFilter(
        _ filter: JinjaFilter, _ value: JinjaValue, _ bound: [JinjaValue?]
    ) throws(JinjaError) -> JinjaValue {
        switch filter {
        case .tojson: return .string(try jsonFilter(value, bound))
        case .truncate: return try truncated(value, bound)
        case .indent: return .string(try indented(try string(value, for: "indent"), bound))
        case .filesizeformat: return .string(try fileSize(value, isBinary: bound[0]?.isTruthy == true))
        case .urlencode: return .string(try percentEncoded(value))
        case .xmlattr: return .string(try attributes(value, isSpaced: bound[0]?.isTruthy ?? true))
        default: break
        }
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
        case .replace: return .string(try replaced(text, bound))
        case .trim: return .string(try stripped(text, of: bound[0], leading: true, trailing: true))
        case .wordcount: return .integer(try wordCount(text))
        default: return .string(text)
        }
    }

    private mutating func replaced(_ text: JinjaString, _ bound: [JinjaValue?]) throws(JinjaError) -> JinjaString {
        guard let old = bound[0], let new = bound[1] else {
            throw failure(.wrongArguments(callee: "filter 'replace'", detail: "needs the old and the new text"))
        }
        var limit: Int?
        if case .some(.none) = bound[2] {} else if let value = bound[2] { limit = try integer(value, for: "replace") }
        if let number = limit, number < 0 { limit = nil }
        return try replacing(try self.text(of: old), by: try self.text(of: new), in: text, limit: limit)
    }

    /// Runs of letters, digits and `_`.
    private mutating func wordCount(_ text: JinjaString) throws(JinjaError) -> Int {
        try spend(steps: text.utf8.count / 2)
        var count = 0
        var isInside = false
        for scalar in text.text.unicodeScalars {
            let isWord = scalar == "_" || scalar.isPythonLetter || scalar.properties.numericType != nil
            if isWord, !isInside { count += 1 }
            isInside = isWord
        }
        return count
    }

    private func fileSize(_ value: JinjaValue, isBinary: Bool) throws(JinjaError) -> JinjaString {
        var number = value.asDouble
        if case .string(let text) = value { number = PythonNumber.double(text) }
        guard let number else { throw failure(.wrongType(operation: "filesizeformat", found: value.kind)) }
        let base = isBinary ? 1024.0 : 1000.0
        if number == 1 { return JinjaString("1 Byte") }
        if number < base {
            guard let whole = Int(exactly: number.rounded(.towardZero)) else {
                throw failure(.outOfRange("filesizeformat: the number leaves the 64-bit range"))
            }
            return JinjaString("\(whole) Bytes")
        }
        var unit = base
        for (index, prefix) in ["k", "M", "G", "T", "P", "E", "Z", "Y"].enumerated() {
            unit *= base
            guard number < unit || index == 7 else { continue }
            let name = isBinary ? prefix.uppercased() + "iB" : prefix + "B"
            return JinjaString((base * number / unit).printed("f", precision: 1) + " " + name)
        }
        return JinjaString()
    }

    /// `name="value"` for each entry whose value is neither none nor undefined.
    private mutating func attributes(_ value: JinjaValue, isSpaced: Bool) throws(JinjaError) -> JinjaString {
        guard case .dictionary(let dictionary) = value else {
            throw failure(.wrongType(operation: "xmlattr", found: value.kind))
        }
        var result = JinjaString()
        for entry in dictionary.entries {
            switch entry.value {
            case .none, .undefined: continue
            default: break
            }
            let name = try string(entry.key, for: "xmlattr")
            guard !name.utf8.contains(where: { Lexer.isASCIISpace($0) || "/>=".utf8.contains($0) }) else {
                throw failure(.outOfRange("xmlattr: a name has a character that it may not have"))
            }
            if isSpaced || !result.isEmpty { try append(" ", to: &result) }
            try append(try escaped(name), to: &result)
            try append("=\"", to: &result)
            try append(try escaped(try text(of: entry.value)), to: &result)
            try append("\"", to: &result)
        }
        return result
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
        let finals = text.finalSigmas
        var startsWord = true
        var place = 0
        return try map(text) { scalar in
            defer {
                startsWord = scalar.isPythonSpace || "-({[<".unicodeScalars.contains(scalar)
                place += 1
            }
            if startsWord { return scalar.properties.uppercaseMapping }
            return finals.contains(place) ? "ς" : scalar.properties.lowercaseMapping
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

    private mutating func truncated(_ value: JinjaValue, _ bound: [JinjaValue?]) throws(JinjaError) -> JinjaValue {
        let length = try integer(bound[0] ?? .integer(255), for: "truncate")
        let leeway: Int
        switch bound[3] {
        case nil, .some(.none): leeway = 5
        case .some(let value): leeway = try integer(value, for: "truncate")
        }
        let end = try string(bound[2] ?? .text("..."), for: "truncate")
        guard length >= end.scalarCount, (0...1 << 32).contains(leeway), length <= 1 << 32 else {
            throw failure(.outOfRange("truncate: the length is below that of the end mark, or the leeway negative"))
        }
        guard try self.length(of: value) > length + leeway else { return value }
        let text = try string(value, for: "truncate")
        var result = text.slice(0..<text.byteOffset(ofScalar: length - end.scalarCount))
        if bound[1]?.isTruthy != true, let space = result.lastRange(of: JinjaString(" ")) {
            result = result.slice(0..<space.lowerBound)
        }
        try append(end, to: &result)
        return .string(result)
    }

    /// A text as part of an address, or the entries of a dictionary (or pairs) as a query.
    private mutating func percentEncoded(_ value: JinjaValue) throws(JinjaError) -> JinjaString {
        let pairs: [JinjaValue]
        switch value {
        case .dictionary(let dictionary): pairs = try items(of: .view(.items, dictionary), for: "urlencode")
        case .list, .tuple, .view, .range, .iterator, .undefined: pairs = try items(of: value, for: "urlencode")
        default: return try percentEncoded(try text(of: value), isQuery: false)
        }
        var result = JinjaString()
        for (index, pair) in pairs.enumerated() {
            let parts = try items(of: pair, for: "urlencode")
            guard parts.count == 2 else { throw failure(.outOfRange("urlencode: an item is not a pair")) }
            if index > 0 { try append("&", to: &result) }
            try append(try percentEncoded(try text(of: parts[0]), isQuery: true), to: &result)
            try append("=", to: &result)
            try append(try percentEncoded(try text(of: parts[1]), isQuery: true), to: &result)
        }
        return result
    }

    /// RFC 3986, section 2.1. The slash stays outside of a query, in which a space becomes `+`.
    private mutating func percentEncoded(_ text: JinjaString, isQuery: Bool) throws(JinjaError) -> JinjaString {
        return try map(text) { scalar in
            if scalar.isASCII, scalar.properties.isAlphabetic || "0123456789_.-~".unicodeScalars.contains(scalar) {
                return nil
            }
            if scalar == "/", !isQuery { return nil }
            if scalar == " ", isQuery { return "+" }
            return String(scalar).utf8.map { "%" + String(UInt32($0) + 0x100, radix: 16, uppercase: true).dropFirst() }
                .joined()
        }
    }
}
