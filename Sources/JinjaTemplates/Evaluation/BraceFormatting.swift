/// `'{} {0.name[key]!r:>10} {name}'.format(…)`.
extension Interpreter {
    @inline(never)
    mutating func formatted(_ format: JinjaString, with arguments: CallArguments) throws(JinjaError) -> JinjaString {
        var numbering = FieldNumbering()
        return try formatted(format, arguments, &numbering, nestingLeft: 2)
    }

    /// How fields without a number are counted; Python does not mix them with numbered ones.
    private struct FieldNumbering {
        var next = 0
        var isAutomatic: Bool?
    }

    /// - Parameter nestingLeft: how deep a field may lie in the specification of another.
    @inline(never)
    private mutating func formatted(
        _ format: JinjaString, _ arguments: CallArguments, _ numbering: inout FieldNumbering, nestingLeft: Int
    ) throws(JinjaError) -> JinjaString {
        guard nestingLeft > 0 else { throw failure(.outOfRange("format: fields lie too deep in one another")) }
        var result = JinjaString()
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
                guard byte == UInt8(ascii: "{"), let end = Self.fieldEnd(bytes, from: place + 1) else {
                    throw failure(.outOfRange("format: a brace stands alone"))
                }
                let field = format.slice(place + 1..<end)
                try append(try self.field(field, arguments, &numbering, nestingLeft), to: &result)
                place = end + 1
            }
            start = place
        }
        try append(format.slice(start..<bytes.count), to: &result)
        return result
    }

    /// The brace that closes a field; braces in its specification come in pairs.
    private static func fieldEnd(_ bytes: [UInt8], from start: Int) -> Int? {
        var depth = 0
        var isInBrackets = false
        for place in start..<bytes.count {
            switch bytes[place] {
            case UInt8(ascii: "["): isInBrackets = true
            case UInt8(ascii: "]"): isInBrackets = false
            case UInt8(ascii: "{") where !isInBrackets: depth += 1
            case UInt8(ascii: "}") where !isInBrackets:
                if depth == 0 { return place }
                depth -= 1
            default: break
            }
        }
        return nil
    }

    @inline(never)
    private mutating func field(
        _ field: JinjaString, _ arguments: CallArguments, _ numbering: inout FieldNumbering, _ nestingLeft: Int
    ) throws(JinjaError) -> JinjaString {
        try spend(steps: 16)
        // name, then !conversion, then :specification; brackets in the name may hold both marks
        var nameEnd = 0
        var isInBrackets = false
        while nameEnd < field.utf8.count {
            let byte = field.utf8[nameEnd]
            if byte == UInt8(ascii: "[") { isInBrackets = true }
            if byte == UInt8(ascii: "]") { isInBrackets = false }
            if !isInBrackets, byte == UInt8(ascii: "!") || byte == UInt8(ascii: ":") { break }
            guard byte != UInt8(ascii: "{") || isInBrackets else {
                throw failure(.outOfRange("format: a brace stands in a field's name"))
            }
            nameEnd += 1
        }
        var value = try self.value(ofField: field.slice(0..<nameEnd).text, arguments, &numbering)
        var specification = field.slice(nameEnd..<field.utf8.count)
        if specification.utf8.first == UInt8(ascii: "!") {
            let conversion = specification.utf8.dropFirst().first
            let rest = specification.slice(min(2, specification.utf8.count)..<specification.utf8.count)
            guard rest.isEmpty || rest.utf8.first == UInt8(ascii: ":") else {
                throw failure(.outOfRange("format: a conversion is one of !s, !r and !a"))
            }
            switch conversion {
            case UInt8(ascii: "s"): value = .string(try text(of: value))
            case UInt8(ascii: "r"): value = .string(try quoted(value))
            case UInt8(ascii: "a"): value = .string(try asciiQuoted(value))
            default: throw failure(.outOfRange("format: a conversion is one of !s, !r and !a"))
            }
            specification = rest
        }
        guard !specification.isEmpty else { return try text(of: value) }
        let written = specification.slice(1..<specification.utf8.count)
        let expanded = try formatted(written, arguments, &numbering, nestingLeft: nestingLeft - 1)
        return expanded.isEmpty ? try text(of: value) : try formatted(value, as: expanded)
    }

    /// `0`, `name` or nothing, then `.attribute` and `[key]`.
    private mutating func value(
        ofField name: String, _ arguments: CallArguments, _ numbering: inout FieldNumbering
    ) throws(JinjaError) -> JinjaValue {
        let first = name.prefix { $0 != "." && $0 != "[" }
        var value = try argument(String(first), arguments, &numbering)
        var rest = name.dropFirst(first.count)
        while let mark = rest.first {
            try spend(steps: 1)
            rest = rest.dropFirst()
            if mark == "." {
                let attribute = rest.prefix { $0 != "." && $0 != "[" }
                guard !attribute.isEmpty else {
                    throw failure(.outOfRange("format: the name of an attribute is empty"))
                }
                value = try self.attribute(String(attribute), of: value)
                rest = rest.dropFirst(attribute.count)
            } else {
                let key = rest.prefix { $0 != "]" }
                rest = rest.dropFirst(key.count)
                guard mark == "[", !key.isEmpty, rest.popFirst() == "]" else {
                    throw failure(.outOfRange("format: a key is empty or not closed"))
                }
                let isNumber = key.allSatisfy { $0.isASCII && $0.isNumber }
                let number = isNumber ? Int(key) : nil
                value = try item(number.map { .integer($0) } ?? .text(String(key)), of: value)
            }
        }
        return value
    }

    private func argument(
        _ name: String, _ arguments: CallArguments, _ numbering: inout FieldNumbering
    ) throws(JinjaError) -> JinjaValue {
        let isNumber = name.allSatisfy { $0.isASCII && $0.isNumber }  // of an empty name too
        guard isNumber else {
            if let named = arguments.named.first(where: { $0.name == name }) { return named.value }
            throw failure(.wrongArguments(callee: "format", detail: "has no value for '{\(name)}'"))
        }
        guard numbering.isAutomatic != !name.isEmpty else {
            throw failure(.wrongArguments(callee: "format", detail: "mixes fields with and without numbers"))
        }
        numbering.isAutomatic = name.isEmpty
        let index = name.isEmpty ? numbering.next : Int(name) ?? -1
        if name.isEmpty { numbering.next += 1 }
        guard arguments.positional.indices.contains(index) else {
            throw failure(.wrongArguments(callee: "format", detail: "has no value for '{\(name)}'"))
        }
        return arguments.positional[index]
    }

    // MARK: Specifications

    /// Python's `format(value, specification)`: `[[fill]align][sign][#][0][width][grouping][.precision][type]`.
    @inline(never)
    private mutating func formatted(
        _ value: JinjaValue, as specification: JinjaString
    ) throws(JinjaError) -> JinjaString {
        guard let (style, type) = Self.parsed(specification) else {
            throw failure(.unknown(kind: "format specification", name: specification.text))
        }
        let refusal = failure(.unknown(kind: "format specification", name: "\(specification.text) for \(value.kind)"))
        switch value {
        case .string(let text):
            guard type == nil || type == "s", style.sign == "-", !style.isAlternate, style.grouping == nil,
                style.alignment != .inside || style.fill == JinjaString("0")
            else { throw refusal }
            var plain = style
            if style.alignment == .inside { plain.alignment = .left }
            let end = style.precision.map { text.byteOffset(ofScalar: $0) } ?? text.utf8.count
            return try laidOut(text.slice(0..<end), plain, default: .left)
        case .boolean, .integer:
            guard let number = value.asInteger else { throw refusal }
            return try formatted(number, type, style, refusal)
        case .double(let number): return try formatted(number, type, style, refusal)
        default: throw refusal
        }
    }

    private mutating func formatted(
        _ number: Int, _ type: Character?, _ style: NumberStyle, _ refusal: JinjaError
    ) throws(JinjaError) -> JinjaString {
        if let type, "eEfFgG%".contains(type) { return try formatted(Double(number), type, style, refusal) }
        guard style.precision == nil else { throw refusal }
        switch type {
        case nil, "d", "n":
            guard type != "n" || style.grouping == nil else { throw refusal }
            return try laidOut(digits(of: number, radix: 10, style), style)
        case "b", "o", "x", "X":
            guard style.grouping != "," else { throw refusal }
            let radix = type == "b" ? 2 : type == "o" ? 8 : 16
            let digits = digits(of: number, radix: radix, isUppercase: type == "X", style)
            return try laidOut(digits, groupSize: 4, style)
        case "c":
            guard style.sign == "-", !style.isAlternate, style.grouping == nil else { throw refusal }
            return try laidOut(try character(.integer(number)), style, default: .right)
        default: throw refusal
        }
    }

    private mutating func formatted(
        _ number: Double, _ type: Character?, _ style: NumberStyle, _ refusal: JinjaError
    ) throws(JinjaError) -> JinjaString {
        switch type {
        case "e", "E", "f", "F", "g", "G": return try laidOut(try digits(of: number, type ?? "g", style), style)
        case "%":
            var (sign, text) = try digits(of: number * 100, "f", style)
            text += "%"
            return try laidOut((sign, text), style)
        case "n" where style.grouping == nil: return try laidOut(try digits(of: number, "g", style), style)
        case nil:
            let isNegative = number.sign == .minus && !number.isNaN
            let sign = isNegative ? "-" : style.sign == "-" ? "" : String(style.sign)
            guard let precision = style.precision else {
                return try laidOut((sign, number.magnitude.pythonDescription), style)
            }
            return try laidOut((sign, Self.general(number.magnitude, precision: max(1, precision))), style)
        default: throw refusal
        }
    }

    /// As C's `g`, but with a digit behind the point, for which the exponent begins one digit earlier.
    private static func general(_ number: Double, precision: Int) -> String {
        guard number.isFinite, precision <= NumberStyle.precisionLimit else { return number.pythonDescription }
        let scientific = number.printed("e", precision: precision - 1)
        let parts = scientific.split(separator: "e")
        guard parts.count == 2, let exponent = Int(parts[1]) else { return scientific }
        if exponent > -5, exponent < precision - 1 {
            let text = number.printed("g", precision: precision)
            return text.contains(".") ? text : text + ".0"
        }
        var mantissa = parts[0]
        if mantissa.contains(".") {
            while mantissa.last == "0" { mantissa.removeLast() }
            if mantissa.last == "." { mantissa.removeLast() }
        }
        return mantissa + "e" + parts[1]
    }

    private static func parsed(_ specification: JinjaString) -> (style: NumberStyle, type: Character?)? {
        var style = NumberStyle()
        var scalars = specification.text.unicodeScalars[...]
        let second = scalars.dropFirst().first
        if let second, let alignment = NumberStyle.Alignment(rawValue: Character(second)), let fill = scalars.popFirst()
        {
            scalars.removeFirst()
            (style.fill, style.alignment) = (JinjaString(String(fill)), alignment)
        } else if let first = scalars.first, let alignment = NumberStyle.Alignment(rawValue: Character(first)) {
            scalars.removeFirst()
            style.alignment = alignment
        }
        if let sign = scalars.first, "+- ".unicodeScalars.contains(sign) {
            style.sign = Character(scalars.removeFirst())
        }
        if scalars.first == "#" { style.isAlternate = scalars.popFirst() != nil }
        if scalars.first == "0" {
            scalars.removeFirst()
            if style.alignment == nil {
                (style.fill, style.alignment) = (JinjaString("0"), .inside)
            } else if style.fill == JinjaString(" ") {
                style.fill = JinjaString("0")
            }
        }
        func number() -> Int?? {
            let digits = scalars.prefix { $0.isASCII && $0.properties.numericType != nil }
            scalars = scalars.dropFirst(digits.count)
            return digits.isEmpty ? .some(nil) : Int(String(Substring(digits))).map { .some($0) } ?? .none
        }
        guard let width = number() else { return nil }
        style.width = width ?? 0
        if let mark = scalars.first, mark == "," || mark == "_" { style.grouping = Character(scalars.removeFirst()) }
        if scalars.first == "." {
            scalars.removeFirst()
            guard let precision = number(), let precision else { return nil }
            style.precision = precision
        }
        let type = scalars.popFirst().map { Character($0) }
        return scalars.isEmpty ? (style, type) : nil
    }
}
