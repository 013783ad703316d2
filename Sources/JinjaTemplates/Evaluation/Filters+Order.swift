/// Filters that compare items with one another; text without regard to case unless asked for.
extension Interpreter {
    @inline(never)
    mutating func orderFilter(
        _ filter: JinjaFilter, _ value: JinjaValue, _ bound: [JinjaValue?]
    ) throws(JinjaError) -> JinjaValue {
        if filter == .dictsort { return try sortedPairs(value, bound) }
        let items = try items(of: value, for: filter.rawValue)
        switch filter {
        case .sort:
            let keys = try keys(of: items, path: bound[2], isCaseSensitive: bound[1]?.isTruthy == true)
            return .list(try places(keys, descending: bound[0]?.isTruthy == true).map { items[$0] })
        case .max, .min:
            let keys = try keys(of: items, path: bound[1], isCaseSensitive: bound[0]?.isTruthy == true)
            var best = 0
            for place in keys.indices.dropFirst() {
                if try order(keys[place], keys[best]) == (filter == .max ? .greater : .less) { best = place }
            }
            return items.isEmpty ? .undefined("the \(filter.rawValue) of no items") : items[best]
        case .unique:
            let keys = try keys(of: items, path: bound[1], isCaseSensitive: bound[0]?.isTruthy == true)
            var seen: Set<JinjaKey> = []
            var unique: [JinjaValue] = []
            for (key, item) in zip(keys, items) where seen.insert(try hashed(key)).inserted { unique.append(item) }
            return .list(unique)
        default: return try grouped(items, bound)
        }
    }

    private mutating func keys(
        of items: [JinjaValue], path: JinjaValue?, isCaseSensitive: Bool
    ) throws(JinjaError) -> [JinjaValue] {
        var keys: [JinjaValue] = []
        for item in items {
            let key = try valueOf(path, in: item)
            if !isCaseSensitive, case .string(let text) = key {
                keys.append(.string(try cased(text, .lower)))
            } else {
                keys.append(key)
            }
        }
        return keys
    }

    /// Equal keys keep their order in both directions, as with Python's `reverse=True`.
    private mutating func places(_ keys: [JinjaValue], descending: Bool) throws(JinjaError) -> [Int] {
        guard descending else { return try sortedPlaces(keys) }
        return try sortedPlaces(keys.reversed()).reversed().map { keys.count - 1 - $0 }
    }

    private mutating func sortedPairs(_ value: JinjaValue, _ bound: [JinjaValue?]) throws(JinjaError) -> JinjaValue {
        guard case .dictionary(let dictionary) = value, case .list(let pairs) = try pairs(of: dictionary) else {
            throw failure(.wrongType(operation: "dictsort", found: value.kind))
        }
        let by = try text(of: bound[1] ?? .text("key")).text
        guard by == "key" || by == "value" else {
            throw failure(.wrongArguments(callee: "dictsort", detail: "sorts by 'key' or 'value'"))
        }
        let keys = try keys(
            of: pairs.items, path: .integer(by == "key" ? 0 : 1), isCaseSensitive: bound[0]?.isTruthy == true)
        return .list(try places(keys, descending: bound[2]?.isTruthy == true).map { pairs.items[$0] })
    }

    /// Tuples of a key and the items that have it, by ascending key.
    private mutating func grouped(_ items: [JinjaValue], _ bound: [JinjaValue?]) throws(JinjaError) -> JinjaValue {
        guard let path = bound[0] else {
            throw failure(.wrongArguments(callee: "groupby", detail: "needs the name of an attribute"))
        }
        let keys = try keys(of: items, path: path, isCaseSensitive: bound[2]?.isTruthy == true)
        var groups: [(first: Int, items: [JinjaValue])] = []
        for place in try sortedPlaces(keys) {
            if let last = groups.last, try equals(keys[last.first], keys[place]) {
                groups[groups.count - 1].items.append(items[place])
            } else {
                groups.append((place, [items[place]]))
            }
        }
        var tuples: [JinjaValue] = []
        for group in groups {
            tuples.append(.tuple([try valueOf(path, in: items[group.first]), .list(group.items)]))
        }
        return try checked(.list(tuples))
    }
}
