import Foundation
import Testing

/// A JSON value, read for comparison.
struct JSON: Equatable {
    private enum Value: Equatable {
        case null
        case bool(Bool)
        case number(Double)
        case string(String)
        case array([JSON])
        case object([String: JSON])
    }

    private let value: Value

    /// - Throws: when `bytes` are not exactly one JSON value.
    init(_ bytes: some Sequence<UInt8>) throws {
        self = try JSONDecoder().decode(JSON.self, from: Data(bytes))
    }

    subscript(key: String) -> JSON? { if case .object(let members) = value { members[key] } else { nil } }
    subscript(index: Int) -> JSON? {
        if case .array(let elements) = value, elements.indices.contains(index) { elements[index] } else { nil }
    }

    var isNull: Bool { value == .null }
    var number: Double? { if case .number(let number) = value { number } else { nil } }
    var string: String? { if case .string(let string) = value { string } else { nil } }
    var array: [JSON]? { if case .array(let elements) = value { elements } else { nil } }
    var keys: Set<String>? { if case .object(let members) = value { Set(members.keys) } else { nil } }
    /// The elements of an array of integers; nil for anything else.
    var integers: [Int]? {
        guard let array else { return nil }
        var integers: [Int] = []
        for element in array {
            guard let number = element.number, let integer = Int(exactly: number) else { return nil }
            integers.append(integer)
        }
        return integers
    }
}

extension JSON: Decodable {
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            value = .null
        } else if let bool = try? container.decode(Bool.self) {
            value = .bool(bool)
        } else if let number = try? container.decode(Double.self) {
            value = .number(number)
        } else if let string = try? container.decode(String.self) {
            value = .string(string)
        } else if let array = try? container.decode([JSON].self) {
            value = .array(array)
        } else {
            value = .object(try container.decode([String: JSON].self))
        }
    }
}
