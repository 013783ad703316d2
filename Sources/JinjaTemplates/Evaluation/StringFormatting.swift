/// `'%s' % value`, the filter `format` and the method `format`.
extension Interpreter {
    /// Python's printf-style formatting with the directives `s r d i f x X o c %` and flags, width and precision.
    @inline(never)
    mutating func formatted(_ format: JinjaString, by value: JinjaValue) throws(JinjaError) -> JinjaString {
        var values = [value]
        if case .tuple(let list) = value { values = list.items }
        try spend(reading: format)
        var reader = FormatReader(text: format)
        var result = JinjaString()
        var used = 0
        while let piece = reader.next() {
            try append(piece, to: &result)
            guard let directive = reader.directive() else { continue }
            if directive.conversion == "%" {
                try append("%", to: &result)
                continue
            }
            let argument: JinjaValue
            if let key = directive.key {
                argument = try item(.string(key), of: value)
            } else if used < values.count {
                argument = values[used]
                used += 1
            } else {
                throw failure(.wrongArguments(callee: "'%'", detail: "has fewer values than directives"))
            }
            try append(try converted(argument, directive), to: &result)
        }
        if case .dictionary = value { return result }
        guard used == values.count else {
            throw failure(.wrongArguments(callee: "'%'", detail: "has more values than directives"))
        }
        return result
    }

    private mutating func converted(
        _ value: JinjaValue, _ directive: FormatReader.Directive
    ) throws(JinjaError) -> JinjaString {
        guard directive.width <= 1_000, directive.precision ?? 0 <= 15 else {
            throw failure(.outOfRange("a format's width is above 1000 or its precision above 15"))
        }
        var text: JinjaString
        switch directive.conversion {
        case "s": text = try self.text(of: value)
        case "r": text = try quoted(value)
        case "d", "i", "u": text = JinjaString(String(try truncated(value)))
        case "x": text = JinjaString(String(try truncated(value), radix: 16))
        case "X": text = JinjaString(String(try truncated(value), radix: 16, uppercase: true))
        case "o": text = JinjaString(String(try truncated(value), radix: 8))
        case "f", "F":
            guard let number = value.asDouble else {
                throw failure(.wrongType(operation: "'%f'", found: value.kind))
            }
            text = JinjaString(number.fixedDescription(places: directive.precision ?? 6))
        default: throw failure(.unknown(kind: "format directive", name: "%\(directive.conversion)"))
        }
        if directive.conversion == "s" || directive.conversion == "r" {
            if let precision = directive.precision { text = text.slice(0..<text.byteOffset(ofScalar: precision)) }
        } else if directive.flags.contains("+"), text.utf8.first != UInt8(ascii: "-") {
            text = JinjaString("+" + text.text)
        }
        let isZeroFilled = directive.flags.contains("0") && directive.conversion != "s"
        let method: StringMethod = directive.flags.contains("-") ? .ljust : isZeroFilled ? .zfill : .rjust
        return try callPadding(text, width: directive.width, method)
    }

    private mutating func callPadding(
        _ text: JinjaString, width: Int, _ method: StringMethod
    ) throws(JinjaError) -> JinjaString {
        guard width > 0 else { return text }
        let arguments = CallArguments(positional: [.integer(width)])
        return try string(try callMethod(method.rawValue, of: text, arguments), for: method.rawValue)
    }

    private func truncated(_ value: JinjaValue) throws(JinjaError) -> Int {
        if let number = value.asInteger { return number }
        guard case .double(let number) = value, let whole = Int(exactly: number.rounded(.towardZero)) else {
            throw failure(.wrongType(operation: "'%d'", found: value.kind))
        }
        return whole
    }

    /// `'{} {0} {name}'.format(…)`; a format specification behind a colon is refused.
    @inline(never)
    mutating func formatted(_ format: JinjaString, with arguments: CallArguments) throws(JinjaError) -> JinjaString {
        var result = JinjaString()
        var automatic = 0
        var start = 0
        var place = 0
        let bytes = format.utf8
        while place < bytes.count {
            let byte = bytes[place]
            guard byte == UInt8(ascii: "{") || byte == UInt8(ascii: "}") else {
                place += 1
                continue
            }
            try append(format.slice(start..<place), to: &result)
            if place + 1 < bytes.count, bytes[place + 1] == byte {
                try append(format.slice(place..<place + 1), to: &result)
                place += 2
            } else {
                guard byte == UInt8(ascii: "{"), let end = bytes[place...].firstIndex(of: UInt8(ascii: "}")) else {
                    throw failure(.outOfRange("format: a brace stands alone"))
                }
                let field = String(decoding: bytes[place + 1..<end], as: UTF8.self)
                let value = try argument(field, &automatic, arguments)
                try append(try text(of: value), to: &result)
                place = end + 1
            }
            start = place
        }
        try append(format.slice(start..<bytes.count), to: &result)
        return result
    }

    private func argument(
        _ field: String, _ automatic: inout Int, _ arguments: CallArguments
    ) throws(JinjaError) -> JinjaValue {
        if let named = arguments.named.first(where: { $0.name == field }) { return named.value }
        let index = field.isEmpty ? automatic : Int(field) ?? -1
        if field.isEmpty { automatic += 1 }
        guard arguments.positional.indices.contains(index) else {
            throw failure(.wrongArguments(callee: "format", detail: "has no value for '{\(field)}'"))
        }
        return arguments.positional[index]
    }
}

/// Goes through a printf-style format: text, directive, text, directive…
private struct FormatReader {
    struct Directive {
        var key: JinjaString?
        var flags = ""
        var width = 0
        var precision: Int?
        var conversion: Character = "%"
    }

    let text: JinjaString
    private var place = 0
    private var isFinished = false

    init(text: JinjaString) { self.text = text }

    /// The text up to the next `%`, or nil at the end.
    mutating func next() -> JinjaString? {
        guard !isFinished else { return nil }
        let start = place
        place = text.utf8[start...].firstIndex(of: UInt8(ascii: "%")) ?? text.utf8.count
        isFinished = place == text.utf8.count
        return text.slice(start..<place)
    }

    /// The directive whose `%` stands at the current place.
    mutating func directive() -> Directive? {
        guard !isFinished else { return nil }
        place += 1
        var directive = Directive()
        if peek == "(", let end = text.utf8[place...].firstIndex(of: UInt8(ascii: ")")) {
            directive.key = text.slice(place + 1..<end)
            place = end + 1
        }
        while let flag = peek, "+-0 #".contains(flag) {
            directive.flags.append(flag)
            place += 1
        }
        directive.width = number() ?? 0
        if peek == "." {
            place += 1
            directive.precision = number() ?? 0
        }
        directive.conversion = peek ?? " "
        if peek != nil { place += 1 }
        return directive
    }

    private var peek: Character? {
        guard place < text.utf8.count, text.utf8[place] < 0x80 else { return nil }
        return Character(Unicode.Scalar(text.utf8[place]))
    }

    /// A number of at most six digits; longer ones are refused by their size anyway.
    private mutating func number() -> Int? {
        var digits = ""
        while let digit = peek, digit.isNumber, digits.count < 6 {
            digits.append(digit)
            place += 1
        }
        return Int(digits)
    }
}
