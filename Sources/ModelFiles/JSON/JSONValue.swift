/// A JSON value as a tree, for documents that are small and looked at from several sides.
package struct JSONValue: Sendable {
    /// Absolute in the file.
    package let offset: Int
    package let content: Content

    package enum Content: Sendable {
        case null
        case bool(Bool)
        case number(JSONNumber)
        case string(String)
        case array([JSONValue])
        case object(JSONObject)
    }

    /// `an object`
    package var kind: String {
        switch content {
        case .null: "null"
        case .bool: "a bool"
        case .number(.integer): "an integer"
        case .number(.double): "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }

    /// For errors: numbers, bools and strings themselves, of others the kind.
    package var shown: String {
        switch content {
        case .bool(let bool): "\(bool)"
        case .number(.integer(let integer)): "\(integer)"
        case .number(.double(let double)): "\(double)"
        case .string(let string): PrintableName.quoted(string)
        case .null, .array, .object: kind
        }
    }

    package var isNull: Bool { if case .null = content { true } else { false } }
    package var bool: Bool? { if case .bool(let bool) = content { bool } else { nil } }
    package var string: String? { if case .string(let string) = content { string } else { nil } }
    package var integer: Int? { if case .number(.integer(let integer)) = content { integer } else { nil } }
    package var array: [JSONValue]? { if case .array(let array) = content { array } else { nil } }
    package var object: JSONObject? { if case .object(let object) = content { object } else { nil } }

    /// Integers rounded to the nearest Double.
    package var number: Double? {
        switch content {
        case .number(.integer(let integer)): Double(integer)
        case .number(.double(let double)): double
        default: nil
        }
    }
}

/// An object's members, in the order of the text. A key stands in it once.
package struct JSONObject: Sendable {
    package private(set) var members: [(key: String, value: JSONValue)] = []
    private var indexes: [String: Int] = [:]

    package init() {}

    package subscript(key: String) -> JSONValue? { indexes[key].map { members[$0].value } }

    package var keys: some Sequence<String> { members.lazy.map(\.key) }

    /// The value of the key is replaced where it has one.
    package mutating func set(_ key: String, _ value: JSONValue) {
        if let index = indexes[key] {
            members[index].value = value
        } else {
            indexes[key] = members.count
            members.append((key, value))
        }
    }
}

extension JSONReader {
    /// What becomes of a key that an object has twice.
    package enum DuplicateKeys: Sendable {
        case refused
        /// For documents whose writers are known to repeat keys.
        case lastWins
    }

    /// Reads the next value as a tree.
    package mutating func value(duplicateKeys: DuplicateKeys = .refused) throws(ModelFileError) -> JSONValue {
        let start = offset
        let content: JSONValue.Content =
            switch peek() ?? 0 {
            case UInt8(ascii: "{"): .object(try object(duplicateKeys))
            case UInt8(ascii: "["): .array(try array(duplicateKeys))
            case UInt8(ascii: "\""): .string(text(of: try string()))
            case UInt8(ascii: "t"), UInt8(ascii: "f"): .bool(try bool())
            case UInt8(ascii: "n"): try literalNull()
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): .number(try number())
            default: throw unexpected("a value")
            }
        return JSONValue(offset: start, content: content)
    }

    private mutating func object(_ duplicateKeys: DuplicateKeys) throws(ModelFileError) -> JSONObject {
        var object = JSONObject()
        try beginObject()
        switch duplicateKeys {
        case .refused:
            var keys = JSONKeys()
            while let key = try keys.next(&self) { object.set(key, try value(duplicateKeys: duplicateKeys)) }
        case .lastWins:
            while let key = try nextKey() { object.set(text(of: key), try value(duplicateKeys: duplicateKeys)) }
        }
        return object
    }

    private mutating func array(_ duplicateKeys: DuplicateKeys) throws(ModelFileError) -> [JSONValue] {
        var elements: [JSONValue] = []
        try beginArray()
        while try nextElement() { elements.append(try value(duplicateKeys: duplicateKeys)) }
        return elements
    }

    private mutating func literalNull() throws(ModelFileError) -> JSONValue.Content {
        _ = try null()
        return .null
    }
}
