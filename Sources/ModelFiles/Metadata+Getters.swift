extension Metadata {
    /// The value of any integer type.
    ///
    /// - Throws: `.wrongValueType` for what is not an integer, `.invalid` for one outside `range`.
    package func integer(
        _ key: String, in range: ClosedRange<Int> = Int.min...Int.max
    ) throws(ModelFileError) -> Int? {
        guard let value = self[key] else { return nil }
        guard let text = value.integerText else { throw typeError(key, expected: "integer", found: value) }
        guard let integer = value.integer, range.contains(integer) else {
            throw error(about: key, expected: "integer in \(range)", found: text)
        }
        return integer
    }

    /// The value of any numeric type; NaN and infinities pass unless a `range` is given.
    ///
    /// - Throws: `.wrongValueType` for what is not a number, `.invalid` for one outside `range`.
    package func number(_ key: String, in range: ClosedRange<Double>? = nil) throws(ModelFileError) -> Double? {
        guard let value = self[key] else { return nil }
        guard let number = value.number else { throw typeError(key, expected: "number", found: value) }
        if let range, !range.contains(number) {
            throw error(about: key, expected: "number in \(range)", found: "\(number)")
        }
        return number
    }

    /// - Throws: `.wrongValueType` for what is not a bool.
    package func bool(_ key: String) throws(ModelFileError) -> Bool? {
        guard let value = self[key] else { return nil }
        guard case .bool(let bool) = value else { throw typeError(key, expected: "bool", found: value) }
        return bool
    }

    /// - Throws: `.wrongValueType` for what is not a string, `.invalid` for bytes that are not UTF-8.
    package func string(_ key: String) throws(ModelFileError) -> String? {
        guard let bytes = try bytes(key) else { return nil }
        guard let string = String(validating: bytes, as: UTF8.self) else {
            throw error(about: key, expected: "UTF-8 text", found: PrintableName.quoted(bytes: bytes))
        }
        return string
    }

    /// A string's bytes, UTF-8 or not.
    ///
    /// - Throws: `.wrongValueType` for what is not a string.
    package func bytes(_ key: String) throws(ModelFileError) -> [UInt8]? {
        guard let value = self[key] else { return nil }
        guard case .string(let bytes) = value else { throw typeError(key, expected: "string", found: value) }
        return bytes
    }
}

extension Metadata {
    /// An array of any integer type.
    ///
    /// - Throws: `.wrongValueType` for what is not an array of integers, `.invalid` for an element outside `range`.
    package func integers(
        _ key: String, in range: ClosedRange<Int> = Int.min...Int.max
    ) throws(ModelFileError) -> [Int]? {
        guard let array = try array(key, of: "integers", where: \.isInteger) else { return nil }
        let integers = try array.integers(subject: .key(key))
        if let index = integers.firstIndex(where: { !range.contains($0) }) {
            throw error(about: key, expected: "integers in \(range)", found: "\(integers[index]) at index \(index)")
        }
        return integers
    }

    /// An array of any numeric type.
    ///
    /// - Throws: `.wrongValueType` for what is not an array of numbers.
    package func numbers(_ key: String) throws(ModelFileError) -> [Double]? {
        try array(key, of: "numbers", where: \.isNumber)?.numbers(subject: .key(key))
    }

    /// - Throws: `.wrongValueType` for what is not an array of bools.
    package func bools(_ key: String) throws(ModelFileError) -> [Bool]? {
        try array(key, of: "bools", where: { $0 == .bool })?.bools(subject: .key(key))
    }

    /// An array of strings, UTF-8 or not.
    ///
    /// - Throws: `.wrongValueType` for what is not an array of strings.
    package func byteStrings(_ key: String) throws(ModelFileError) -> ByteStrings? {
        try array(key, of: "strings", where: { $0 == .string })?.byteStrings(subject: .key(key))
    }

    /// An array of strings.
    ///
    /// - Throws: `.wrongValueType` for what is not an array of strings, `.invalid` for one that is not UTF-8.
    package func strings(_ key: String) throws(ModelFileError) -> [String]? {
        guard let byteStrings = try byteStrings(key) else { return nil }
        var strings: [String] = []
        for (index, bytes) in byteStrings.enumerated() {
            guard let string = String(validating: bytes, as: UTF8.self) else {
                let found = "\(PrintableName.quoted(bytes: Array(bytes))) at index \(index)"
                throw error(about: key, expected: "UTF-8 texts", found: found)
            }
            strings.append(string)
        }
        return strings
    }

    private func array(
        _ key: String, of elements: String, where isWanted: (MetadataValueType) -> Bool
    ) throws(ModelFileError) -> MetadataArray? {
        guard let value = self[key] else { return nil }
        guard case .array(let array) = value, isWanted(array.elementType) else {
            throw typeError(key, expected: "array of \(elements)", found: value)
        }
        return array
    }
}
