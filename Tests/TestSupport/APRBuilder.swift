/// Writes APR v2 files in memory, sound ones and others: every number can be set to what no writer would write.
package struct APRBuilder: Sendable {
    package var version: (UInt8, UInt8) = (2, 0)
    package var flags: UInt16 = 0x0400
    package var metadata = "{\"model_type\":\"t\",\"architecture\":\"llama\"}"
    /// Written instead of the true ones.
    package var claimedTensorCount: UInt32?
    package var metadataOffset: UInt64 = 64
    package var indexOffset: UInt64?
    package var dataOffset: UInt64?
    package var headerChecksum: UInt32?
    package var footer: UInt32?
    /// The bytes of the index instead of the true ones.
    package var index: [UInt8]?

    private var tensors:
        [(name: [UInt8], type: UInt8, shape: [UInt64], offset: UInt64?, size: UInt64?, data: [UInt8])] = []

    package init() {}

    /// - Parameters:
    ///   - offset: Written instead of the true one, from the start of the data.
    ///   - size: Written instead of the count of `data`.
    package mutating func addTensor(
        _ name: String, type: UInt8, shape: [UInt64], offset: UInt64? = nil, size: UInt64? = nil, data: [UInt8]
    ) {
        tensors.append(([UInt8](name.utf8), type, shape, offset, size, data))
    }

    package mutating func addTensor(_ name: String, shape: [UInt64], values: [Float]) {
        addTensor(name, type: 0, shape: shape, data: values.flatMap { GGUFBuilder.little($0.bitPattern) })
    }

    package func build() -> [UInt8] {
        var list: [UInt8] = [], data: [UInt8] = []
        for tensor in tensors {
            list +=
                GGUFBuilder.little(UInt16(tensor.name.count)) + tensor.name + [tensor.type, UInt8(tensor.shape.count)]
            list += tensor.shape.flatMap { GGUFBuilder.little($0) }
            list += GGUFBuilder.little(tensor.offset ?? UInt64(data.count))
            list += GGUFBuilder.little(tensor.size ?? UInt64(tensor.data.count))
            data += Self.padded(tensor.data)
        }
        let text = Self.padded([UInt8](metadata.utf8)), places = Self.padded(index ?? list)
        var header = [UInt8]("APR\0".utf8) + [version.0, version.1] + GGUFBuilder.little(flags)
        header += GGUFBuilder.little(claimedTensorCount ?? UInt32(tensors.count)) + GGUFBuilder.little(metadataOffset)
        header += GGUFBuilder.little(UInt32(metadata.utf8.count))
        header += GGUFBuilder.little(indexOffset ?? UInt64(64 + text.count))
        header += GGUFBuilder.little(dataOffset ?? UInt64(64 + text.count + places.count))
        let zeros = [UInt8](repeating: 0, count: 20)
        header += GGUFBuilder.little(headerChecksum ?? Self.crc32(header + zeros)) + zeros
        let file = header + text + places + data
        return file + GGUFBuilder.little(footer ?? Self.crc32(file))
    }

    /// Bit by bit, as the definition says.
    package static func crc32(_ bytes: [UInt8]) -> UInt32 {
        var crc: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
        return ~crc
    }

    private static func padded(_ bytes: [UInt8]) -> [UInt8] {
        bytes + [UInt8](repeating: 0, count: (64 - bytes.count % 64) % 64)
    }
}
