/// An array in a file's metadata: where its elements lie, and how to decode them.
///
/// Opening a file only measures its arrays, so that a vocabulary costs time when it is used and not before. Decoding checks
/// every read again, as the file may have changed since.
package struct MetadataArray: Sendable {
    package let elementType: MetadataValueType
    package let count: Int
    /// Of the elements, absolute in the file.
    package let byteRange: Range<Int>
    private let file: MappedFile
    /// How many arrays this one lies in, plus one.
    private let depth: Int

    init(elementType: MetadataValueType, count: Int, file: MappedFile, byteRange: Range<Int>, depth: Int) {
        self.elementType = elementType
        self.count = count
        self.byteRange = byteRange
        self.file = file
        self.depth = depth
    }
}

extension MetadataArray {
    /// All elements, or the first `limit` of them.
    ///
    /// - Throws: What the file's reader throws, where the file has changed since it was opened.
    package func values(
        limit: Int = Int.max, subject: ModelFileError.Subject? = nil
    ) throws(ModelFileError) -> [MetadataValue] {
        try map(limit: limit, subject: subject) { reader throws(ModelFileError) in
            try reader.value(of: elementType, depth: depth + 1)
        }
    }

    /// The elements of an array of any integer type.
    ///
    /// - Throws: `.wrongValueType` for other types, `.invalid` for an element beyond Int's range.
    func integers(subject: ModelFileError.Subject) throws(ModelFileError) -> [Int] {
        try map(subject: subject) { reader throws(ModelFileError) in
            let start = reader.offset
            let value = try reader.value(of: elementType)
            guard let text = value.integerText else { throw typeError("integers", subject) }
            guard let integer = value.integer else {
                throw reader.error(at: start, .invalid(expected: "integers up to \(Int.max)", found: text))
            }
            return integer
        }
    }

    /// The elements of an array of any numeric type.
    ///
    /// - Throws: `.wrongValueType` for other types.
    func numbers(subject: ModelFileError.Subject) throws(ModelFileError) -> [Double] {
        try map(subject: subject) { reader throws(ModelFileError) in
            guard let number = try reader.value(of: elementType).number else { throw typeError("numbers", subject) }
            return number
        }
    }

    /// - Throws: `.wrongValueType` for anything but bools.
    func bools(subject: ModelFileError.Subject) throws(ModelFileError) -> [Bool] {
        guard elementType == .bool else { throw typeError("bools", subject) }
        return try map(subject: subject) { reader throws(ModelFileError) in try reader.bool() }
    }

    /// - Throws: `.wrongValueType` for anything but strings.
    func byteStrings(subject: ModelFileError.Subject) throws(ModelFileError) -> ByteStrings {
        guard elementType == .string else { throw typeError("strings", subject) }
        var strings = ByteStrings()
        let lengthsByteCount = count * MetadataValueType.string.smallestSize
        strings.reserveCapacity(count: count, byteCount: byteRange.count - lengthsByteCount)
        var reader = GGUFReader(file, at: byteRange.lowerBound, subject: subject)
        for _ in 0..<count { strings.append(try reader.stringRange("a string"), of: file) }
        return strings
    }

    private func map<Element>(
        limit: Int = Int.max, subject: ModelFileError.Subject?,
        _ read: (inout GGUFReader) throws(ModelFileError) -> Element
    ) throws(ModelFileError) -> [Element] {
        var reader = GGUFReader(file, at: byteRange.lowerBound, subject: subject)
        var elements: [Element] = []
        elements.reserveCapacity(max(0, min(count, limit)))
        for _ in 0..<max(0, min(count, limit)) { elements.append(try read(&reader)) }
        return elements
    }

    private func typeError(_ wanted: String, _ subject: ModelFileError.Subject) -> ModelFileError {
        ModelFileError(
            file: file.path, offset: byteRange.lowerBound, subject: subject,
            problem: .wrongValueType(expected: "array of \(wanted)", found: "array of \(elementType)"))
    }
}
