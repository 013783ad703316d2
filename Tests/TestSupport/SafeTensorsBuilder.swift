/// Writes safetensors files in memory, sound ones and others: the header's text can be given as it should not be.
package struct SafeTensorsBuilder: Sendable {
    private var entries: [String] = []
    private var data: [UInt8] = []
    /// Written instead of the header's true length.
    package var claimedHeaderLength: UInt64?
    /// Spaces behind the header.
    package var padding = 0
    /// The header instead of the true one.
    package var header: String?

    package init() {}

    package mutating func addComments(_ json: String) { entries.append("\"__metadata__\":\(json)") }

    package mutating func addTensor(_ name: String, type: String, shape: [Int], data bytes: [UInt8]) {
        let range = "\(data.count),\(data.count + bytes.count)"
        entries.append("\"\(name)\":{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":[\(range)]}")
        data += bytes
    }

    /// A float32 tensor.
    package mutating func addTensor(_ name: String, shape: [Int], values: [Float]) {
        addTensor(name, type: "F32", shape: shape, data: values.flatMap { GGUFBuilder.little($0.bitPattern) })
    }

    package func build() -> [UInt8] {
        let header =
            [UInt8]((header ?? "{\(entries.joined(separator: ","))}").utf8) + [UInt8](repeating: 0x20, count: padding)
        return GGUFBuilder.little(claimedHeaderLength ?? UInt64(header.count)) + header + data
    }
}
