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
        if let order = Self.numericOrder(left, right) { return order == .equal }
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
        case (.range(let a), .range(let b)):
            guard a.count == b.count else { return false }
            return a.count == 0 || (a.first == b.first && (a.count == 1 || a.step == b.step))
        case (.view(.keys, let a), .view(.keys, let b)), (.view(.items, let a), .view(.items, let b)):
            return try haveEqual(left, a, b)
        case (.macro(let a), .macro(let b)), (.namespace(let a), .namespace(let b)), (.loop(let a), .loop(let b)),
            (.iterator(let a), .iterator(let b)), (.cycler(let a), .cycler(let b)), (.joiner(let a), .joiner(let b)):
            return a == b
        case (.function(let a), .function(let b)): return a == b
        default: return false
        }
    }

    /// Whether two views show the same keys, or the same pairs, in whatever order.
    private mutating func haveEqual(
        _ view: JinjaValue, _ a: JinjaDictionary, _ b: JinjaDictionary
    ) throws(JinjaError) -> Bool {
        guard a.entries.count == b.entries.count else { return false }
        for entry in a.entries {
            guard let other = b[try hashed(entry.key)] else { return false }
            if case .view(.items, _) = view, try !equals(entry.value, other) { return false }
        }
        return true
    }

    /// The order of two numbers, exact for an integer beside a float; nil where one is not a number.
    static func numericOrder(_ left: JinjaValue, _ right: JinjaValue) -> Order? {
        if let a = left.asInteger, let b = right.asInteger { return a < b ? .less : a == b ? .equal : .greater }
        if let a = left.asInteger, case .double(let b) = right { return order(a, b) }
        if case .double(let a) = left, let b = right.asInteger {
            switch order(b, a) {
            case .less: return .greater
            case .greater: return .less
            case let other: return other
            }
        }
        guard case .double(let a) = left, case .double(let b) = right else { return nil }
        return a < b ? .less : a == b ? .equal : a > b ? .greater : .unordered
    }

    private static func order(_ a: Int, _ b: Double) -> Order {
        if b.isNaN { return .unordered }
        if b >= 0x1p63 { return .less }
        if b < -0x1p63 { return .greater }
        let whole = Int(b)  // toward zero, and exact as it lies inside the range
        if a != whole { return a < whole ? .less : .greater }
        let rest = b - b.rounded(.towardZero)
        return rest == 0 ? .equal : rest > 0 ? .less : .greater
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
        case (.dictionary(let dictionary), _), (.view(.keys, let dictionary), _):
            return dictionary[try hashed(element)] != nil
        case (.range(let range), .integer(let number)): return range.contains(number)
        case (.range, _), (.view, _):
            for item in try items(of: container, for: "'in'") where try equals(item, element) { return true }
            return false
        case (.iterator(let number), _):
            while let item = try next(number) {
                if try equals(item, element) { return true }
            }
            return false
        case (.undefined, _): return false
        default: throw failure(.wrongType(operation: "'in'", found: "\(element.kind) and \(container.kind)"))
        }
    }

    enum Order { case less, equal, greater, unordered }

    @inline(never)
    mutating func order(_ left: JinjaValue, _ right: JinjaValue) throws(JinjaError) -> Order {
        try spend(steps: 1)
        if let order = Self.numericOrder(left, right) { return order }
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
