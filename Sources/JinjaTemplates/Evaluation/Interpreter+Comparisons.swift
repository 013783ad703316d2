/// Equality and order as in Python, paid for by what they look at.
extension Interpreter {
    @inline(never)
    mutating func compare(
        _ left: JinjaValue, _ comparison: Expression.Comparison, _ right: JinjaValue
    ) throws(JinjaError) -> Bool {
        switch comparison {
        case .equal: return try equals(left, right)
        case .notEqual: return try !equals(left, right)
        case .isIn: return try contains(right, left)
        case .isNotIn: return try !contains(right, left)
        case .less: return try order(left, right) == .less
        case .greater: return try order(left, right) == .greater
        case .lessOrEqual:
            let order = try order(left, right)
            return order == .less || order == .equal
        case .greaterOrEqual:
            let order = try order(left, right)
            return order == .greater || order == .equal
        }
    }

    @inline(never)
    mutating func equals(_ left: JinjaValue, _ right: JinjaValue) throws(JinjaError) -> Bool {
        try spend(steps: 1)
        if let a = left.asInteger, let b = right.asInteger { return a == b }
        if let a = left.asDouble, let b = right.asDouble { return a == b }
        switch (left, right) {
        case (.undefined, .undefined), (.none, .none): return true
        case (.string(let a), .string(let b)):
            guard a.utf8.count == b.utf8.count else { return false }
            try spend(steps: a.utf8.count / 16)
            return a == b
        case (.list(let a), .list(let b)), (.tuple(let a), .tuple(let b)):
            guard a.items.count == b.items.count else { return false }
            for (x, y) in zip(a.items, b.items) where try !equals(x, y) { return false }
            return true
        case (.dictionary(let a), .dictionary(let b)):
            guard a.entries.count == b.entries.count else { return false }
            for entry in a.entries {
                guard let other = b[try hashed(entry.key)], try equals(entry.value, other) else { return false }
            }
            return true
        case (.macro(let a), .macro(let b)), (.namespace(let a), .namespace(let b)), (.loop(let a), .loop(let b)):
            return a == b
        case (.function(let a), .function(let b)): return a == b
        default: return false
        }
    }

    /// `element in container`
    @inline(never)
    mutating func contains(_ container: JinjaValue, _ element: JinjaValue) throws(JinjaError) -> Bool {
        switch (container, element) {
        case (.string(let text), .string(let part)):
            try spend(reading: text)
            try spend(reading: part)
            return text.contains(part)
        case (.list(let list), _), (.tuple(let list), _):
            for item in list.items where try equals(item, element) { return true }
            return false
        case (.dictionary(let dictionary), _): return dictionary[try hashed(element)] != nil
        case (.undefined, _): return false
        default: throw failure(.wrongType(operation: "'in'", found: "\(element.kind) and \(container.kind)"))
        }
    }

    enum Order { case less, equal, greater, unordered }

    @inline(never)
    mutating func order(_ left: JinjaValue, _ right: JinjaValue) throws(JinjaError) -> Order {
        try spend(steps: 1)
        if let a = left.asInteger, let b = right.asInteger { return a < b ? .less : a == b ? .equal : .greater }
        if let a = left.asDouble, let b = right.asDouble {
            return a < b ? .less : a == b ? .equal : a > b ? .greater : .unordered
        }
        switch (left, right) {
        case (.string(let a), .string(let b)):
            try spend(steps: min(a.utf8.count, b.utf8.count) / 16)
            if a == b { return .equal }
            return a.utf8.lexicographicallyPrecedes(b.utf8) ? .less : .greater
        case (.list(let a), .list(let b)), (.tuple(let a), .tuple(let b)):
            for (x, y) in zip(a.items, b.items) where try !equals(x, y) { return try order(x, y) }
            let (first, second) = (a.items.count, b.items.count)
            return first < second ? .less : first == second ? .equal : .greater
        case (.undefined(let name), _), (_, .undefined(let name)): throw failure(.undefined(name))
        default:
            throw failure(.wrongType(operation: "an order comparison", found: "\(left.kind) and \(right.kind)"))
        }
    }

    /// The places of `keys` in ascending order; equal ones keep their order. Merge sort, bottom up.
    @inline(never)
    mutating func sortedPlaces(_ keys: [JinjaValue]) throws(JinjaError) -> [Int] {
        var places = Array(keys.indices)
        var width = 1
        while width < places.count {
            var merged: [Int] = []
            merged.reserveCapacity(places.count)
            for start in stride(from: 0, to: places.count, by: 2 * width) {
                var left = places[start..<min(start + width, places.count)]
                var right = places[min(start + width, places.count)..<min(start + 2 * width, places.count)]
                while let a = left.first, let b = right.first {
                    if try order(keys[b], keys[a]) == .less {
                        merged.append(b)
                        right = right.dropFirst()
                    } else {
                        merged.append(a)
                        left = left.dropFirst()
                    }
                }
                merged += left
                merged += right
            }
            places = merged
            width *= 2
        }
        return places
    }
}
