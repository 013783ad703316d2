/// How a number or text fills its field, in both of Python's ways to format: `'%+08.2f' % x` and `'{:+08.2f}'.format(x)`.
struct NumberStyle {
    enum Alignment: Character {
        case left = "<"
        case right = ">"
        case center = "^"
        /// Between the sign and the digits.
        case inside = "="
    }

    var fill = JinjaString(" ")
    var alignment: Alignment?
    /// `+` or a space for a number that is not negative; `-` for none.
    var sign: Character = "-"
    /// `#`: a prefix for the base, and the point stays.
    var isAlternate = false
    /// `,` or `_` between groups of digits.
    var grouping: Character?
    var width = 0
    var precision: Int?

    /// Digits behind the point; the largest double has 767 that count.
    static let precisionLimit = 10_000
}

extension Interpreter {
    /// A whole number in a base of 2, 8, 10 or 16.
    ///
    /// - Parameter minimumDigits: zeros come in front of fewer.
    func digits(
        of number: Int, radix: Int, isUppercase: Bool = false, minimumDigits: Int = 0, _ style: NumberStyle
    ) -> (sign: String, digits: String) {
        let digits = String(number.magnitude, radix: radix, uppercase: isUppercase)
        let zeros = String(repeating: "0", count: max(0, minimumDigits - digits.count))
        var sign = number < 0 ? "-" : style.sign == "-" ? "" : String(style.sign)
        if style.isAlternate, let mark = [2: "0b", 8: "0o", 16: "0x"][radix] {
            sign += isUppercase ? mark.uppercased() : mark
        }
        return (sign, zeros + digits)
    }

    /// A float by one of C's conversions `e f g` or their capitals.
    func digits(
        of number: Double, _ conversion: Character, _ style: NumberStyle
    ) throws(JinjaError) -> (sign: String, digits: String) {
        let precision = style.precision ?? 6
        guard precision <= NumberStyle.precisionLimit else {
            throw failure(.outOfRange("a format's precision is above \(NumberStyle.precisionLimit)"))
        }
        let isUppercase = conversion.isUppercase
        var text = number.printed(
            Character(conversion.lowercased()), precision: precision, isAlternate: style.isAlternate)
        if isUppercase { text = text.uppercased() }
        let isNegative = text.hasPrefix("-")
        return (
            isNegative ? "-" : style.sign == "-" ? "" : String(style.sign), isNegative ? String(text.dropFirst()) : text
        )
    }

    /// Sign and digits in their field; zeros that fill it are grouped too.
    mutating func laidOut(
        _ number: (sign: String, digits: String), groupSize: Int = 3, _ style: NumberStyle
    ) throws(JinjaError) -> JinjaString {
        try spend(bytes: style.width)
        var (sign, digits) = number
        if let separator = style.grouping {
            let whole = digits.prefix { $0.isHexDigit }
            let rest = digits.dropFirst(whole.count)
            var grouped = Self.grouped(String(whole), by: separator, groupSize)
            if style.alignment == .inside, style.fill == JinjaString("0") {
                let room = max(0, style.width - sign.count - rest.count)
                if grouped.count < room {
                    let zeros = String(repeating: "0", count: room - whole.count)
                    let padded = Self.grouped(zeros + whole, by: separator, groupSize)
                    grouped = String(padded.suffix(room))
                    if grouped.first == separator { grouped = "0" + grouped }
                }
            }
            digits = grouped + rest
        }
        if style.alignment == .inside {
            let missing = max(0, style.width - sign.count - digits.count)
            var filler = JinjaString(sign)
            try append(style.fill.repeated(missing), to: &filler)
            try append(digits, to: &filler)
            return filler
        }
        return try laidOut(JinjaString(sign + digits), style, default: .right)
    }

    private static func grouped(_ digits: String, by separator: Character, _ size: Int) -> String {
        var result = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % size == 0 { result.append(separator) }
            result.append(digit)
        }
        return result
    }

    /// A text in its field.
    mutating func laidOut(
        _ text: JinjaString, _ style: NumberStyle, default alignment: NumberStyle.Alignment
    ) throws(JinjaError) -> JinjaString {
        let missing = max(0, style.width - text.scalarCount)
        let (room, overflows) = missing.multipliedReportingOverflow(by: style.fill.utf8.count)
        try spend(bytes: overflows ? Int.max : room)
        let left =
            switch style.alignment ?? alignment {
            case .left: 0
            case .center: missing / 2
            case .right, .inside: missing
            }
        var result = style.fill.repeated(left)
        try append(text, to: &result)
        result.append(style.fill.repeated(missing - left))
        return result
    }
}
