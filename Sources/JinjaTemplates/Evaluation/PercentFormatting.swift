/// `'%s' % value` and the filter `format`.
extension Interpreter {
    /// Python's printf-style formatting.
    @inline(never)
    mutating func formatted(_ format: JinjaString, by value: JinjaValue) throws(JinjaError) -> JinjaString {
        var values = [value]
        var isMapping = false
        switch value {
        case .tuple(let list): values = list.items
        case .list, .dictionary, .range, .undefined: isMapping = true
        default: break
        }
        try spend(reading: format)
        var reader = PercentReader(text: format)
        var result = JinjaString()
        var used = 0
        func next() throws(JinjaError) -> JinjaValue {
            guard used < values.count else {
                throw failure(.wrongArguments(callee: "'%'", detail: "has fewer values than directives"))
            }
            used += 1
            return values[used - 1]
        }
        while let piece = reader.next() {
            try append(piece, to: &result)
            guard var directive = reader.directive() else { continue }
            try spend(steps: 16)
            guard let conversion = directive.conversion, !directive.isTooLong else {
                throw failure(.outOfRange("a format ends inside a directive, or a number in it is too long"))
            }
            if directive.widthIsValue {
                directive.width = try integer(try next(), for: "a format's width")
                if directive.width < 0 { directive.flags.insert("-") }
            }
            if directive.precisionIsValue {
                directive.precision = max(0, try integer(try next(), for: "a format's precision"))
            }
            if conversion == "%" {
                try append("%", to: &result)
                continue
            }
            let argument: JinjaValue
            if let key = directive.key {
                guard case .dictionary(let dictionary) = value else {
                    throw failure(.wrongType(operation: "'%(\(key.text))'", found: value.kind))
                }
                guard let item = dictionary[.string(key)] else {
                    throw failure(.wrongArguments(callee: "'%'", detail: "has no value '\(key.text)'"))
                }
                (argument, values) = (item, [])  // the dictionary itself is no longer a value
            } else {
                argument = try next()
            }
            try append(try converted(argument, conversion, directive), to: &result)
        }
        guard isMapping || used == values.count else {
            throw failure(.wrongArguments(callee: "'%'", detail: "has more values than directives"))
        }
        return result
    }

    private mutating func converted(
        _ value: JinjaValue, _ conversion: Character, _ directive: PercentReader.Directive
    ) throws(JinjaError) -> JinjaString {
        var style = NumberStyle()
        style.width = directive.width == Int.min ? Int.max : abs(directive.width)
        style.precision = directive.precision
        style.isAlternate = directive.flags.contains("#")
        style.sign = directive.flags.contains("+") ? "+" : directive.flags.contains(" ") ? " " : "-"
        let isLeft = directive.flags.contains("-")
        style.alignment = isLeft ? .left : .right
        switch conversion {
        case "s", "r", "a", "c":
            var text =
                switch conversion {
                case "s": try self.text(of: value)
                case "r": try quoted(value)
                case "a": try asciiQuoted(value)
                default: try character(value)
                }
            if let precision = directive.precision, conversion != "c" {
                text = text.slice(0..<text.byteOffset(ofScalar: precision))
            }
            return try laidOut(text, style, default: .right)
        case "d", "i", "u", "x", "X", "o":
            if directive.flags.contains("0"), !isLeft { (style.fill, style.alignment) = (JinjaString("0"), .inside) }
            let radix = conversion == "o" ? 8 : conversion == "x" || conversion == "X" ? 16 : 10
            let number = try wholeNumber(value, takesFloats: radix == 10)
            guard directive.precision ?? 0 <= NumberStyle.precisionLimit else {
                throw failure(.outOfRange("a format's precision is above \(NumberStyle.precisionLimit)"))
            }
            let digits = digits(
                of: number, radix: radix, isUppercase: conversion == "X", minimumDigits: directive.precision ?? 0, style
            )
            return try laidOut(digits, style)
        case "e", "E", "f", "F", "g", "G":
            if directive.flags.contains("0"), !isLeft { (style.fill, style.alignment) = (JinjaString("0"), .inside) }
            var number = value.asDouble
            if case .string(let text) = value { number = nil; _ = text }
            guard let number else { throw failure(.wrongType(operation: "'%\(conversion)'", found: value.kind)) }
            return try laidOut(try digits(of: number, conversion, style), style)
        default: throw failure(.unknown(kind: "format directive", name: "%\(conversion)"))
        }
    }

