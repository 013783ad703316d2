/// The methods of Python's `list`, `tuple` and `dict` that change nothing, and the names of those that would.
enum CollectionMethod: String, CaseIterable {
    case get, items, keys, values
    case index, count, copy
    case append, extend, insert, pop, remove, clear, update, setdefault, sort, reverse, popitem

    private static let named = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })

    init?(named name: String) {
        guard let method = Self.named[name] else { return nil }
        self = method
    }

    var changesReceiver: Bool {
        switch self {
        case .get, .items, .keys, .values, .index, .count, .copy: false
        default: true
        }
    }

    /// Whether values of this type have the method.
    func isOf(_ value: JinjaValue) -> Bool {
        switch (self, value) {
        case (.get, .dictionary), (.items, .dictionary), (.keys, .dictionary), (.values, .dictionary),
            (.update, .dictionary), (.setdefault, .dictionary), (.popitem, .dictionary):
            true
        case (.copy, .list), (.copy, .dictionary), (.pop, .list), (.pop, .dictionary), (.clear, .list),
            (.clear, .dictionary):
            true
        case (.index, .list), (.index, .tuple), (.index, .range), (.count, .list), (.count, .tuple), (.count, .range):
            true
        case (.append, .list), (.extend, .list), (.insert, .list), (.remove, .list), (.sort, .list), (.reverse, .list):
            true
        default: false
        }
    }
}

extension Interpreter {
    @inline(never)
    mutating func callMethod(
        _ name: String, ofCollection receiver: JinjaValue, _ arguments: CallArguments
    ) throws(JinjaError) -> JinjaValue {
        guard let method = CollectionMethod(named: name) else {
            throw failure(.unknown(kind: "method", name: name))
        }
        guard arguments.named.isEmpty else {
            throw failure(.wrongArguments(callee: name, detail: "takes no named arguments"))
        }
        if case .dictionary(let dictionary) = receiver { return try call(method, of: dictionary, arguments) }
        if method == .copy {
            _ = try bind(arguments, to: [], of: name)
            return receiver
        }
        let takesBounds = if case .range = receiver { false } else { method == .index }
        let bound = try bind(arguments, to: takesBounds ? ["value", "start", "stop"] : ["value"], of: name)
        guard let wanted = bound[0] else { throw failure(.wrongArguments(callee: name, detail: "needs a value")) }
        let items = try items(of: receiver, for: name)
        var window = 0..<items.count
        if takesBounds {
            let start = try clamped(bound[1], to: items.count, else: 0, for: name)
            window = start..<max(start, try clamped(bound[2], to: items.count, else: items.count, for: name))
        }
        var count = 0
        for place in window where try equals(items[place], wanted) {
            if method == .index { return .integer(place) }
            count += 1
        }
        guard method == .count else { throw failure(.outOfRange("index: the value is not in the list")) }
        return .integer(count)
    }

    /// A bound as Python takes it for a search: from the end where negative, and never outside.
    func clamped(
        _ bound: JinjaValue?, to count: Int, else missing: Int, for callee: String
    ) throws(JinjaError) -> Int {
        guard let bound else { return missing }
        if case .none = bound { return missing }
        let place = try integer(bound, for: callee)
        return min(max(place < 0 ? max(place, -count) + count : place, 0), count)
    }

    private mutating func call(
        _ method: CollectionMethod, of dictionary: JinjaDictionary, _ arguments: CallArguments
    ) throws(JinjaError) -> JinjaValue {
        let bound = try bind(
            arguments, to: method == .get ? ["key", "default"] : [], of: method.rawValue)
        switch method {
        case .get:
            guard let key = bound[0] else { throw failure(.wrongArguments(callee: "get", detail: "needs a key")) }
            return dictionary[try hashed(key)] ?? bound[1] ?? .none
        case .items: return try checked(.view(.items, dictionary))
        case .keys: return try checked(.view(.keys, dictionary))
        case .values: return try checked(.view(.values, dictionary))
        default: return .dictionary(dictionary)
        }
    }
}
