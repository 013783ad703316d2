/// Reads MessagePack, as far as APR v1's metadata use it.
///
/// Source: github.com/msgpack/msgpack, spec.md.
struct MessagePackReader {
    static let deepestNesting = 32

    private let file: MappedFile
    private var offset: Int
    /// Absolute; nothing at or beyond it is read.
    private let end: Int

    enum Value {
        case none
        case bool(Bool)
        case integer(Int)
        case number(Double)
        case string([UInt8])
        case array([Value])
        case map([(key: String, value: Value)])
    }

    /// - Precondition: `range` lies inside the file.
    init(_ file: MappedFile, range: Range<Int>) {
        self.file = file
        offset = range.lowerBound
        end = range.upperBound
    }

    /// One value, with nothing behind it.
    mutating func readWhole() throws(ModelFileError) -> Value {
        let value = try read(depth: 0)
        guard offset == end else { throw error("the end of the metadata", "\(end - offset) more bytes") }
        return value
    }

    private mutating func read(depth: Int) throws(ModelFileError) -> Value {
        guard depth < Self.deepestNesting else {
            throw error("values nested at most \(Self.deepestNesting) deep", "one more")
        }
        let start = offset
        let tag = try integer(UInt8.self)
        switch tag {
        case 0x00...0x7F: return .integer(Int(tag))
        case 0xE0...0xFF: return .integer(Int(Int8(bitPattern: tag)))
        case 0x80...0x8F: return try map(count: Int(tag & 0x0F), depth)
        case 0x90...0x9F: return try array(count: Int(tag & 0x0F), depth)
        case 0xA0...0xBF: return .string(try bytes(count: Int(tag & 0x1F)))
        case 0xC0: return .none
        case 0xC2, 0xC3: return .bool(tag == 0xC3)
        case 0xC4, 0xD9: return .string(try bytes(count: Int(try integer(UInt8.self))))
        case 0xC5, 0xDA: return .string(try bytes(count: Int(try integer(UInt16.self))))
        case 0xC6, 0xDB: return .string(try bytes(count: Int(try integer(UInt32.self))))
        case 0xCA: return .number(Double(Float(bitPattern: try integer(UInt32.self))))
        case 0xCB: return .number(Double(bitPattern: try integer(UInt64.self)))
        case 0xCC: return .integer(Int(try integer(UInt8.self)))
        case 0xCD: return .integer(Int(try integer(UInt16.self)))
        case 0xCE: return .integer(Int(try integer(UInt32.self)))
        case 0xCF:
            let value = try integer(UInt64.self)
            if let integer = Int(exactly: value) { return .integer(integer) }
            return .number(Double(value))
        case 0xD0: return .integer(Int(Int8(bitPattern: try integer(UInt8.self))))
        case 0xD1: return .integer(Int(Int16(bitPattern: try integer(UInt16.self))))
        case 0xD2: return .integer(Int(Int32(bitPattern: try integer(UInt32.self))))
        case 0xD3: return .integer(Int(Int64(bitPattern: try integer(UInt64.self))))
        case 0xDC: return try array(count: Int(try integer(UInt16.self)), depth)
        case 0xDD: return try array(count: Int(try integer(UInt32.self)), depth)
        case 0xDE: return try map(count: Int(try integer(UInt16.self)), depth)
        case 0xDF: return try map(count: Int(try integer(UInt32.self)), depth)
        default:
            offset = start
            throw error("a value of MessagePack", "the tag 0x\(PrintableName.hexadecimal(tag))")
        }
    }

    /// Each element takes at least a byte, so that no memory is reserved for a count that somebody made up.
    private mutating func array(count: Int, _ depth: Int) throws(ModelFileError) -> Value {
        guard count <= end - offset else { throw error("at most \(end - offset) elements", "\(count)") }
        var elements: [Value] = []
        for _ in 0..<count { elements.append(try read(depth: depth + 1)) }
        return .array(elements)
    }

    private mutating func map(count: Int, _ depth: Int) throws(ModelFileError) -> Value {
        guard count <= (end - offset) / 2 else { throw error("at most \((end - offset) / 2) members", "\(count)") }
        var members: [(key: String, value: Value)] = []
        for _ in 0..<count {
            let start = offset
            guard case .string(let key) = try read(depth: depth + 1) else {
                offset = start
                throw error("a string as key", "another value")
            }
            members.append((String(decoding: key, as: UTF8.self), try read(depth: depth + 1)))
        }
        return .map(members)
    }

    private mutating func bytes(count: Int) throws(ModelFileError) -> [UInt8] {
        var bytes: [UInt8] = []
        file.append(try advance(by: count), to: &bytes)
        return bytes
    }

    /// Big-endian, as MessagePack has it.
    private mutating func integer<Integer: FixedWidthInteger & BitwiseCopyable>(
        _ type: Integer.Type
    ) throws(ModelFileError) -> Integer {
        let range = try advance(by: MemoryLayout<Integer>.size)
        return file.littleEndian(type, at: range.lowerBound).byteSwapped
    }

    private mutating func advance(by count: Int) throws(ModelFileError) -> Range<Int> {
        guard count <= end - offset else { throw error("\(count) bytes of metadata", "\(end - offset)") }
        defer { offset += count }
        return offset..<offset + count
    }

    private func error(_ expected: String, _ found: String) -> ModelFileError {
        ModelFileError(file: file.path, offset: offset, problem: .invalid(expected: expected, found: found))
    }
}
