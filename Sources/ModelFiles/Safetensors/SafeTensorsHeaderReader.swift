import Tensors

/// Reads a safetensors file's header.
struct SafeTensorsHeaderReader {
    static let mostTensors = 1 << 18
    static let mostDimensions = 8

    private(set) var comments: [(key: String, value: String)] = []
    private(set) var records: [SafeTensorsRecord] = []
    private var reader: JSONReader

    /// - Parameter header: The JSON text behind the eight bytes of its length.
    init(_ header: [UInt8], of file: MappedFile) {
        reader = JSONReader(header, file: file.path, origin: 8)
    }

    mutating func read() throws(ModelFileError) {
        try reader.beginObject()
        var names = JSONKeys()
        while let name = try names.next(&reader) {
            if name == "__metadata__" {
                reader.subject = .key(name)
                try readComments()
            } else {
                reader.subject = .tensor(name)
                guard records.count < Self.mostTensors else {
                    throw reader.error(
                        at: reader.offset, expected: "at most \(Self.mostTensors) tensors", found: "one more")
                }
                records.append(try readRecord(name))
            }
            reader.subject = nil
        }
        try reader.end()
    }

    private mutating func readComments() throws(ModelFileError) {
        try reader.beginObject()
        var keys = JSONKeys()
        while let key = try keys.next(&reader) { comments.append((key, reader.text(of: try reader.string()))) }
    }

    private mutating func readRecord(_ name: String) throws(ModelFileError) -> SafeTensorsRecord {
        var elementType: ElementType?
        var shape: Shape?
        var data: (offset: Int, range: Range<Int>)?
        let start = reader.offset
        try reader.beginObject()
        var keys = JSONKeys()
        while let key = try keys.next(&reader) {
            switch key {
            case "dtype": elementType = try readElementType()
            case "shape": shape = Shape(try integers(atMost: Self.mostDimensions))
            case "data_offsets": data = try readDataOffsets()
            default:
                throw reader.error(
                    at: reader.offset, expected: "dtype, shape and data_offsets", found: PrintableName.quoted(key))
            }
        }
        guard let elementType, let shape, let data else {
            let missing = elementType == nil ? "dtype" : shape == nil ? "shape" : "data_offsets"
            throw reader.error(at: start, .missing(expected: missing))
        }
        guard let count = shape.elementCount, let size = elementType.blockFormat.byteCount(elementCount: count) else {
            throw reader.error(
                at: start, expected: "at most \(Int.max) bytes", found: "shape \(shape) of \(elementType)")
        }
        guard data.range.count == size else {
            throw reader.error(
                at: data.offset, expected: "\(size) bytes for shape \(shape) of \(elementType)",
                found: "\(data.range.count)")
        }
        return SafeTensorsRecord(
            name: name, offset: data.offset, elementType: elementType, shape: shape, dataRange: data.range)
    }

    private mutating func readElementType() throws(ModelFileError) -> ElementType {
        let start = reader.offset
        let name = reader.text(of: try reader.string())
        do { return try ElementType.safeTensors(name) } catch { throw reader.error(at: start, error) }
    }

    private mutating func readDataOffsets() throws(ModelFileError) -> (offset: Int, range: Range<Int>) {
        let start = reader.offset
        let offsets = try integers(atMost: 2)
        guard offsets.count == 2, offsets[0] <= offsets[1] else {
            throw reader.error(at: start, expected: "a begin and an end", found: "\(offsets)")
        }
        return (start, offsets[0]..<offsets[1])
    }

    private mutating func integers(atMost most: Int) throws(ModelFileError) -> [Int] {
        var integers: [Int] = []
        try reader.beginArray()
        while try reader.nextElement() {
            guard integers.count < most else {
                throw reader.error(at: reader.offset, expected: "at most \(most) numbers", found: "one more")
            }
            integers.append(try reader.integer(in: 0...Int.max))
        }
        return integers
    }
}
