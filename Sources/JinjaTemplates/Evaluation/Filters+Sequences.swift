/// Filters over items that keep their order.
extension Interpreter {
    @inline(never)
    mutating func sequenceFilter(
        _ filter: JinjaFilter, _ value: JinjaValue, _ bound: [JinjaValue?]
    ) throws(JinjaError) -> JinjaValue {
        switch filter {
        case .length, .count: return .integer(try length(of: value))
        case .reverse: return try reversed(value)
        case .first:
            if case .iterator(let number) = value { return try next(number) ?? .undefined("the first of no items") }
            return try items(of: value, for: "first").first ?? .undefined("the first of no items")
        case .last:
            if case .iterator = value { throw failure(.wrongType(operation: "last", found: value.kind)) }
            return try items(of: value, for: "last").last ?? .undefined("the last of no items")
        case .list: return .list(try items(of: value, for: "list"))
        case .sum: return try sum(try items(of: value, for: "sum"), bound)
        default: return .string(try joinFilter(value, bound))
        }
    }

    mutating func length(of value: JinjaValue) throws(JinjaError) -> Int {
        switch value {
        case .string(let text): text.scalarCount
        case .list(let list), .tuple(let list): list.items.count
        case .dictionary(let dictionary), .view(_, let dictionary): dictionary.entries.count
        case .range(let range): range.count
        case .loop(let serial): loops.last { $0.serial == serial }?.items.count ?? 0
        case .undefined: 0
        default: throw failure(.wrongType(operation: "length", found: value.kind))
        }
    }

    private mutating func reversed(_ value: JinjaValue) throws(JinjaError) -> JinjaValue {
        switch value {
        case .string(let text):
            try spend(bytes: text.utf8.count)
            try spend(items: text.utf8.count)
            var result = JinjaString()
            for character in text.characters.reversed() { result.append(character) }
            return .string(result)
        case .iterator: return .list(try items(of: value, for: "reverse").reversed())
        default: return try iterator(over: try items(of: value, for: "reverse").reversed())
        }
    }

    private mutating func joinFilter(_ value: JinjaValue, _ bound: [JinjaValue?]) throws(JinjaError) -> JinjaString {
        let separator = try text(of: bound[0] ?? .text(""))
        let path = try AttributePath(bound[1])
        var result = JinjaString()
        for (index, item) in try items(of: value, for: "join").enumerated() {
            if index > 0 { try append(separator, to: &result) }
            try append(try text(of: try self.value(at: path, in: item)), to: &result)
        }
        return result
    }

    private mutating func sum(_ items: [JinjaValue], _ bound: [JinjaValue?]) throws(JinjaError) -> JinjaValue {
        var total = bound[1] ?? .integer(0)
        if case .string = total { throw failure(.wrongType(operation: "sum", found: "strings")) }
        let path = try AttributePath(bound[0])
        for item in items { total = try arithmetic(total, .add, try value(at: path, in: item)) }
        return total
    }

    // MARK: Attributes of items

    /// Where in an item a filter looks: `attribute='a.b.0'`.
    struct AttributePath {
        var steps: [JinjaValue] = []

        init(_ written: JinjaValue?) throws(JinjaError) {
            switch written {
            case nil, .some(.none): break
            case .some(.string(let text)):
                steps = text.ranges(splitBy: JinjaString("."), limit: nil, fromEnd: false).map { part in
                    let name = text.slice(part)
                    return Int(name.text).map { name.isAll(\.isPythonDigit) ? .integer($0) : .string(name) }
                        ?? .string(name)
                }
            case .some(let key): steps = [key]
            }
        }
    }

    /// The item itself, or what a path leads to in it.
    ///
    /// - Parameter replacement: what stands for an undefined value on the way.
    mutating func value(
        at path: AttributePath, in item: JinjaValue, default replacement: JinjaValue = .none
    ) throws(JinjaError) -> JinjaValue {
        var value = item
        for step in path.steps {
            try spend(steps: 1)
            value = try self.item(step, of: value)
            if case .undefined = value {
                if case .none = replacement { continue }
                value = replacement
            }
        }
        return value
    }
}
