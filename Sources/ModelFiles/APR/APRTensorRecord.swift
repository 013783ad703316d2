import Tensors

/// One entry of an APR file's index.
///
/// ```
/// name length u16 | name | type u8 | dimension count u8 | dimensions u64, outermost first | offset u64 | size u64
/// ```
struct APRTensorRecord {
    static let longestName = 256
    static let mostDimensions = 8
    /// In bytes: a name of one byte, no dimension.
    static let smallestSize = 2 + 1 + 1 + 1 + 8 + 8

    let name: String
    let type: APRTensorType
    let shape: Shape
    /// Absolute in the file.
    let byteRange: Range<Int>
    /// Where the entry begins, absolute in the file.
    let recordOffset: Int
}

/// Moves through an APR file's index, with every read checked against where the data begin.
struct APRIndexReader {
    private let file: MappedFile
    private let header: APRHeader
    private var offset: Int
    private var subject: ModelFileError.Subject?

    init(_ file: MappedFile, _ header: APRHeader) {
        self.file = file
        self.header = header
        offset = header.indexOffset
    }

    /// The whole index: names ascend, so that each is there once, and no two tensors share bytes.
    mutating func readRecords() throws(ModelFileError) -> [APRTensorRecord] {
        try refuseText()
        guard header.tensorCount <= (header.dataOffset - offset) / APRTensorRecord.smallestSize else {
            throw error(
                at: 8,
                expected: "at most \((header.dataOffset - offset) / APRTensorRecord.smallestSize) tensors in the "
                    + "index of \(header.dataOffset - offset) bytes", found: "\(header.tensorCount)")
        }
        var records: [APRTensorRecord] = []
        for _ in 0..<header.tensorCount {
            let record = try readRecord()
            if let before = records.last, !before.name.utf8.lexicographicallyPrecedes(record.name.utf8) {
                throw error(
                    at: record.recordOffset, expected: "names that ascend",
                    found: "it behind \(PrintableName.quoted(before.name))")
            }
            records.append(record)
        }
        subject = nil
        try checkApart(records)
        return records
    }

    /// Fixtures of one implementation have a list in JSON here, which it cannot read itself.
    private func refuseText() throws(ModelFileError) {
        guard offset < header.dataOffset, header.tensorCount > 0 else { return }
        let first = file.littleEndian(UInt16.self, at: offset) & 0xFF
        guard first == UInt16(UInt8(ascii: "[")) || first == UInt16(UInt8(ascii: "{")),
            file.littleEndian(UInt16.self, at: offset) > UInt16(APRTensorRecord.longestName)
        else { return }
        throw ModelFileError(
            file: file.path, offset: offset,
            problem: .unsupported(
                found: "an index in JSON", advice: "version 2.0 has a binary index; convert the model again"))
    }

    private mutating func readRecord() throws(ModelFileError) -> APRTensorRecord {
        subject = nil
        let recordOffset = offset
        let nameLength = Int(try integer(UInt16.self, "the length of a name"))
        guard (1...APRTensorRecord.longestName).contains(nameLength) else {
            throw error(
                at: recordOffset, expected: "a name of 1 to \(APRTensorRecord.longestName) bytes",
                found: "\(nameLength)")
        }
        let nameRange = try advance(by: nameLength, over: "a tensor name")
        var bytes: [UInt8] = []
        file.append(nameRange, to: &bytes)
        guard let name = String(validating: bytes, as: UTF8.self) else {
            throw error(
                at: nameRange.lowerBound, expected: "a name in UTF-8", found: PrintableName.quoted(bytes: bytes))
        }
        subject = .tensor(name)
        let typeOffset = offset
        let id = try integer(UInt8.self, "the type")
        let shape = try readShape()
        let range = try readByteRange()
        let type: APRTensorType
        do {
            type = try APRTensorType(id: id, shape: shape, byteCount: range.count)
        } catch {
            throw ModelFileError(file: file.path, offset: typeOffset, subject: subject, problem: error)
        }
        return APRTensorRecord(name: name, type: type, shape: shape, byteRange: range, recordOffset: recordOffset)
    }

    private mutating func readShape() throws(ModelFileError) -> Shape {
        let start = offset
        let count = Int(try integer(UInt8.self, "the count of dimensions"))
        guard count <= APRTensorRecord.mostDimensions else {
            throw error(at: start, expected: "at most \(APRTensorRecord.mostDimensions) dimensions", found: "\(count)")
        }
        var dimensions: [Int] = []
        for _ in 0..<count {
            let start = offset
            let dimension = try integer(UInt64.self, "a dimension")
            guard let dimension = Int(exactly: dimension) else {
                throw error(at: start, expected: "a dimension of at most \(Int.max)", found: "\(dimension)")
            }
            dimensions.append(dimension)
        }
        guard Shape(dimensions).elementCount != nil else {
            throw error(at: start, expected: "at most \(Int.max) elements", found: "shape \(Shape(dimensions))")
        }
        return Shape(dimensions)
    }

    private mutating func readByteRange() throws(ModelFileError) -> Range<Int> {
        let start = offset
        let dataOffset = try integer(UInt64.self, "the tensor's offset"), size = try integer(UInt64.self, "its size")
        guard dataOffset.isMultiple(of: UInt64(APRHeader.alignment)) else {
            throw error(
                at: start, expected: "an offset that is a multiple of \(APRHeader.alignment)", found: "\(dataOffset)")
        }
        let available = file.byteCount - APRHeader.footerByteCount - header.dataOffset
        guard let place = Int(exactly: dataOffset), place <= available, let size = Int(exactly: size),
            size <= available - place
        else {
            let left = UInt64(available) < dataOffset ? 0 : available - Int(dataOffset)
            throw ModelFileError(
                file: file.path, offset: start, subject: subject,
                problem: .truncated(field: "tensor data", needed: size, available: left))
        }
        let first = header.dataOffset + place
        return first..<first + size
    }

    /// Writers that stream keep their own order, and may leave room between tensors.
    private func checkApart(_ records: [APRTensorRecord]) throws(ModelFileError) {
        let order = records.filter { !$0.byteRange.isEmpty }.sorted {
            $0.byteRange.lowerBound < $1.byteRange.lowerBound
        }
        for (one, other) in zip(order, order.dropFirst()) where one.byteRange.upperBound > other.byteRange.lowerBound {
            throw ModelFileError(
                file: file.path, offset: other.recordOffset, subject: .tensor(other.name),
                problem: .invalid(
                    expected: "bytes of its own",
                    found: "bytes \(other.byteRange) on tensor \(PrintableName.quoted(one.name)) at \(one.byteRange)"))
        }
    }

    // MARK: Bytes

    private mutating func integer<Integer: FixedWidthInteger & BitwiseCopyable>(
        _ type: Integer.Type, _ field: String
    ) throws(ModelFileError) -> Integer {
        let range = try advance(by: MemoryLayout<Integer>.size, over: field)
        return file.littleEndian(type, at: range.lowerBound)
    }

    private mutating func advance(by count: Int, over field: String) throws(ModelFileError) -> Range<Int> {
        guard count <= header.dataOffset - offset else {
            throw error(
                at: offset, expected: "\(count) bytes of \(field) before the data",
                found: "\(max(0, header.dataOffset - offset))")
        }
        defer { offset += count }
        return offset..<offset + count
    }

    private func error(at offset: Int, expected: String, found: String) -> ModelFileError {
        ModelFileError(
            file: file.path, offset: offset, subject: subject, problem: .invalid(expected: expected, found: found))
    }
}
