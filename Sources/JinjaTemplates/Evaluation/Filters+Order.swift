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
            let keys = try sortKeys(of: items, paths: bound[2], isCaseSensitive: bound[1]?.isTruthy == true)
            return .list(try places(keys, descending: bound[0]?.isTruthy == true).map { items[$0] })
        case .max, .min:
            let path = try AttributePath(bound[1])
            let keys = try keys(of: items, path: path, isCaseSensitive: bound[0]?.isTruthy == true)
            var best = 0
            for place in keys.indices.dropFirst() {
                if try order(keys[place], keys[best]) == (filter == .max ? .greater : .less) { best = place }
            }
            return items.isEmpty ? .undefined("the \(filter.rawValue) of no items") : items[best]
        default: return try grouped(items, bound)
        }
    }

    private mutating func keys(
        of items: [JinjaValue], path: AttributePath, isCaseSensitive: Bool, default replacement: JinjaValue = .none
    ) throws(JinjaError) -> [JinjaValue] {
        try spend(items: items.count)
        var keys: [JinjaValue] = []
        for item in items {
            let key = try value(at: path, in: item, default: replacement)
            keys.append(try folded(key, unless: isCaseSensitive))
        }
        return keys
    }

    /// Lists of the attributes between commas, as Jinja compares them: an undefined one equals another.
    private mutating func sortKeys(
        of items: [JinjaValue], paths written: JinjaValue?, isCaseSensitive: Bool
    ) throws(JinjaError) -> [JinjaValue] {
        var paths = [try AttributePath(written)]
        if case .string(let text)? = written {
            paths = []
            for range in text.ranges(splitBy: JinjaString(","), limit: nil, fromEnd: false) {
                paths.append(try AttributePath(.string(text.slice(range))))
            }
        }
        try spend(items: 2 * items.count)
        var keys: [JinjaValue] = []
        for item in items {
            var parts: [JinjaValue] = []
            for path in paths { parts.append(try folded(try value(at: path, in: item), unless: isCaseSensitive)) }
            keys.append(try checked(.list(parts)))
        }
        return keys
    }

    /// Text in lower case, unless case counts.
    mutating func folded(_ value: JinjaValue, unless isCaseSensitive: Bool) throws(JinjaError) -> JinjaValue {
        guard !isCaseSensitive, case .string(let text) = value else { return value }
        return .string(try cased(text, .lower))
    }

    /// Equal keys keep their order in both directions, as with Python's `reverse=True`.
    private mutating func places(_ keys: [JinjaValue], descending: Bool) throws(JinjaError) -> [Int] {
        guard descending else { return try sortedPlaces(keys) }
        return try sortedPlaces(keys.reversed()).reversed().map { keys.count - 1 - $0 }
    }

    private mutating func sortedPairs(_ value: JinjaValue, _ bound: [JinjaValue?]) throws(JinjaError) -> JinjaValue {
        guard case .dictionary(let dictionary) = value else {
            throw failure(.wrongType(operation: "dictsort", found: value.kind))
        }
        let pairs = try items(of: .view(.items, dictionary), for: "dictsort")
        guard case .string(let by) = bound[1] ?? .text("key"), by.text == "key" || by.text == "value" else {
            throw failure(.wrongArguments(callee: "dictsort", detail: "sorts by 'key' or 'value'"))
        }
        let path = try AttributePath(.integer(by.text == "key" ? 0 : 1))
        let keys = try keys(of: pairs, path: path, isCaseSensitive: bound[0]?.isTruthy == true)
        return .list(try places(keys, descending: bound[2]?.isTruthy == true).map { pairs[$0] })
    }

    /// Pairs of a key and the items that have it, by ascending key.
    private mutating func grouped(_ items: [JinjaValue], _ bound: [JinjaValue?]) throws(JinjaError) -> JinjaValue {
        guard let written = bound[0] else {
            throw failure(.wrongArguments(callee: "groupby", detail: "needs the name of an attribute"))
        }
        let (path, replacement) = (try AttributePath(written), bound[1] ?? .none)
        let keys = try keys(
            of: items, path: path, isCaseSensitive: bound[2]?.isTruthy == true, default: replacement)
        var groups: [(first: Int, items: [JinjaValue])] = []
        for place in try sortedPlaces(keys) {
            if let last = groups.last, try equals(keys[last.first], keys[place]) {
                groups[groups.count - 1].items.append(items[place])
            } else {
                groups.append((place, [items[place]]))
            }
        }
        var pairs: [JinjaValue] = []
        for group in groups {
            let key = try value(at: path, in: items[group.first], default: replacement)
            pairs.append(.tuple(JinjaList([key, .list(group.items)], isGroup: true)))
        }
        return try checked(.list(pairs))
    }
}
