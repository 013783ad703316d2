/// The methods of Python's `list`, `tuple` and `dict` that change nothing, and the names of those that would.
enum CollectionMethod: String {
    case get, items, keys, values
    case index, count, copy
    case append, extend, insert, pop, remove, clear, update, setdefault, sort, reverse, popitem

    var changesReceiver: Bool {
        switch self {
        case .get, .items, .keys, .values, .index, .count, .copy: false
        default: true
        }
    }

    /// Whether values of this type have the method.
    func isOf(_ value: JinjaValue) -> Bool {
        switch self {
        case .get, .items, .keys, .values, .update, .setdefault, .popitem:
            if case .dictionary = value { true } else { false }
        case .copy, .pop, .clear: if case .tuple = value { false } else { true }
        case .index, .count: if case .dictionary = value { false } else { true }
        default: if case .list = value { true } else { false }
        }
    }
}

extension Interpreter {
    @inline(never)
    mutating func callMethod(
        _ name: String, ofCollection receiver: JinjaValue, _ arguments: CallArguments
    ) throws(JinjaError) -> JinjaValue {
        guard let method = CollectionMethod(rawValue: name) else {
            throw failure(.unknown(kind: "method", name: name))
        }
        guard !method.changesReceiver else {
            throw failure(.wrongType(operation: "'\(name)', which would change its receiver,", found: receiver.kind))
        }
        if case .dictionary(let dictionary) = receiver { return try call(method, of: dictionary, arguments) }
        let items = try items(of: receiver, for: name)
        guard method != .copy else { return receiver }
        let wanted = try bind(arguments, to: ["value"], of: name)[0] ?? .none
        var places: [Int] = []
        for (place, item) in items.enumerated() where try equals(item, wanted) { places.append(place) }
        if method == .count { return .integer(places.count) }
        guard let first = places.first else { throw failure(.outOfRange("index: the value is not in the list")) }
        return .integer(first)
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
        case .items: return try pairs(of: dictionary)
        case .keys:
            try spend(steps: dictionary.entries.count)
            return .list(dictionary.entries.map(\.key))
        case .values:
            try spend(steps: dictionary.entries.count)
            return .list(dictionary.entries.map(\.value))
        default: return .dictionary(dictionary)
        }
    }

    /// A list of tuples of key and value.
    mutating func pairs(of dictionary: JinjaDictionary) throws(JinjaError) -> JinjaValue {
        try spend(steps: 2 * dictionary.entries.count)
        return try checked(.list(dictionary.entries.map { .tuple([$0.key, $0.value]) }))
    }
}
