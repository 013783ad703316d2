/// Unicode scalars, which are what Python counts, indexes and classifies.
extension JinjaString {
    /// The scalar that starts at a byte, and its width in bytes.
    func scalar(at offset: Int) -> (scalar: Unicode.Scalar, width: Int) {
        let first = utf8[offset]
        if first < 0x80 { return (Unicode.Scalar(first), 1) }
        let width = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        var value = UInt32(first) & (0xFF >> UInt32(width + 1))
        for byte in utf8[offset + 1..<min(offset + width, utf8.count)] { value = value << 6 | UInt32(byte & 0x3F) }
        return (Unicode.Scalar(value) ?? "\u{FFFD}", width)
    }

    /// Where the scalar before a byte starts.
    func start(before offset: Int) -> Int {
        var start = offset - 1
        while start > 0, utf8[start] & 0xC0 == 0x80 { start -= 1 }
        return start
    }

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
        var unchanged = 0  // where the scalars start that are not copied yet
        var offset = 0
        while offset < utf8.count {
            let (scalar, width) = scalar(at: offset)
            if let replacement = transform(scalar) {
                result.append(self, unchanged..<offset)
                result.append(replacement, isInput: isInput(at: offset))
                unchanged = offset + width
            }
            offset += width
        }
        result.append(self, unchanged..<utf8.count)
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

    /// `str.isalpha`: the letter categories.
    var isPythonLetter: Bool {
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
        default: false
        }
    }
}
