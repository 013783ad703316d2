/// UTF-8 that is known to be valid.
extension [UInt8] {
    /// The scalar that starts at a byte, and its width in bytes.
    func scalar(at offset: Int) -> (scalar: Unicode.Scalar, width: Int) {
        let first = self[offset]
        if first < 0x80 { return (Unicode.Scalar(first), 1) }
        let width = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        var value = UInt32(first) & (0xFF >> UInt32(width + 1))
        for byte in self[offset + 1..<Swift.min(offset + width, count)] { value = value << 6 | UInt32(byte & 0x3F) }
        return (Unicode.Scalar(value) ?? "\u{FFFD}", width)
    }

    /// Where the scalar before a byte starts.
    func start(before offset: Int) -> Int {
        var start = offset - 1
        while start > 0, self[start] & 0xC0 == 0x80 { start -= 1 }
        return start
    }
}

/// Unicode scalars, which are what Python counts, indexes and classifies.
extension JinjaString {
    func scalar(at offset: Int) -> (scalar: Unicode.Scalar, width: Int) { utf8.scalar(at: offset) }
    func start(before offset: Int) -> Int { utf8.start(before: offset) }

    var scalarCount: Int {
        var count = 0
        for byte in utf8 where byte & 0xC0 != 0x80 { count += 1 }
        return count
    }

    /// The first byte of each scalar.
    var scalarStarts: [Int] { utf8.indices.filter { utf8[$0] & 0xC0 != 0x80 } }

    /// The byte at which scalar `index` starts, or the end of the text.
    func byteOffset(ofScalar index: Int) -> Int {
        var left = index
        for (offset, byte) in utf8.enumerated() where byte & 0xC0 != 0x80 {
            if left == 0 { return offset }
            left -= 1
        }
        return utf8.count
    }

    /// Each scalar as a string of its own.
    var characters: [JinjaString] {
        scalarStarts.map { slice($0..<$0 + scalar(at: $0).width) }
    }

    /// Replaces scalars by text that keeps their origin; nil leaves one as it is.
    func mapScalars(_ transform: (Unicode.Scalar) -> String?) -> JinjaString {
        var result = JinjaString()
        result.reserve(utf8.count)
        var range = 0
        var offset = 0
        while offset < utf8.count {
            let (scalar, width) = scalar(at: offset)
            while range < inputRanges.count, inputRanges[range].upperBound <= offset { range += 1 }
            let isInput = range < inputRanges.count && inputRanges[range].lowerBound <= offset
            if let replacement = transform(scalar) {
                result.append(replacement.utf8, isInput: isInput)
            } else {
                result.append(utf8[offset..<offset + width], isInput: isInput)
            }
            offset += width
        }
        return result
    }

    /// Replaces each byte of a text that is all ASCII; nil for another text.
    func mapASCII(_ transform: (UInt8) -> UInt8) -> JinjaString? {
        guard utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        var result = self
        result.replaceBytes(transform)
        return result
    }

    /// Whether the text is not empty and all its scalars satisfy the condition.
    func isAll(_ condition: (Unicode.Scalar) -> Bool) -> Bool {
        !isEmpty && text.unicodeScalars.allSatisfy(condition)
    }

    /// Drops scalars that satisfy the condition from the ends.
    func stripped(leading: Bool, trailing: Bool, _ condition: (Unicode.Scalar) -> Bool) -> JinjaString {
        var start = 0
        var end = utf8.count
        while leading, start < end {
            let (scalar, width) = scalar(at: start)
            guard condition(scalar) else { break }
            start += width
        }
        while trailing, end > start {
            let previous = self.start(before: end)
            guard condition(scalar(at: previous).scalar) else { break }
            end = previous
        }
        return slice(start..<end)
    }

    /// The places, in scalars, of capital sigmas that end a word: the lower case of such a one is ς.
    var finalSigmas: Set<Int> {
        guard utf8.contains(0xCE) else { return [] }  // Σ is CE A3
        var places: Set<Int> = []
        var candidate: Int?
        var isBehindLetter = false
        for (place, scalar) in text.unicodeScalars.enumerated() {
            let properties = scalar.properties
            guard !properties.isCaseIgnorable else { continue }
            if !properties.isCased, let last = candidate { places.insert(last) }
            candidate = scalar == "Σ" && isBehindLetter ? place : nil
            isBehindLetter = properties.isCased
        }
        if let candidate { places.insert(candidate) }
        return places
    }

    /// `str.isidentifier`.
    var isPythonIdentifier: Bool {
        guard let first = text.unicodeScalars.first, first == "_" || first.properties.isXIDStart else { return false }
        return text.unicodeScalars.dropFirst().allSatisfy(\.properties.isXIDContinue)
    }

    /// Drops Python's white space from both ends.
    func trimmed() -> JinjaString { stripped(leading: true, trailing: true, \.isPythonSpace) }
}

extension Unicode.Scalar {
    /// `str.isspace`: bidirectional class WS, B or S, or category Zs.
    var isPythonSpace: Bool {
        switch value {
        case 0x09...0x0D, 0x1C...0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
        default: false
        }
    }

    /// A line end of `str.splitlines`.
    var isPythonLineEnd: Bool {
        switch value {
        case 0x0A...0x0D, 0x1C...0x1E, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }

    /// `str.isprintable`: all but the "other" and "separator" categories, and the space.
    var isPythonPrintable: Bool {
        switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        case .spaceSeparator: value == 0x20
        default: true
        }
    }

    /// `str.isdigit`: decimal digits, and superscripts and the like.
    var isPythonDigit: Bool { properties.numericType == .decimal || properties.numericType == .digit }

    /// `str.casefold`: what equals in whatever case. Lower, upper and lower case in turn give Unicode's full case folding but for
    /// a few letters (checked for every scalar of Unicode 14).
    var pythonCaseFolding: String {
        if isASCII { return properties.lowercaseMapping }
        switch value {
        case 0x0131: return String(self)  // ı has I as upper case, but is no i
        case 0x13A0...0x13F5: return String(self)  // Cherokee folds to upper case
        case 0x13F8...0x13FD, 0xAB70...0xABBF: return properties.uppercaseMapping
        default: break
        }
        return properties.lowercaseMapping.unicodeScalars.map { lower in
            lower.properties.uppercaseMapping.unicodeScalars.map(\.properties.lowercaseMapping).joined()
        }.joined()
    }

    /// `str.isalpha`: the letter categories.
    var isPythonLetter: Bool {
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
        default: false
        }
    }
}
