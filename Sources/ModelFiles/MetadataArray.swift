/// An array in a file's metadata: where its elements lie and how to decode them, or the elements themselves.
///
/// Opening a GGUF file only measures its arrays, so that a vocabulary costs time when it is used and not before. Decoding checks
/// every read again, as the file may have changed since. Readers of text formats have the elements at hand and keep them.
package struct MetadataArray: Sendable {
    package let elementType: MetadataValueType
    package let count: Int
    private let storage: Storage

    private enum Storage: Sendable {
        /// As GGUF lays them out; `depth` counts the arrays around this one, plus one.
        case file(MappedFile, Range<Int>, depth: Int)
        case integers([Int])
        case numbers([Double])
        case bools([Bool])
        case strings(ByteStrings)
    }

    init(elementType: MetadataValueType, count: Int, file: MappedFile, byteRange: Range<Int>, depth: Int) {
        self.elementType = elementType
        self.count = count
        storage = .file(file, byteRange, depth: depth)
    }

    /// An array of int32, or of int64 where an element asks for it.
    package init(integers: [Int]) {
        elementType = integers.allSatisfy { Int32(exactly: $0) != nil } ? .int32 : .int64
        count = integers.count
        storage = .integers(integers)
    }

    /// An array of float32.
    package init(numbers: [Double]) {
        elementType = .float32
        count = numbers.count
        storage = .numbers(numbers)
    }

    package init(bools: [Bool]) {
        elementType = .bool
        count = bools.count
        storage = .bools(bools)
    }

    package init(strings: ByteStrings) {
        elementType = .string
        count = strings.count
        storage = .strings(strings)
    }
}

extension MetadataArray {
    /// All elements, or the first `limit` of them.
    ///
    /// - Throws: What the file's reader throws, where the file has changed since it was opened.
    package func values(
        limit: Int = Int.max, subject: ModelFileError.Subject? = nil
    ) throws(ModelFileError) -> [MetadataValue] {
        switch storage {
        case .integers(let integers): integers.prefix(max(0, limit)).map(value)
        case .numbers(let numbers): numbers.prefix(max(0, limit)).map { .float32(Float($0)) }
        case .bools(let bools): bools.prefix(max(0, limit)).map { .bool($0) }
        case .strings(let strings): strings.prefix(max(0, limit)).map { .string(Array($0)) }
        case .file(_, _, let depth):
            try map(limit: limit, subject: subject) { reader throws(ModelFileError) in
                try reader.value(of: elementType, depth: depth + 1)
            }
        }
    }

    /// The elements of an array of any integer type.
    ///
    /// - Throws: `.wrongValueType` for other types, `.invalid` for an element beyond Int's range.
    func integers(subject: ModelFileError.Subject) throws(ModelFileError) -> [Int] {
        if case .integers(let integers) = storage { return integers }
        return try map(subject: subject) { reader throws(ModelFileError) in
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
        if case .numbers(let numbers) = storage { return numbers }
        if case .integers(let integers) = storage { return integers.map(Double.init) }
        return try map(subject: subject) { reader throws(ModelFileError) in
            guard let number = try reader.value(of: elementType).number else { throw typeError("numbers", subject) }
            return number
        }
    }

    /// - Throws: `.wrongValueType` for anything but bools.
    func bools(subject: ModelFileError.Subject) throws(ModelFileError) -> [Bool] {
        if case .bools(let bools) = storage { return bools }
        guard elementType == .bool else { throw typeError("bools", subject) }
        return try map(subject: subject) { reader throws(ModelFileError) in try reader.bool() }
    }

    /// - Throws: `.wrongValueType` for anything but strings.
    func byteStrings(subject: ModelFileError.Subject) throws(ModelFileError) -> ByteStrings {
        if case .strings(let strings) = storage { return strings }
        guard case .file(let file, let byteRange, _) = storage, elementType == .string else {
            throw typeError("strings", subject)
        }
        var strings = ByteStrings()
        let lengthsByteCount = count * MetadataValueType.string.smallestSize
        strings.reserveCapacity(count: count, byteCount: byteRange.count - lengthsByteCount)
        var reader = GGUFReader(file, at: byteRange.lowerBound, subject: subject)
        for _ in 0..<count { strings.append(try reader.stringRange("a string"), of: file) }
        return strings
    }

    private func value(_ integer: Int) -> MetadataValue {
        if elementType == .int32, let narrow = Int32(exactly: integer) {
            .int32(narrow)
        } else {
            .int64(Int64(integer))
        }
    }

    /// The elements as a GGUF file has them, without type and count.
    func appendEncodedElements(to encoder: inout GGUFEncoder) {
        switch storage {
        case .file(let file, let byteRange, _): encoder.append(byteRange, of: file)
        case .integers(let integers): for integer in integers { encoder.appendContent(of: value(integer)) }
        case .numbers(let numbers): for number in numbers { encoder.append(Float(number).bitPattern) }
        case .bools(let bools): for bool in bools { encoder.appendContent(of: .bool(bool)) }
        case .strings(let strings): for string in strings { encoder.append(string: string) }
        }
    }

    private func map<Element>(
        limit: Int = Int.max, subject: ModelFileError.Subject?,
        _ read: (inout GGUFReader) throws(ModelFileError) -> Element
    ) throws(ModelFileError) -> [Element] {
        guard case .file(let file, let byteRange, _) = storage else { throw typeError("other elements", subject) }
        var reader = GGUFReader(file, at: byteRange.lowerBound, subject: subject)
        var elements: [Element] = []
        elements.reserveCapacity(max(0, min(count, limit)))
        for _ in 0..<max(0, min(count, limit)) { elements.append(try read(&reader)) }
        return elements
    }

    private func typeError(_ wanted: String, _ subject: ModelFileError.Subject?) -> ModelFileError {
        let problem = ModelFileError.Problem.wrongValueType(
            expected: "array of \(wanted)", found: "array of \(elementType)")
        guard case .file(let file, let byteRange, _) = storage else {
            return ModelFileError(file: "metadata", subject: subject, problem: problem)
        }
        return ModelFileError(file: file.path, offset: byteRange.lowerBound, subject: subject, problem: problem)
    }
}
