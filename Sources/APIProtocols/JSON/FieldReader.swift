/// Reads one JSON object field by field; what is missing, out of range or of the wrong kind is reported by full name.
///
/// `null` is the same as an absent field everywhere.
struct FieldReader {
    private let container: KeyedDecodingContainer<FieldName>
    private let path: String

    /// - Throws: `RequestFieldError` if the value is no object.
    init(_ decoder: any Decoder) throws(RequestFieldError) {
        path = FieldName.path(decoder.codingPath)
        do {
            container = try decoder.container(keyedBy: FieldName.self)
        } catch {
            let found = (try? JSONValue(from: decoder))?.description ?? "another value"
            throw RequestFieldError(field: path, problem: .invalid(expected: "a JSON object", found: found))
        }
    }

    /// Whether the field is present and not null.
    func has(_ name: String) -> Bool {
        container.contains(FieldName(name)) && (try? container.decodeNil(forKey: FieldName(name))) == false
    }

    func string(_ name: String) throws(RequestFieldError) -> String? {
        try value(name, expected: "a string")
    }

    func boolean(_ name: String) throws(RequestFieldError) -> Bool? {
        try value(name, expected: "true or false")
    }

    func number(_ name: String, _ expected: String, accepts: (Double) -> Bool) throws(RequestFieldError) -> Double? {
        guard let number: Double = try value(name, expected: expected) else { return nil }
        guard accepts(number) else { throw invalid(name, expected: expected) }
        return number
    }

    func number(_ name: String, in range: ClosedRange<Double>) throws(RequestFieldError) -> Double? {
        let bounds = "\(JSONValue.number(range.lowerBound)) and \(JSONValue.number(range.upperBound))"
        return try number(name, "between \(bounds)") { range.contains($0) }
    }

    func integer(_ name: String, in range: ClosedRange<Int>) throws(RequestFieldError) -> Int? {
        let expected =
            range.upperBound == .max
            ? "a whole number, \(range.lowerBound) or more"
            : "a whole number between \(range.lowerBound) and \(range.upperBound)"
        guard let integer: Int = try value(name, expected: expected) else { return nil }
        guard range.contains(integer) else { throw invalid(name, expected: expected) }
        return integer
    }

    /// Any `Decodable`; a `RequestFieldError` from inside it passes through.
    func value<Value: Decodable>(
        _ name: String, as type: Value.Type = Value.self, expected: String
    ) throws(RequestFieldError) -> Value? {
        guard has(name) else { return nil }
        do {
            return try container.decode(Value.self, forKey: FieldName(name))
        } catch let error as RequestFieldError {
            throw error
        } catch {
            throw invalid(name, expected: expected)
        }
    }

    /// An array of at most `maximumCount` elements; a longer one is refused before its elements are read.
    func array<Element: Decodable>(
        _ name: String, of type: Element.Type, maximumCount: Int, expected: String
    ) throws(RequestFieldError) -> [Element]? {
        guard has(name) else { return nil }
        do {
            var list = try container.nestedUnkeyedContainer(forKey: FieldName(name))
            if let count = list.count, count > maximumCount {
                throw error(name, .invalid(expected: "\(expected), at most \(maximumCount)", found: "\(count)"))
            }
            var elements: [Element] = []
            while !list.isAtEnd { elements.append(try list.decode(Element.self)) }
            return elements
        } catch let error as RequestFieldError {
            throw error
        } catch {
            throw invalid(name, expected: expected)
        }
    }

    /// A value of any kind; nil if absent or null.
    func anyValue(_ name: String) -> JSONValue? {
        has(name) ? try? container.decode(JSONValue.self, forKey: FieldName(name)) : nil
    }

    /// The value, or an error that says the field must be given.
    func required<Value>(_ name: String, _ value: Value?) throws(RequestFieldError) -> Value {
        guard let value else { throw error(name, .missing) }
        return value
    }

    /// Refuses unsupported fields unless they ask for nothing, and fields that `known` does not list.
    func refuseOthers(known: Set<String>, rules: FieldRules) throws(RequestFieldError) {
        for name in container.allKeys.map(\.stringValue).sorted() where has(name) && !known.contains(name) {
            if rules.withoutEffect.contains(name) { continue }
            guard let harmless = rules.unsupported[name] else { throw error(name, .unknown) }
            guard let found = anyValue(name), !harmless.contains(found) else { continue }
            let instead =
                harmless.isEmpty
                ? "leave it out" : "leave it out or send \(harmless.map(\.json).joined(separator: " or "))"
            throw error(name, .unsupported(found: found.description, instead: instead))
        }
    }

    func invalid(_ name: String, expected: String) -> RequestFieldError {
        error(name, .invalid(expected: expected, found: anyValue(name)?.description ?? "null"))
    }

    func error(_ name: String, _ problem: RequestFieldError.Problem) -> RequestFieldError {
        RequestFieldError(field: path.isEmpty ? name : "\(path).\(name)", problem: problem)
    }
}

/// The name of a field as it stands in JSON.
struct FieldName: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }

    /// `messages[0].content` for the keys on the way there.
    static func path(_ keys: [any CodingKey]) -> String {
        keys.reduce(into: "") { path, key in
            if let index = key.intValue {
                path += "[\(index)]"
            } else {
                path += path.isEmpty ? key.stringValue : ".\(key.stringValue)"
            }
        }
    }
}
