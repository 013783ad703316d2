/// Python's `int(text, base)` and `float(text)`.
enum PythonNumber {
    enum Whole {
        case value(Int)
        /// A whole number that has more than 64 bits.
        case overflow
        case malformed
    }

    /// White space around the number and single `_` between its digits are allowed, and so are decimal digits of any script.
    ///
    /// - Parameter base: 2 to 36, or 0 for one that the text's prefix tells.
    static func integer(_ text: JinjaString, base: Int) -> Whole {
        guard base == 0 || (2...36).contains(base) else { return .malformed }
        var digits = plain(text)[...]
        let sign = digits.first == "-" || digits.first == "+" ? String(digits.removeFirst()) : ""
        var radix = base
        let prefixes = ["0b": 2, "0o": 8, "0x": 16]
        if let prefix = prefixes[String(digits.prefix(2))], base == 0 || base == prefix {
            radix = prefix
            digits = digits.dropFirst(2)
            if digits.first == "_" { digits = digits.dropFirst() }
        } else if base == 0 {
            guard digits.first != "0" || digits.allSatisfy({ $0 == "0" || $0 == "_" }) else { return .malformed }
            radix = 10
        }
        guard let plainDigits = withoutSeparators(digits) else { return .malformed }
        guard plainDigits.allSatisfy({ $0.isASCII && ($0.hexDigitOrLetter ?? radix) < radix }) else {
            return .malformed
        }
        return Int(sign + plainDigits, radix: radix).map { .value($0) } ?? .overflow
    }

    static func double(_ text: JinjaString) -> Double? {
        let number = plain(text)
        var unsigned = number[...]
        if unsigned.first == "-" || unsigned.first == "+" { unsigned = unsigned.dropFirst() }
        if ["inf", "infinity", "nan"].contains(unsigned) { return Double(number) }
        // Digits, a point and an exponent, as `Double` reads them; it would also read hexadecimal.
        let parts = unsigned.split(whereSeparator: { ".e+-".contains($0) })
        guard !parts.isEmpty, unsigned.allSatisfy({ $0.isNumber || "._e+-".contains($0) }) else { return nil }
        var digits = ""
        for part in parts {
            guard let plain = withoutSeparators(part) else { return nil }
            digits += plain
        }
        guard !digits.isEmpty else { return nil }
        return Double(String(number.filter { $0 != "_" }))
    }

    /// Without the space around, in lower case, with ASCII digits for those of other scripts.
    private static func plain(_ text: JinjaString) -> String {
        text.trimmed().mapScalars { scalar in
            if scalar.isASCII { return scalar.properties.isUppercase ? scalar.properties.lowercaseMapping : nil }
            guard scalar.properties.numericType == .decimal else { return nil }
            return scalar.properties.numericValue.flatMap(Int.init(exactly:)).map { String($0) }
        }.text
    }

    /// The digits alone; nil where a `_` does not stand between two of them.
    private static func withoutSeparators(_ digits: Substring) -> String? {
        guard !digits.isEmpty, digits.first != "_", digits.last != "_", !digits.contains("__") else { return nil }
        return digits.filter { $0 != "_" }
    }
}

extension Character {
    /// 0 to 35 for a digit or a lower-case letter.
    fileprivate var hexDigitOrLetter: Int? {
        guard let ascii = asciiValue else { return nil }
        switch ascii {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return Int(ascii) - 48
        case UInt8(ascii: "a")...UInt8(ascii: "z"): return Int(ascii) - 87
        default: return nil
        }
    }
}