    private func wholeNumber(_ value: JinjaValue, takesFloats: Bool) throws(JinjaError) -> Int {
        if let number = value.asInteger { return number }
        guard takesFloats, case .double(let number) = value else {
            throw failure(.wrongType(operation: "'%' with a whole number", found: value.kind))
        }
        guard let whole = Int(exactly: number.rounded(.towardZero)) else {
            throw failure(.outOfRange("an integer leaves the 64-bit range"))
        }
        return whole
    }

    /// A character by its number, or a string of one.
    func character(_ value: JinjaValue) throws(JinjaError) -> JinjaString {
        if case .string(let text) = value, text.scalarCount == 1 { return text }
        guard let number = value.asInteger, let scalar = UInt32(exactly: number).flatMap(Unicode.Scalar.init) else {
            throw failure(.outOfRange("'%c' takes one character, or the number of one"))
        }
        return JinjaString(String(scalar))
    }

    /// Python's `ascii(value)`.
    mutating func asciiQuoted(_ value: JinjaValue) throws(JinjaError) -> JinjaString {
        try map(try quoted(value)) { scalar in
            switch scalar.value {
            case 0..<0x80: nil
            case 0...0xFF: "\\x" + scalar.value.hexadecimal(digits: 2)
            case 0...0xFFFF: "\\u" + scalar.value.hexadecimal(digits: 4)
            default: "\\U" + scalar.value.hexadecimal(digits: 8)
            }
        }
    }
}

/// Goes through a printf-style format: text, directive, text, directive…
private struct PercentReader {
    struct Directive {
        var key: JinjaString?
        var flags: Set<Character> = []
        var width = 0
        var precision: Int?
        /// `*`: the next value is the number.
        var widthIsValue = false
        var precisionIsValue = false
        var isTooLong = false
        /// Nil at the end of the format.
        var conversion: Character?
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
        if peek == "(" {
            guard let end = keyEnd else { return directive }
            directive.key = text.slice(place + 1..<end)
            place = end + 1
        }
        while let flag = peek, "+-0 #".contains(flag) {
            directive.flags.insert(flag)
            place += 1
        }
        (directive.width, directive.widthIsValue) = number(&directive.isTooLong)
        if peek == "." {
            place += 1
            (directive.precision, directive.precisionIsValue) = number(&directive.isTooLong)
        }
        if let size = peek, "hlL".contains(size) { place += 1 }
        directive.conversion = peek
        if peek == nil, place < text.utf8.count { directive.conversion = "?" }
        if directive.conversion != nil { place += text.scalar(at: place).width }
        return directive
    }

    /// The bracket that closes the key, which may have brackets in it.
    private var keyEnd: Int? {
        var depth = 0
        for offset in place..<text.utf8.count {
            if text.utf8[offset] == UInt8(ascii: "(") { depth += 1 }
            if text.utf8[offset] == UInt8(ascii: ")") { depth -= 1 }
            if depth == 0 { return offset }
        }
        return nil
    }

    private var peek: Character? {
        guard place < text.utf8.count, text.utf8[place] < 0x80 else { return nil }
        return Character(Unicode.Scalar(text.utf8[place]))
    }

    /// A number, 0 where none stands, or `*`.
    private mutating func number(_ isTooLong: inout Bool) -> (value: Int, isGiven: Bool) {
        if peek == "*" {
            place += 1
            return (0, true)
        }
        var digits = ""
        while let digit = peek, digit.isNumber {
            digits.append(digit)
            place += 1
        }
        let value = digits.isEmpty ? 0 : Int(digits)
        isTooLong = isTooLong || value == nil
        return (value ?? 0, false)
    }
}
