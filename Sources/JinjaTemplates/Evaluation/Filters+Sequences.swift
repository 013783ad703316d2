/// Filters over items that keep their order, or pick some.
extension Interpreter {
    @inline(never)
    mutating func sequenceFilter(
        _ filter: JinjaFilter, _ value: JinjaValue, _ bound: [JinjaValue?]
    ) throws(JinjaError) -> JinjaValue {
        switch filter {
        case .length, .count: return .integer(try length(of: value))
        case .items:
            if case .undefined = value { return .list([]) }
            guard case .dictionary(let dictionary) = value else {
                throw failure(.wrongType(operation: "items", found: value.kind))
            }
            return try pairs(of: dictionary)
        case .reverse:
            if case .string(let text) = value {
                try spend(bytes: text.utf8.count)
                try spend(steps: 4 * text.utf8.count)
                var result = JinjaString()
                for character in text.characters.reversed() { result.append(character) }
                return .string(result)
            }
            return .list(try items(of: value, for: "reverse").reversed())
        case .first: return try items(of: value, for: "first").first ?? .undefined("the first of no items")
        case .last: return try items(of: value, for: "last").last ?? .undefined("the last of no items")
        case .list: return .list(try items(of: value, for: "list"))
        case .batch: return try batched(try items(of: value, for: "batch"), bound)
        case .sum: return try sum(try items(of: value, for: "sum"), bound)
        default: return .string(try joinFilter(value, bound))
        }
    }

    private mutating func length(of value: JinjaValue) throws(JinjaError) -> Int {
        switch value {
        case .string(let text): text.scalarCount
        case .list(let list), .tuple(let list): list.items.count
        case .dictionary(let dictionary): dictionary.entries.count
        case .undefined: 0
        default: throw failure(.wrongType(operation: "length", found: value.kind))
        }
    }

    private mutating func joinFilter(_ value: JinjaValue, _ bound: [JinjaValue?]) throws(JinjaError) -> JinjaString {
        let separator = try text(of: bound[0] ?? .text(""))
        var result = JinjaString()
        for (index, item) in try items(of: value, for: "join").enumerated() {
            if index > 0 { try append(separator, to: &result) }
            try append(try text(of: try valueOf(bound[1], in: item)), to: &result)
        }
        return result
    }

    private mutating func batched(_ items: [JinjaValue], _ bound: [JinjaValue?]) throws(JinjaError) -> JinjaValue {
        let size = try integer(bound[0] ?? .none, for: "batch")
        guard size > 0, size <= limits.rangeCount else { throw failure(.outOfRange("batch: the size is not positive")) }
        var rows: [JinjaValue] = []
        for start in stride(from: 0, to: items.count, by: size) {
            var row = Array(items[start..<min(start + size, items.count)])
            if let filler = bound[1], row.count < size {
                try spend(steps: size)
                row += Array(repeating: filler, count: size - row.count)
            }
            rows.append(.list(row))
        }
        return try checked(.list(rows))
    }

    private mutating func sum(_ items: [JinjaValue], _ bound: [JinjaValue?]) throws(JinjaError) -> JinjaValue {
        var total = bound[1] ?? .integer(0)
        for item in items { total = try arithmetic(total, .add, try valueOf(bound[0], in: item)) }
        return total
    }

    /// The item itself, or what a dotted path of names and numbers leads to in it.
    mutating func valueOf(_ path: JinjaValue?, in item: JinjaValue) throws(JinjaError) -> JinjaValue {
        switch path {
        case nil, .some(.none): return item
        case .some(.string(let text)):
            var value = item
            for part in text.ranges(splitBy: JinjaString("."), limit: nil, fromEnd: false) {
                let name = text.slice(part)
                try spend(steps: 1)
                value = try self.item(Int(name.text).map { .integer($0) } ?? .string(name), of: value)
            }
            return value
        case .some(let key): return try self.item(key, of: item)
        }
    }

    // MARK: Filters that name a filter or test

    /// `map`, `select`, `reject`, `selectattr`, `rejectattr` and `format`.
    @inline(never)
    mutating func choose(
        _ filter: JinjaFilter, _ value: JinjaValue, _ arguments: CallArguments
    ) throws(JinjaError) -> JinjaValue {
        if filter == .format {
            guard arguments.named.isEmpty else {
                throw failure(.wrongArguments(callee: "filter 'format'", detail: "takes no named arguments"))
            }
            return .string(try formatted(try text(of: value), by: try checked(.tuple(arguments.positional))))
        }
        let items = try items(of: value, for: filter.rawValue)
        if filter == .map { return try map(items, arguments) }
        var rest = arguments
        var path: JinjaValue?
        if filter == .selectattr || filter == .rejectattr {
            guard !rest.positional.isEmpty else {
                throw failure(.wrongArguments(callee: filter.rawValue, detail: "needs the name of an attribute"))
            }
            path = rest.positional.removeFirst()
        }
        var testName: String?
        if !rest.positional.isEmpty { testName = try string(rest.positional.removeFirst(), for: "a test's name").text }
        let keeps = filter == .select || filter == .selectattr
        var chosen: [JinjaValue] = []
        for item in items {
            let subject = try valueOf(path, in: item)
            let passes = if let testName { try test(testName, subject, rest) } else { subject.isTruthy }
            if passes == keeps { chosen.append(item) }
        }
        return .list(chosen)
    }

    @inline(never)
    private mutating func map(_ items: [JinjaValue], _ arguments: CallArguments) throws(JinjaError) -> JinjaValue {
        var results: [JinjaValue] = []
        if arguments.positional.isEmpty {
            let bound = try bind(arguments, to: ["attribute", "default"], of: "filter 'map'")
            guard let path = bound[0] else {
                throw failure(.wrongArguments(callee: "filter 'map'", detail: "needs a filter or an attribute"))
            }
            for item in items {
                let value = try valueOf(path, in: item)
                if case .undefined = value, let replacement = bound[1] {
                    results.append(replacement)
                } else {
                    results.append(value)
                }
            }
        } else {
            var rest = arguments
            let name = try string(rest.positional.removeFirst(), for: "a filter's name").text
            for item in items { results.append(try filter(name, item, rest)) }
        }
        return try checked(.list(results))
    }
}
