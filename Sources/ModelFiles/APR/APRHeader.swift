/// The first 64 bytes of an APR v2 file.
///
/// ```
/// 0 'APR\0' | 4 version u8 u8 | 6 flags u16 | 8 tensor count u32 | 12 metadata offset u64 | 20 metadata size u32
/// 24 index offset u64 | 32 data offset u64 | 40 CRC-32 of bytes 0…39 and 44…63 | 44 zeros
/// ```
struct APRHeader: Equatable {
    static let magic: [UInt8] = [0x41, 0x50, 0x52, 0x00]
    static let byteCount = 64
    /// What metadata, index, data and each tensor's bytes begin at a multiple of.
    static let alignment = 64
    /// Of the whole file, behind the data.
    static let footerByteCount = 4
    static let checksumRange = 40..<44
    static let mostTensors = 1 << 20
    /// In bytes. A vocabulary of 150,000 tokens takes about 10 MB.
    static let longestMetadata = 1 << 26

    struct Flags: OptionSet {
        let rawValue: UInt16

        static let lz4 = Flags(rawValue: 0x0001)
        static let zstandard = Flags(rawValue: 0x0002)
        static let encrypted = Flags(rawValue: 0x0004)
        static let signed = Flags(rawValue: 0x0008)
        static let sharded = Flags(rawValue: 0x0010)
        static let quantized = Flags(rawValue: 0x0020)
        static let rowMajor = Flags(rawValue: 0x0400)
        static let columnMajor = Flags(rawValue: 0x0800)
        /// Those that say nothing about how the file is read: filter bank, model card, streaming, vocabulary.
        static let remarks = Flags(rawValue: 0x03C0)

        /// What a file with one of these would need, by name.
        static let refused: [(flag: Flags, name: String, advice: String)] = [
            (.lz4, "an APR file compressed by LZ4", "write it without compression"),
            (.zstandard, "an APR file compressed by Zstandard", "write it without compression"),
            (.encrypted, "an encrypted APR file", "decrypt it first"),
            (.signed, "a signed APR file", "version 2 has no layout for signatures; write it unsigned"),
            (.sharded, "one shard of an APR model", "join the shards into one file"),
            (.columnMajor, "an APR file with weights in column order", "write it with rows first"),
        ]
    }

    var flags: Flags
    var tensorCount: Int
    var metadataByteCount: Int
    /// Absolute in the file, as `dataOffset`.
    var indexOffset: Int
    var dataOffset: Int
}

// MARK: - Reading

extension APRHeader {
    /// - Throws: For another layout under the same magic, flags that ask for what is not read, a checksum that does not fit, and
    ///   offsets that lie outside the file or in another order than header, metadata, index, data.
    init(_ file: MappedFile) throws(ModelFileError) {
        func problem(_ problem: ModelFileError.Problem, at offset: Int) -> ModelFileError {
            ModelFileError(file: file.path, offset: offset, problem: problem)
        }
        let smallest = Self.byteCount + Self.footerByteCount
        guard file.byteCount >= smallest else {
            throw problem(
                .truncated(field: "header and footer", needed: UInt64(smallest), available: file.byteCount), at: 0)
        }
        try Self.checkVersion(file)
        var flags = Flags(rawValue: file.littleEndian(UInt16.self, at: 6))
        for (flag, name, advice) in Flags.refused where flags.contains(flag) {
            throw problem(.unsupported(found: name, advice: advice), at: 6)
        }
        let unknown = flags.subtracting([.quantized, .rowMajor, .remarks])
        guard unknown.isEmpty else {
            throw problem(.invalid(expected: "known flags", found: "0x\(String(unknown.rawValue, radix: 16))"), at: 6)
        }
        flags.insert(.rowMajor)  // a file that says neither means it
        self.flags = flags
        let checksum = Self.checksum(file)
        guard file.littleEndian(UInt32.self, at: 40) == checksum else {
            let found = String(file.littleEndian(UInt32.self, at: 40), radix: 16)
            throw problem(
                .invalid(expected: "the header's checksum \(String(checksum, radix: 16))", found: found), at: 40)
        }
        let metadataOffset = file.littleEndian(UInt64.self, at: 12)
        guard metadataOffset == UInt64(Self.byteCount) else {
            throw problem(.invalid(expected: "metadata at byte \(Self.byteCount)", found: "\(metadataOffset)"), at: 12)
        }
        tensorCount = Int(file.littleEndian(UInt32.self, at: 8))
        metadataByteCount = Int(file.littleEndian(UInt32.self, at: 20))
        guard tensorCount <= Self.mostTensors else {
            throw problem(.invalid(expected: "at most \(Self.mostTensors) tensors", found: "\(tensorCount)"), at: 8)
        }
        guard metadataByteCount <= Self.longestMetadata else {
            throw problem(
                .invalid(expected: "at most \(Self.longestMetadata) bytes of metadata", found: "\(metadataByteCount)"),
                at: 20)
        }
        let end = file.byteCount - Self.footerByteCount
        indexOffset = try Self.offset(
            of: "the index", at: 24, in: file, from: Self.byteCount + metadataByteCount, to: end)
        dataOffset = try Self.offset(of: "the data", at: 32, in: file, from: indexOffset, to: end)
    }

