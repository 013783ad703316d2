/// The JSON metadata of an APR file: scalars and small objects as a tree, the tokenizer's long lists in flat storage.
///
/// Of a key given twice the last value counts, as some writers repeat keys and the others' readers take the last.
struct APRMetadata {
    /// In bytes of JSON: of a text (a chat template), of any other value, and of all others together, as trees take many times
    /// the text's room.
    private static let longestText = 1 << 20, longestValue = 1 << 14, longestValues = 1 << 20

    let file: String
    private(set) var values = JSONObject()
    private(set) var tokens: ByteStrings?
    private(set) var merges: ByteStrings?
    private(set) var scores: [Double]?
    private(set) var tokenTypes: [Int]?
    /// Bytes of JSON in `values`, without texts.
    private var valueByteCount = 0

    init(_ reader: JSONReader) throws(ModelFileError) {
        var reader = reader
        file = reader.file
        try reader.beginObject()
        while let key = try reader.nextKey() {
            let name = reader.text(of: key)
            reader.subject = .key(name)
            // An absent value and null mean the same.
            if try reader.null() { continue }
            switch name {
            case "tokenizer.vocabulary": tokens = try Self.strings(&reader)
            case "tokenizer.merges": merges = try Self.strings(&reader)
            case "tokenizer.scores": scores = try Self.numbers(&reader)
            case "tokenizer.token_type": tokenTypes = try Self.numbers(&reader).map { Int(exactly: $0) ?? -1 }
            default: try readValue(name, &reader)
            }
            reader.subject = nil
        }
        try reader.end()
    }

    /// Nested notes of any size that nobody asks for are checked and left.
    private mutating func readValue(_ name: String, _ reader: inout JSONReader) throws(ModelFileError) {
        let start = reader.offset, place = reader
        let isText = reader.peek() == UInt8(ascii: "\"")
        try reader.skip()
        let byteCount = reader.offset - start
        guard byteCount <= (isText ? Self.longestText : Self.longestValue) else { return }
        if !isText { valueByteCount += byteCount }
        guard valueByteCount <= Self.longestValues else {
            throw reader.error(
                at: start, expected: "at most \(Self.longestValues) bytes of metadata beside the tokenizer's lists",
                found: "more")
        }
        reader = place
        values.set(name, try reader.value(duplicateKeys: .lastWins))
    }

    private static func strings(_ reader: inout JSONReader) throws(ModelFileError) -> ByteStrings {
        var strings = ByteStrings()
        try reader.beginArray()
        while try reader.nextElement() {
            let string = try reader.string()
            strings.appendParts { bytes in reader.append(string, to: &bytes) }
        }
        return strings
    }

    private static func numbers(_ reader: inout JSONReader) throws(ModelFileError) -> [Double] {
        var numbers: [Double] = []
        try reader.beginArray()
        while try reader.nextElement() {
            switch try reader.number() {
            case .integer(let integer): numbers.append(Double(integer))
            case .double(let double): numbers.append(double)
            }
        }
        return numbers
    }
}

// MARK: - Values

extension APRMetadata {
    /// The value of the first of `names` that is there, under the name it has.
    ///
    /// - Throws: `.invalid` where two of the names have different numbers.
    func integer(_ names: [String]) throws(ModelFileError) -> Int? {
        guard let (name, value) = try first(names) else { return nil }
        // Some writers know only numbers with a fraction.
        guard let integer = value.integer ?? value.number.flatMap({ Int(exactly: $0) }) else {
            throw error(name, expected: "an integer", found: value.shown)
        }
        return integer
    }

    /// As `integer(_:)`.
    func number(_ names: [String]) throws(ModelFileError) -> Double? {
        guard let (name, value) = try first(names) else { return nil }
        guard let number = value.number else { throw error(name, expected: "a number", found: value.shown) }
        return number
    }

    func string(_ name: String) throws(ModelFileError) -> String? {
        guard let value = values[name] else { return nil }
        guard let string = value.string else { throw error(name, expected: "a string", found: value.shown) }
        return string
    }

    func bool(_ name: String) throws(ModelFileError) -> Bool? {
        guard let value = values[name] else { return nil }
        guard let bool = value.bool else { throw error(name, expected: "a bool", found: value.shown) }
        return bool
    }

    func error(_ name: String, expected: String, found: String) -> ModelFileError {
        ModelFileError(
            file: file, offset: values[name]?.offset, subject: .key(name),
            problem: .invalid(expected: expected, found: found))
    }

    private func first(_ names: [String]) throws(ModelFileError) -> (String, JSONValue)? {
        var found: (name: String, value: JSONValue)?
        for name in names {
            guard let value = values[name] else { continue }
            guard let first = found else {
                found = (name, value)
                continue
            }
            guard first.value.number == value.number else {
                throw error(name, expected: "the same as \(first.name), \(first.value.shown)", found: value.shown)
            }
        }
        return found.map { ($0.name, $0.value) }
    }
}
