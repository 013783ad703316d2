import Tensors

/// One entry of a GGUF file's tensor list, as it stands there.
///
/// ```
/// name: length u64, bytes | dimension count u32 | dimensions u64 each, innermost first | type u32 | offset u64
/// ```
struct GGUFTensorRecord {
    /// In bytes: a name of one byte and one dimension.
    static let smallestSize = 8 + 1 + 4 + 8 + 4 + 8

    let name: String
    /// Where the entry begins, absolute in the file.
    let recordOffset: Int
    let elementType: ElementType
    /// Outermost first.
    let shape: Shape
    /// That the shape asks for.
    let byteCount: Int
    /// Of the tensor's bytes, from the start of the data section; a multiple of the file's alignment.
    let dataOffset: UInt64
    /// Where `dataOffset` stands, absolute in the file; for errors about it.
    let dataOffsetOffset: Int
}

extension GGUFReader {
    /// The whole list; names are unique in it.
    mutating func readTensorRecords(count: Int, alignment: Int) throws(ModelFileError) -> [GGUFTensorRecord] {
        var records: [GGUFTensorRecord] = []
        var offsets: [String: Int] = [:]
        for _ in 0..<count {
            let record = try readTensorRecord(alignment: alignment)
            if let first = offsets.updateValue(record.recordOffset, forKey: record.name) {
                throw error(at: record.recordOffset, .duplicate(first: first))
            }
            records.append(record)
        }
        subject = nil
        return records
    }

    private mutating func readTensorRecord(alignment: Int) throws(ModelFileError) -> GGUFTensorRecord {
        subject = nil
        let recordOffset = offset
        let name = try name("a tensor name", longest: Self.longestTensorName)
        subject = .tensor(name)
        let dimensionsOffset = offset
        let dimensions = try readDimensions()
        let typeOffset = offset
        let elementType = try readElementType()
        let byteCount = try byteCount(
            of: dimensions, elementType, dimensionsOffset: dimensionsOffset, typeOffset: typeOffset)
        let dataOffsetOffset = offset
        let dataOffset = try integer(UInt64.self, "the tensor's offset")
        guard dataOffset.isMultiple(of: UInt64(alignment)) else {
            let expected = "an offset that is a multiple of the alignment \(alignment)"
            throw error(at: dataOffsetOffset, .invalid(expected: expected, found: "\(dataOffset)"))
        }
        return GGUFTensorRecord(
            name: name, recordOffset: recordOffset, elementType: elementType, shape: Shape(dimensions.reversed()),
            byteCount: byteCount, dataOffset: dataOffset, dataOffsetOffset: dataOffsetOffset)
    }

    /// Innermost first, each at least 1.
    private mutating func readDimensions() throws(ModelFileError) -> [Int] {
        let start = offset
        let count = try integer(UInt32.self, "the count of dimensions")
        guard (1...4).contains(count) else {
            throw error(at: start, .invalid(expected: "1 to 4 dimensions", found: "\(count)"))
        }
        var dimensions: [Int] = []
        for _ in 0..<count {
            let start = offset
            let dimension = try integer(UInt64.self, "a dimension")
            guard dimension >= 1, let dimension = Int(exactly: dimension) else {
                let expected = "a dimension from 1 to \(Int.max)"
                throw error(at: start, .invalid(expected: expected, found: "\(dimension)"))
            }
            dimensions.append(dimension)
        }
        return dimensions
    }

    private mutating func readElementType() throws(ModelFileError) -> ElementType {
        let start = offset
        let id = try integer(UInt32.self, "the element type")
        do { return try ElementType.gguf(id: id) } catch { throw self.error(at: start, error) }
    }

    /// That all elements take: rows are whole blocks and the product stays inside Int's range.
    private func byteCount(
        of dimensions: [Int], _ elementType: ElementType, dimensionsOffset: Int, typeOffset: Int
    ) throws(ModelFileError) -> Int {
        let format = elementType.blockFormat
        let shape = Shape(dimensions.reversed())
        guard let elementCount = shape.elementCount else {
            let expected = "at most \(Int.max) elements"
            throw error(at: dimensionsOffset, .invalid(expected: expected, found: "shape \(shape)"))
        }
        guard dimensions[0].isMultiple(of: format.elementsPerBlock) else {
            let expected = "rows of a multiple of \(format.elementsPerBlock) elements for \(elementType)"
            throw error(at: typeOffset, .invalid(expected: expected, found: "\(dimensions[0])"))
        }
        guard let byteCount = format.byteCount(elementCount: elementCount) else {
            let expected = "at most \(Int.max) bytes"
            throw error(at: dimensionsOffset, .invalid(expected: expected, found: "shape \(shape) of \(elementType)"))
        }
        return byteCount
    }
}

extension [GGUFTensorRecord] {
    /// Gives every tensor its place in the file, in the order of the list.
    ///
    /// - Parameter headerEnd: The first byte behind the tensor list; the data section begins at the next multiple of
    ///   `alignment`.
    /// - Throws: `.truncated` for a tensor that reaches beyond the file, `.invalid` for one that lies on another.
    func placed(
        in file: MappedFile, behind headerEnd: Int, alignment: Int, fileIndex: Int
    ) throws(ModelFileError) -> [TensorEntry] {
        let dataStart = (headerEnd + alignment - 1) / alignment * alignment
        var entries: [TensorEntry] = []
        entries.reserveCapacity(count)
        for record in self {
            let available = Swift.max(0, file.byteCount - dataStart)
            guard let offset = Int(exactly: record.dataOffset), offset <= available,
                record.byteCount <= available - offset
            else { throw record.beyondTheEnd(of: file, available: available) }
            let start = dataStart + offset
            entries.append(
                TensorEntry(
                    name: record.name, elementType: record.elementType, shape: record.shape,
                    byteRange: start..<start + record.byteCount, fileIndex: fileIndex))
        }
        try checkApart(entries, in: file)
        return entries
    }

    private func checkApart(_ entries: [TensorEntry], in file: MappedFile) throws(ModelFileError) {
        let order = entries.indices.sorted { entries[$0].byteRange.lowerBound < entries[$1].byteRange.lowerBound }
        for (before, after) in zip(order, order.dropFirst()) {
            let (one, other) = (entries[before], entries[after])
            guard one.byteRange.upperBound > other.byteRange.lowerBound else { continue }
            throw ModelFileError(
                file: file.path, offset: self[after].dataOffsetOffset, subject: .tensor(other.name),
                problem: .invalid(
                    expected: "bytes of its own",
                    found: "bytes \(other.byteRange) on tensor \(PrintableName.quoted(one.name)) at \(one.byteRange)"))
        }
    }
}

extension GGUFTensorRecord {
    fileprivate func beyondTheEnd(of file: MappedFile, available: Int) -> ModelFileError {
        let left = UInt64(available).subtractingReportingOverflow(dataOffset)
        return ModelFileError(
            file: file.path, offset: dataOffsetOffset, subject: .tensor(name),
            problem: .truncated(
                field: "tensor data", needed: UInt64(byteCount),
                available: left.overflow ? 0 : Int(left.partialValue)))
    }
}
