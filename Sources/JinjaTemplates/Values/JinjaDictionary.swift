/// Keys and values in the order of insertion.
package final class JinjaDictionary: Sendable {
    let entries: [(key: JinjaValue, value: JinjaValue)]
    let depth: Int
    private let places: [JinjaKey: Int]

    /// A later pair with the same key replaces the value and keeps the place, as in Python.
    ///
    /// - Precondition: every key can be a `JinjaKey`; pairs with another key are left out.
    init(_ pairs: [(JinjaValue, JinjaValue)]) {
        var entries: [(key: JinjaValue, value: JinjaValue)] = []
        var places: [JinjaKey: Int] = [:]
        var depth = 0
        for (key, value) in pairs {
            guard let hashed = JinjaKey(key) else { continue }
            depth = max(depth, key.depth, value.depth)
            if let place = places[hashed] {
                entries[place].value = value
            } else {
                places[hashed] = entries.count
                entries.append((key, value))
            }
        }
        self.entries = entries
        self.places = places
        self.depth = depth + 1
    }

    subscript(key: JinjaKey) -> JinjaValue? { places[key].map { entries[$0].value } }
    subscript(name: String) -> JinjaValue? { self[.string(JinjaString(name))] }
}

/// What can be a key: `1`, `1.0` and `true` are the same key, as in Python.
enum JinjaKey: Hashable, Sendable {
    case undefined
    case none
    case integer(Int)
    case double(Double)
    case string(JinjaString)
    case tuple([JinjaKey])
    case range(count: Int, first: Int, step: Int)
    /// What equals itself alone.
    case object(kind: String, number: Int)

    /// - Complexity: O(the text and the items in the value), of which no tuple lies deeper than the limit of values.
    init?(_ value: JinjaValue) {
        switch value {
        case .undefined: self = .undefined
        case .none: self = .none
        case .boolean(let value): self = .integer(value ? 1 : 0)
        case .integer(let value): self = .integer(value)
        case .double(let value): self = Int(exactly: value).map { .integer($0) } ?? .double(value)
        case .string(let value): self = .string(value)
        case .tuple(let list):
            var keys: [JinjaKey] = []
            for item in list.items {
                guard let key = JinjaKey(item) else { return nil }
                keys.append(key)
            }
            self = .tuple(keys)
        case .range(let range):
            self = .range(
                count: range.count, first: range.count > 0 ? range.first : 0, step: range.count > 1 ? range.step : 0)
        case .function(let function): self = .object(kind: function.rawValue, number: 0)
        case .macro(let number), .namespace(let number), .iterator(let number), .loop(let number), .cycler(let number),
            .joiner(let number):
            self = .object(kind: value.kind, number: number)
        case .list, .dictionary, .view, .method: return nil
        }
    }
}