    private static func offset(
        of section: String, at place: Int, in file: MappedFile, from start: Int, to end: Int
    ) throws(ModelFileError) -> Int {
        let found = file.littleEndian(UInt64.self, at: place)
        guard start <= end, found.isMultiple(of: UInt64(alignment)), let offset = Int(exactly: found),
            (start...end).contains(offset)
        else {
            let expected = "\(section) at a multiple of \(alignment) from \(start) to \(end)"
            throw ModelFileError(
                file: file.path, offset: place, problem: .invalid(expected: expected, found: "\(found)"))
        }
        return offset
    }

    /// Three other layouts have the same magic; none of them has a 2 and a 0 at bytes 4 and 5.
    private static func checkVersion(_ file: MappedFile) throws(ModelFileError) {
        let (major, minor) = (file.littleEndian(UInt8.self, at: 4), file.littleEndian(UInt8.self, at: 5))
        if major == 2, minor == 0, file.littleEndian(UInt64.self, at: 12) == UInt64(byteCount) { return }
        let found =
            major <= 2
            ? "an APR file that is not of version 2.0 (a compressed wrapper, or a flat transformer image)"
            : "an APR file of version \(major).\(minor)"
        throw ModelFileError(
            file: file.path, offset: 4,
            problem: .unsupported(found: found, advice: "version 2.0 is read; convert the model again"))
    }

    private static func checksum(_ file: MappedFile) -> UInt32 {
        var crc = CRC32()
        unsafe crc.update(file.bytes(in: 0..<checksumRange.lowerBound))
        unsafe crc.update(file.bytes(in: checksumRange.upperBound..<byteCount))
        return crc.value
    }
}

// MARK: - Writing

extension APRHeader {
    var bytes: [UInt8] {
        var bytes = Self.magic + [2, 0]
        bytes.append(littleEndian: flags.rawValue)
        bytes.append(littleEndian: UInt32(tensorCount))
        bytes.append(littleEndian: UInt64(Self.byteCount))
        bytes.append(littleEndian: UInt32(metadataByteCount))
        bytes.append(littleEndian: UInt64(indexOffset))
        bytes.append(littleEndian: UInt64(dataOffset))
        let rest = [UInt8](repeating: 0, count: Self.byteCount - Self.checksumRange.upperBound)
        var crc = CRC32()
        crc.update(bytes + rest)
        bytes.append(littleEndian: crc.value)
        return bytes + rest
    }
}

extension [UInt8] {
    mutating func append(littleEndian value: some FixedWidthInteger & UnsignedInteger) {
        for shift in stride(from: 0, to: value.bitWidth, by: 8) { append(UInt8(truncatingIfNeeded: value >> shift)) }
    }

    /// Zeros up to the next multiple of `alignment`.
    mutating func pad(to alignment: Int) {
        append(contentsOf: repeatElement(0, count: (alignment - count % alignment) % alignment))
    }
}
