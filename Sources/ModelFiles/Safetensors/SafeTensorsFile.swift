import Tensors

/// A safetensors file: its tensors under the names that it gives them, all checked.
///
/// ```
/// header length u64 | header: JSON, which may be padded with spaces | bytes of the tensors, without holes
/// {"__metadata__": {TEXT: TEXT}, NAME: {"dtype": "F32", "shape": [2, 3], "data_offsets": [BEGIN, END]}}
/// ```
///
/// Offsets count from the end of the header. Source: github.com/huggingface/safetensors, README.md and attacks/README.md.
package struct SafeTensorsFile: Sendable {
    /// In bytes; the bound is the format's own.
    package static let longestHeader = 100_000_000
    /// The shortest header is `{}`.
    package static let smallestSize = 10

    package let file: MappedFile
    /// `__metadata__`, in the order of the file.
    package let comments: [(key: String, value: String)]
    /// In the order of their bytes.
    package let tensors: [TensorEntry]

    /// - Parameter fileIndex: Given to the entries.
    /// - Throws: `ModelFileError` at the first rule of the format that the file breaks.
    package init(_ file: MappedFile, fileIndex: Int = 0) throws(ModelFileError) {
        self.file = file
        let header = try file.safeTensorsHeader()
        var reader = SafeTensorsHeaderReader(header, of: file)
        try reader.read()
        comments = reader.comments
        tensors = try reader.records.placed(
            in: file, behind: SafeTensorsFile.lengthSize + header.count, fileIndex: fileIndex)
    }

    /// Whether the file can be one: a length, then the brace that begins the header.
    static func isLikely(_ file: MappedFile) -> Bool {
        file.byteCount >= smallestSize && file.littleEndian(UInt8.self, at: lengthSize) == UInt8(ascii: "{")
            && file.littleEndian(UInt64.self, at: 0) <= UInt64(longestHeader)
    }

    fileprivate static let lengthSize = 8
}

extension MappedFile {
    /// The bytes of the header, whose length is checked before they are copied.
    fileprivate func safeTensorsHeader() throws(ModelFileError) -> [UInt8] {
        func problem(_ problem: ModelFileError.Problem, at offset: Int = 0) -> ModelFileError {
            ModelFileError(file: path, offset: offset, problem: problem)
        }
        let start = SafeTensorsFile.lengthSize
        guard byteCount >= start else {
            throw problem(
                .truncated(field: "the header's length", needed: UInt64(start), available: byteCount))
        }
        let length = littleEndian(UInt64.self, at: 0)
        guard length <= UInt64(SafeTensorsFile.longestHeader) else {
            throw problem(
                .invalid(expected: "a header of at most \(SafeTensorsFile.longestHeader) bytes", found: "\(length)"))
        }
        guard length <= UInt64(byteCount - start) else {
            throw problem(.truncated(field: "header", needed: length, available: byteCount - start), at: start)
        }
        var header: [UInt8] = []
        append(start..<start + Int(length), to: &header)
        guard header.first == UInt8(ascii: "{") else {
            let found = header.first.map { PrintableName.quoted(bytes: [$0]) } ?? "an empty header"
            throw problem(.invalid(expected: "a header that begins with '{'", found: found), at: start)
        }
        return header
    }
}

/// One tensor as the header has it.
struct SafeTensorsRecord {
    let name: String
    /// Of its `data_offsets`, absolute in the file; for errors about them.
    let offset: Int
    let elementType: ElementType
    let shape: Shape
    /// From the end of the header.
    let dataRange: Range<Int>
}

extension [SafeTensorsRecord] {
    /// Gives every tensor its place, in the order of the bytes.
    ///
    /// - Throws: `.invalid` for bytes that lie on another tensor's or leave a hole, `.truncated` for those beyond the file.
    fileprivate func placed(
        in file: MappedFile, behind dataStart: Int, fileIndex: Int
    ) throws(ModelFileError) -> [TensorEntry] {
        var entries: [TensorEntry] = []
        entries.reserveCapacity(count)
        var end = 0
        let available = file.byteCount - dataStart
        // Tensors without elements stand before the one that begins where they do.
        for record in sorted(by: {
            ($0.dataRange.lowerBound, $0.dataRange.upperBound) < ($1.dataRange.lowerBound, $1.dataRange.upperBound)
        }) {
            guard record.dataRange.lowerBound == end else {
                throw record.error(
                    in: file,
                    .invalid(
                        expected: "data that begin at \(end), where the tensor before ends",
                        found: "\(record.dataRange.lowerBound)"))
            }
            end = record.dataRange.upperBound
            guard end <= available else {
                throw record.error(
                    in: file, .truncated(field: "tensor data", needed: UInt64(end), available: available))
            }
            entries.append(
                TensorEntry(
                    name: record.name, elementType: record.elementType, shape: record.shape,
                    byteRange: dataStart + record.dataRange.lowerBound..<dataStart + end, fileIndex: fileIndex))
        }
        guard end == available else {
            throw ModelFileError(
                file: file.path, offset: dataStart + end,
                problem: .invalid(
                    expected: "the end of the file behind the last tensor", found: "\(available - end) bytes"))
        }
        return entries
    }
}

extension SafeTensorsRecord {
    fileprivate func error(in file: MappedFile, _ problem: ModelFileError.Problem) -> ModelFileError {
        ModelFileError(file: file.path, offset: offset, subject: .tensor(name), problem: problem)
    }
}
