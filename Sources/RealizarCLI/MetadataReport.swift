import ModelFiles

/// One metadata value as `inspect` shows it. Of arrays only the beginning is shown: vocabularies have 100 000 entries.
struct MetadataReport: Encodable {
    /// `uint32`, `array of string`
    let type: String
    private let content: Content

    private indirect enum Content {
        case integer(String)
        case number(Double)
        case bool(Bool)
        case string(String)
        case array(elementType: String, count: Int, first: [MetadataReport])
    }

    private static let shownElementCount = 8

    /// - Throws: `ModelFileError` when the file has changed since it was opened.
    init(_ value: MetadataValue) throws(ModelFileError) {
        type = value.typeDescription
        switch value {
        case .string(let bytes): content = .string(String(decoding: bytes, as: UTF8.self))
        case .bool(let bool): content = .bool(bool)
        case .float32(let number):
            content = .number(Double("\(number)") ?? Double(number))  // 1e-05, not 9.99999974e-06
        case .float64(let number): content = .number(number)
        case .uint64(let integer): content = .integer("\(integer)")
        case .array(let array):
            var first: [MetadataReport] = []
            for element in try array.values(limit: Self.shownElementCount) {
                // Arrays in arrays are told by type and count alone, so that nothing nests deeper.
                if case .array(let inner) = element {
                    first.append(MetadataReport(array: inner))
                } else {
                    first.append(try MetadataReport(element))
                }
            }
            content = .array(elementType: "\(array.elementType)", count: array.count, first: first)
        default: content = .integer(value.integer.map { "\($0)" } ?? "")
        }
    }

    private init(array: MetadataArray) {
        type = "array of \(array.elementType)"
        content = .array(elementType: "\(array.elementType)", count: array.count, first: [])
    }

    /// On one line.
    var text: String {
        switch content {
        case .integer(let digits): return digits
        case .number(let number): return "\(number)"
        case .bool(let bool): return "\(bool)"
        case .string(let string): return string.shortened(to: 100).printable
        case .array(_, let count, let first):
            if first.isEmpty { return "\(count)" }
            let shown = first.map(\.text).joined(separator: ", ").shortened(to: 100)
            return "\(count): \(shown)\(first.count < count ? ", …" : "")"
        }
    }

    private struct ArrayReport: Encodable {
        let type: String
        let count: Int
        let first: [MetadataReport]
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch content {
        case .integer(let digits):
            if let integer = Int64(digits) {
                try container.encode(integer)
            } else {
                try container.encode(UInt64(digits))
            }
        case .number(let number): try container.encode(number.finite)
        case .bool(let bool): try container.encode(bool)
        case .string(let string): try container.encode(string)
        case .array(let elementType, let count, let first):
            try container.encode(ArrayReport(type: "array of \(elementType)", count: count, first: first))
        }
    }
}
