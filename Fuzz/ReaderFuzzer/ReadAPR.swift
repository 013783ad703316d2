import ModelFiles

/// Opens an APR file of version 2 or 1, with checksums put right: otherwise nothing behind them would be reached.
func readAPR(_ bytes: [UInt8], path: String) {
    var bytes = bytes
    // Of version 2: the header's, which leaves itself out.
    if bytes.count >= 68, bytes.starts(with: [0x41, 0x50, 0x52, 0]) {
        store(checksum(of: bytes, 0..<40, 44..<64), at: 40, in: &bytes)
    }
    // Of both: that of all before it.
    if bytes.count >= 36 { store(checksum(of: bytes, 0..<bytes.count - 4), at: bytes.count - 4, in: &bytes) }
    readModelFile(bytes, path: path)
}

private func checksum(of bytes: [UInt8], _ ranges: Range<Int>...) -> UInt32 {
    var crc = CRC32()
    bytes.withUnsafeBytes { whole in
        for range in ranges { crc.update(UnsafeRawBufferPointer(rebasing: whole[range])) }
    }
    return crc.value
}

private func store(_ value: UInt32, at offset: Int, in bytes: inout [UInt8]) {
    for index in 0..<4 { bytes[offset + index] = UInt8(truncatingIfNeeded: value >> UInt32(8 * index)) }
}
