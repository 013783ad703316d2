import Tensors

/// All that a GGUF file says before its tensor data: checked, and with the tensors' places worked out.
///
/// ```
/// 'GGUF' | version u32 | tensor count u64 | key count u64 | keys and values | tensor list | padding | tensor data
/// ```
///
/// Numbers are little-endian. Versions 2 and 3 differ in nothing else than that 3 also names a big-endian form.
struct GGUFHeader {
    static let magic = [UInt8]("GGUF".utf8)
    static let mostKeys = 1 << 16
    static let mostTensors = 1 << 20

    let version: Int
    let metadata: Metadata
    /// In the order of the file; `byteRange`s lie inside it and apart from each other.
    let tensors: [TensorEntry]

    /// - Throws: `ModelFileError` at the first thing that is not as it should be.
    init(_ file: MappedFile, fileIndex: Int = 0) throws(ModelFileError) {
        var reader = GGUFReader(file)
        try reader.readMagic()
        version = try reader.readVersion()
        let tensorCount = try reader.count(
            of: "tensors", smallest: GGUFTensorRecord.smallestSize, atMost: Self.mostTensors)
        let keyCount = try reader.count(of: "keys", smallest: 13, atMost: Self.mostKeys)
        metadata = try reader.readMetadata(keyCount: keyCount)
        let alignment = try metadata.ggufAlignment()
        let records = try reader.readTensorRecords(count: tensorCount, alignment: alignment)
        tensors = try records.placed(in: file, behind: reader.offset, alignment: alignment, fileIndex: fileIndex)
    }
}

extension GGUFReader {
    fileprivate mutating func readMagic() throws(ModelFileError) {
        let range = try advance(by: UInt64(GGUFHeader.magic.count), over: "magic")
        var bytes: [UInt8] = []
        file.append(range, to: &bytes)
        guard bytes == GGUFHeader.magic else {
            throw error(at: 0, .invalid(expected: "'GGUF'", found: PrintableName.quoted(bytes: bytes)))
        }
    }

    fileprivate mutating func readVersion() throws(ModelFileError) -> Int {
        let start = offset
        let version = try integer(UInt32.self, "the version")
        if version == 2 || version == 3 { return Int(version) }
        if version == 1 {
            let advice = "versions 2 and 3 are read; convert the model again"
            throw error(at: start, .unsupported(found: "GGUF version 1", advice: advice))
        }
        if version.byteSwapped <= 0xFFFF {
            let found = "big-endian GGUF version \(version.byteSwapped)"
            throw error(at: start, .unsupported(found: found, advice: "convert the file to little-endian"))
        }
        throw error(at: start, .invalid(expected: "version 2 or 3", found: "\(version)"))
    }

    fileprivate mutating func readMetadata(keyCount: Int) throws(ModelFileError) -> Metadata {
        var metadata = Metadata(file: file.path)
        for _ in 0..<keyCount {
            subject = nil
            let start = offset
            let key = try name("a key", longest: Self.longestKey)
            subject = .key(key)
            let type = try valueType()
            let valueOffset = offset
            if let duplicate = metadata.append(key, try value(of: type), offset: valueOffset) {
                throw error(at: start, .duplicate(first: duplicate.firstOffset ?? 0))
            }
        }
        subject = nil
        return metadata
    }
}

extension Metadata {
    /// `general.alignment`, in bytes: what tensor offsets and the start of the data section are multiples of.
    ///
    /// The format asks for a multiple of 8, so that every number of a tensor is aligned in memory.
    func ggufAlignment() throws(ModelFileError) -> Int {
        let key = "general.alignment"
        guard let value = self[key] else { return 32 }
        guard case .uint32(let alignment) = value else { throw typeError(key, expected: "uint32", found: value) }
        guard (8...1 << 20).contains(alignment), alignment & (alignment - 1) == 0 else {
            throw error(about: key, expected: "a power of two from 8 to \(1 << 20)", found: "\(alignment)")
        }
        return Int(alignment)
    }
}
