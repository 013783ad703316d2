/// Writes GGUF files in memory, sound ones and others: every number can be set to what no writer would write.
package struct GGUFBuilder: Sendable {
    package var version: UInt32 = 3
    /// The count written instead of the true one.
    package var claimedKeyCount: UInt64?
    package var claimedTensorCount: UInt64?
    /// Of the data section; `general.alignment` is only written where a key says so.
    package var alignment = 32

    private var keyBytes: [UInt8] = []
    private var keyCount: UInt64 = 0
    private var tensors: [Tensor] = []

    package enum Value: Sendable {
        case uint32(UInt32), int32(Int32), uint64(UInt64), float32(Float), bool(Bool), string(String)
        case strings([String]), int32s([Int32]), float32s([Float])
        /// A type number and the bytes behind it, as they are.
        case raw(type: UInt32, bytes: [UInt8])
    }

    private struct Tensor {
        let name: [UInt8], dimensions: [UInt64], type: UInt32, offset: UInt64?, data: [UInt8]
    }

    package init() {}

    package mutating func add(_ key: String, _ value: Value) { add([UInt8](key.utf8), value) }

    package mutating func add(_ key: [UInt8], _ value: Value) {
        keyCount += 1
        keyBytes += Self.string(key) + Self.bytes(of: value)
    }

    /// - Parameters:
    ///   - dimensions: Innermost first, as in the file.
    ///   - type: The number of the element type, for example 0 for F32.
    ///   - offset: Written instead of the true one, from the start of the data section.
    package mutating func addTensor(
        _ name: String, dimensions: [UInt64], type: UInt32, offset: UInt64? = nil, data: [UInt8]
    ) {
        addTensor([UInt8](name.utf8), dimensions: dimensions, type: type, offset: offset, data: data)
    }

    package mutating func addTensor(
        _ name: [UInt8], dimensions: [UInt64], type: UInt32, offset: UInt64? = nil, data: [UInt8]
    ) {
        tensors.append(Tensor(name: name, dimensions: dimensions, type: type, offset: offset, data: data))
    }

    /// A float32 tensor.
    ///
    /// - Parameter shape: Outermost first.
    package mutating func addTensor(_ name: String, shape: [Int], values: [Float]) {
        addTensor(
            name, dimensions: shape.reversed().map { UInt64($0) }, type: 0,
            data: values.flatMap { Self.little($0.bitPattern) })
    }

    package func build() -> [UInt8] {
        var list: [UInt8] = []
        var data: [UInt8] = []
        for tensor in tensors {
            list += Self.string(tensor.name) + Self.little(UInt32(tensor.dimensions.count))
            list += tensor.dimensions.flatMap { Self.little($0) }
            list += Self.little(tensor.type) + Self.little(tensor.offset ?? UInt64(data.count))
            data += tensor.data
            data += padding(behind: data.count)
        }
        var file = [UInt8]("GGUF".utf8) + Self.little(version)
        file += Self.little(claimedTensorCount ?? UInt64(tensors.count))
        file += Self.little(claimedKeyCount ?? keyCount) + keyBytes + list
        if !tensors.isEmpty { file += padding(behind: file.count) }
        return file + data
    }

    private func padding(behind count: Int) -> [UInt8] {
        [UInt8](repeating: 0, count: (alignment - count % alignment) % alignment)
    }
}

extension GGUFBuilder {
    package static func little(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { [UInt8]($0) }
    }

    /// A length and the bytes.
    package static func string(_ bytes: [UInt8]) -> [UInt8] { little(UInt64(bytes.count)) + bytes }

    private static func bytes(of value: Value) -> [UInt8] {
        switch value {
        case .uint32(let value): little(UInt32(4)) + little(value)
        case .int32(let value): little(UInt32(5)) + little(value)
        case .float32(let value): little(UInt32(6)) + little(value.bitPattern)
        case .bool(let value): little(UInt32(7)) + [value ? 1 : 0]
        case .string(let value): little(UInt32(8)) + string([UInt8](value.utf8))
        case .uint64(let value): little(UInt32(10)) + little(value)
        case .strings(let values): array(of: 8, values.map { string([UInt8]($0.utf8)) })
        case .int32s(let values): array(of: 5, values.map { little($0) })
        case .float32s(let values): array(of: 6, values.map { little($0.bitPattern) })
        case .raw(let type, let bytes): little(type) + bytes
        }
    }

    private static func array(of type: UInt32, _ elements: [[UInt8]]) -> [UInt8] {
        little(UInt32(9)) + little(type) + little(UInt64(elements.count)) + elements.joined()
    }
}
