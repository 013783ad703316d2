/// Upper and lower case, and the classes of characters, as Python's `str` tells them by scalar.
extension Interpreter {
    mutating func cased(_ text: JinjaString, _ method: StringMethod) throws(JinjaError) -> JinjaString {
        if method == .upper || method == .lower || method == .casefold {
            try spend(bytes: text.utf8.count)
            let (first, last) =
                method == .upper ? (UInt8(ascii: "a"), UInt8(ascii: "z")) : (UInt8(ascii: "A"), UInt8(ascii: "Z"))
            if let plain = text.mapASCII({ first <= $0 && $0 <= last ? $0 ^ 0x20 : $0 }) { return plain }
        }
        // What lower case a final sigma has depends on its neighbours.
        let finals = method == .upper || method == .casefold ? [] : text.finalSigmas
        var isFollowing = false
        var place = 0
        return try map(text) { scalar in
            let properties = scalar.properties
            defer {
                isFollowing = method == .capitalize || properties.isCased
                place += 1
            }
            let lower = finals.contains(place) ? "ς" : properties.lowercaseMapping
            return switch method {
            case .upper: properties.uppercaseMapping
            case .lower: lower
            case .casefold: scalar.pythonCaseFolding
            case .swapcase:
                properties.isUppercase ? lower : properties.isLowercase ? properties.uppercaseMapping : nil
            default: isFollowing ? lower : properties.titlecaseMapping
            }
        }
    }

    static func isClass(_ text: JinjaString, _ method: StringMethod) -> Bool {
        switch method {
        case .isalpha: text.isAll(\.isPythonLetter)
        case .isdecimal: text.isAll { $0.properties.numericType == .decimal }
        case .isdigit: text.isAll(\.isPythonDigit)
        case .isnumeric: text.isAll { $0.properties.numericType != nil }
        case .isalnum: text.isAll { $0.isPythonLetter || $0.properties.numericType != nil }
        case .isspace: text.isAll(\.isPythonSpace)
        case .isascii: text.utf8.allSatisfy { $0 < 0x80 }
        case .isprintable: text.isEmpty || text.isAll(\.isPythonPrintable)
        case .isidentifier: text.isPythonIdentifier
        case .isupper: hasOnlyCase(text) { $0.properties.isUppercase }
        case .islower: hasOnlyCase(text) { $0.properties.isLowercase }
        case .istitle: isTitled(text)
        default: false
        }
    }

    /// Whether there are cased scalars and all of them satisfy the condition.
    private static func hasOnlyCase(_ text: JinjaString, _ condition: (Unicode.Scalar) -> Bool) -> Bool {
        var found = false
        for scalar in text.text.unicodeScalars where scalar.properties.isCased {
            guard condition(scalar) else { return false }
            found = true
        }
        return found
    }

    /// Whether each cased scalar is upper or title case at the start of a word and lower case inside.
    private static func isTitled(_ text: JinjaString) -> Bool {
        var (found, isInside) = (false, false)
        for scalar in text.text.unicodeScalars {
            let properties = scalar.properties
            if properties.isUppercase || properties.generalCategory == .titlecaseLetter {
                guard !isInside else { return false }
                (found, isInside) = (true, true)
            } else if properties.isLowercase {
                guard isInside else { return false }
            } else {
                isInside = false
            }
        }
        return found
    }
}
