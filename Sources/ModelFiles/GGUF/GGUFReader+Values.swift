extension GGUFReader {
    /// How deep arrays may lie in arrays.
    static let deepestNesting = 8

    mutating func valueType() throws(ModelFileError) -> MetadataValueType {
        let start = offset
        let id = try integer(UInt32.self, "a value type")
        guard id < UInt32(MetadataValueType.ggufTypes.count) else {
            let expected = "a value type from 0 to \(MetadataValueType.ggufTypes.count - 1)"
            throw error(at: start, .invalid(expected: expected, found: "\(id)"))
        }
        return MetadataValueType.ggufTypes[Int(id)]
    }

    /// A value of `type`. Of an array only the extent is read; its elements are decoded when they are asked for.
    mutating func value(of type: MetadataValueType, depth: Int = 1) throws(ModelFileError) -> MetadataValue {
        switch type {
        case .uint8: .uint8(try integer(UInt8.self, "a uint8"))
        case .int8: .int8(try integer(Int8.self, "an int8"))
        case .uint16: .uint16(try integer(UInt16.self, "a uint16"))
        case .int16: .int16(try integer(Int16.self, "an int16"))
        case .uint32: .uint32(try integer(UInt32.self, "a uint32"))
        case .int32: .int32(try integer(Int32.self, "an int32"))
        case .float32: .float32(Float(bitPattern: try integer(UInt32.self, "a float32")))
        case .bool: .bool(try bool())
        case .string: .string(try string())
        case .array: .array(try array(depth: depth))
        case .uint64: .uint64(try integer(UInt64.self, "a uint64"))
        case .int64: .int64(try integer(Int64.self, "an int64"))
        case .float64: .float64(Double(bitPattern: try integer(UInt64.self, "a float64")))
        }
    }

    mutating func bool() throws(ModelFileError) -> Bool {
        let start = offset
        let byte = try integer(UInt8.self, "a bool")
        guard byte <= 1 else { throw error(at: start, .invalid(expected: "a bool of 0 or 1", found: "\(byte)")) }
        return byte == 1
    }

    mutating func string() throws(ModelFileError) -> [UInt8] {
        var bytes: [UInt8] = []
        file.append(try stringRange("a string"), to: &bytes)
        return bytes
    }

    /// Checks that all elements lie inside the file and moves behind them.
    private mutating func array(depth: Int) throws(ModelFileError) -> MetadataArray {
        guard depth <= Self.deepestNesting else {
            let expected = "arrays nested at most \(Self.deepestNesting) deep"
            throw error(at: offset, .invalid(expected: expected, found: "one more"))
        }
        let elementType = try valueType()
        let count = try count(of: "array elements", smallest: elementType.smallestSize, atMost: Self.longestArray)
        let start = offset
        switch elementType {
        case .string: for _ in 0..<count { _ = try stringRange("a string") }
        case .array: for _ in 0..<count { _ = try array(depth: depth + 1) }
        case .bool: for _ in 0..<count { _ = try bool() }
        default: _ = try advance(by: UInt64(count * elementType.smallestSize), over: "array elements")
        }
        return MetadataArray(
            elementType: elementType, count: count, file: file, byteRange: start..<offset, depth: depth)
    }
}

extension MetadataValueType {
    /// Indexed by the number that stands for the type in a file.
    fileprivate static let ggufTypes: [MetadataValueType] = [
        .uint8, .int8, .uint16, .int16, .uint32, .int32, .float32, .bool, .string, .array, .uint64, .int64, .float64,
    ]

    /// The number that stands for the type in a file.
    var ggufID: UInt32 { UInt32(Self.ggufTypes.firstIndex(of: self) ?? 0) }  // all types are in the list

    /// What a value takes in the file, in bytes: all of it for numbers and bools, the shortest possible for the others.
    var smallestSize: Int {
        switch self {
        case .uint8, .int8, .bool: 1
        case .uint16, .int16: 2
        case .uint32, .int32, .float32: 4
        case .uint64, .int64, .float64, .string: 8
        case .array: 12  // element type and count
        }
    }
}
