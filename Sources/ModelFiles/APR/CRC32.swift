/// The checksum of IEEE 802.3, as zlib's `crc32` computes it: polynomial 0xEDB88320, reflected, complemented at both ends.
package struct CRC32: Sendable {
    private var state: UInt32 = 0xFFFF_FFFF

    package init() {}

    package var value: UInt32 { ~state }

    package mutating func update(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { step(byte) }
    }

    /// Four bytes at a time: a model of gigabytes is read at the speed of its disk.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        let wordCount = bytes.count / 4
        unsafe Self.tables.withUnsafeBufferPointer { tables in
            for word in 0..<wordCount {
                let mixed =
                    unsafe state ^ UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * word, as: UInt32.self))
                state =
                    unsafe tables[768 + Int(mixed & 0xFF)] ^ tables[512 + Int(mixed >> 8 & 0xFF)]
                    ^ tables[256 + Int(mixed >> 16 & 0xFF)] ^ tables[Int(mixed >> 24)]
            }
        }
        for index in 4 * wordCount..<bytes.count { step(unsafe bytes[index]) }
    }

    private mutating func step(_ byte: UInt8) {
        state = Self.tables[Int(UInt8(truncatingIfNeeded: state) ^ byte)] ^ state >> 8
    }

    /// `[4, 256]`: what a byte adds with 0 to 3 bytes behind it.
    private static let tables: [UInt32] = {
        var tables = [UInt32](repeating: 0, count: 1024)
        for byte in 0..<256 {
            var value = UInt32(byte)
            for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
            tables[byte] = value
        }
        for byte in 256..<1024 { tables[byte] = tables[Int(tables[byte - 256] & 0xFF)] ^ tables[byte - 256] >> 8 }
        return tables
    }()
}

extension MappedFile {
    /// - Precondition: `range` lies inside the file.
    func crc32(of range: Range<Int>) -> UInt32 {
        var crc = CRC32()
        unsafe crc.update(bytes(in: range))
        return crc.value
    }
}
