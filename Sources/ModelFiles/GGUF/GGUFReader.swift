/// A place in a GGUF file's header that moves forward, with every read checked against what is left.
///
/// Source: the GGUF specification, github.com/ggml-org/ggml, docs/gguf.md.
struct GGUFReader {
    /// What the header (metadata and tensor list) may take, in bytes. Real ones stay below 64 MiB; the bound keeps a sparse
    /// file of terabytes from being read into memory as one string.
    static let longestHeader = 1 << 29
    /// In bytes.
    static let longestKey = 65_535
    static let longestTensorName = 256
    static let longestArray = 1 << 24

    let file: MappedFile
    /// Absolute, in bytes.
    private(set) var offset: Int
    /// Named in errors.
    var subject: ModelFileError.Subject?
    /// Absolute; nothing at or beyond it is read.
    private let end: Int

    init(_ file: MappedFile, at offset: Int = 0, subject: ModelFileError.Subject? = nil) {
        self.file = file
        self.offset = offset
        self.subject = subject
        end = min(file.byteCount, Self.longestHeader)
    }

    /// The bytes left to read.
    var available: Int { max(0, end - offset) }

    func error(at offset: Int, _ problem: ModelFileError.Problem) -> ModelFileError {
        ModelFileError(file: file.path, offset: offset, subject: subject, problem: problem)
    }

    /// Moves over `byteCount` bytes and gives where they lie.
    mutating func advance(by byteCount: UInt64, over field: String) throws(ModelFileError) -> Range<Int> {
        guard let count = Int(exactly: byteCount), count <= available else {
            guard end == file.byteCount else {
                let expected = "a header of at most \(Self.longestHeader) bytes"
                throw error(at: offset, .invalid(expected: expected, found: "\(byteCount) more bytes of \(field)"))
            }
            throw error(at: offset, .truncated(field: field, needed: byteCount, available: available))
        }
        defer { offset += count }
        return offset..<offset + count
    }

    mutating func integer<Integer: FixedWidthInteger & BitwiseCopyable>(
        _ type: Integer.Type, _ field: String
    ) throws(ModelFileError) -> Integer {
        let range = try advance(by: UInt64(MemoryLayout<Integer>.size), over: field)
        return file.littleEndian(type, at: range.lowerBound)
    }

    /// A count of things that take at least `smallest` bytes each: refused where what is left cannot hold them, so that no
    /// memory is reserved and no loop is started for a number that somebody made up.
    mutating func count(
        of things: String, smallest: Int, atMost most: Int
    ) throws(ModelFileError) -> Int {
        let start = offset
        let count = try integer(UInt64.self, "the count of \(things)")
        guard count <= UInt64(most) else {
            throw error(at: start, .invalid(expected: "at most \(most) \(things)", found: "\(count)"))
        }
        guard count <= UInt64(available / smallest) else {
            let expected = "at most \(available / smallest) \(things) in the \(available) bytes that follow"
            throw error(at: start, .invalid(expected: expected, found: "\(count)"))
        }
        return Int(count)
    }

    /// A length and so many bytes.
    ///
    /// - Returns: Where the bytes lie.
    mutating func stringRange(_ field: String) throws(ModelFileError) -> Range<Int> {
        let byteCount = try integer(UInt64.self, "the length of \(field)")
        return try advance(by: byteCount, over: field)
    }

    /// The name of a key or tensor: bounded, not empty, UTF-8.
    mutating func name(_ field: String, longest: Int) throws(ModelFileError) -> String {
        let start = offset
        let byteCount = try integer(UInt64.self, "the length of \(field)")
        guard byteCount >= 1, byteCount <= UInt64(longest) else {
            throw error(at: start, .invalid(expected: "\(field) of 1 to \(longest) bytes", found: "\(byteCount)"))
        }
        let range = try advance(by: byteCount, over: field)
        var bytes: [UInt8] = []
        file.append(range, to: &bytes)
        guard let name = String(validating: bytes, as: UTF8.self) else {
            let found = PrintableName.quoted(bytes: bytes)
            throw error(at: range.lowerBound, .invalid(expected: "\(field) in UTF-8", found: found))
        }
        return name
    }
}
