/// A JSON value of any kind, for fields that are only compared or shown.
public enum JSONValue: Sendable, Equatable {
    case null
    case boolean(Bool)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])
}

extension JSONValue: Decodable {
    /// Enough to compare with the values of the tables and to show the kind: of a collection the first few values, three
    /// levels deep; what is below is null. A number beyond `Double` is infinity.
    public init(from decoder: any Decoder) throws {
        self = try Self.read(decoder, levels: 3)
    }

    private static let maximumCount = 4

    private static func read(_ decoder: any Decoder, levels: Int) throws -> JSONValue {
        guard levels > 0 else { return .null }
        if var list = try? decoder.unkeyedContainer() {
            var values: [JSONValue] = []
            while !list.isAtEnd, values.count < maximumCount {
                values.append(try read(list.superDecoder(), levels: levels - 1))
            }
            return .array(values)
        }
        if let fields = try? decoder.container(keyedBy: FieldName.self) {
            let pairs = try fields.allKeys.prefix(maximumCount).map {
                ($0.stringValue, try read(fields.superDecoder(forKey: $0), levels: levels - 1))
            }
            return .object(Dictionary(pairs, uniquingKeysWith: { first, _ in first }))
        }
        let scalar = try decoder.singleValueContainer()
        if scalar.decodeNil() { return .null }
        if let value = try? scalar.decode(Bool.self) { return .boolean(value) }
        if let value = try? scalar.decode(String.self) { return .string(value) }
        return .number((try? scalar.decode(Double.self)) ?? .infinity)
    }
}

extension JSONValue: CustomStringConvertible {
    /// As an error message shows it: scalars as they are (texts cut after 40 characters), collections by kind.
    public var description: String {
        switch self {
        case .null: "null"
        case .boolean(let value): "\(value)"
        case .number(let value): Int(exactly: value).map { "\($0)" } ?? "\(value)"
        case .string(let value) where !value.dropFirst(40).isEmpty: "\(String(value.prefix(40)).debugDescription)…"
        case .string(let value): value.debugDescription
        case .array(let values): values.isEmpty ? "[]" : "an array"
        case .object: "an object"
        }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(booleanLiteral value: Bool) { self = .boolean(value) }
    public init(integerLiteral value: Int) { self = .number(Double(value)) }
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(Dictionary(elements, uniquingKeysWith: { first, _ in first }))
    }
}
