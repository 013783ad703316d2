/// Filters whose items are made when the first one is wanted (`ItemIterator`).
extension Interpreter {
    @inline(never)
    mutating func sequence(
        _ filter: JinjaFilter, _ value: JinjaValue, _ arguments: CallArguments
    ) throws(JinjaError) -> [JinjaValue] {
        if filter == .items { return try dictionaryItems(value, arguments) }
        let choosesByName = filter.parameters == nil
        if choosesByName, !value.isTruthy { return [] }  // before a look at the arguments, as in Jinja
        let items = try items(of: value, for: filter.rawValue)
        switch filter {
        case .map: return try mapped(items, arguments)
        case .batch, .slice, .unique:
            let bound = try bind(arguments, to: filter.parameters ?? [], of: "filter '\(filter.rawValue)'")
            if filter == .unique { return try unique(items, bound) }
            let size = try integer(bound[0] ?? .none, for: filter.rawValue)
            let filler: JinjaValue? = if case .some(.none) = bound[1] { nil } else { bound[1] }
            return try filter == .batch ? batches(items, of: size, filler) : slices(items, count: size, filler)
        default: return try chosen(items, filter, arguments)
        }
    }

    private mutating func dictionaryItems(
        _ value: JinjaValue, _ arguments: CallArguments
    ) throws(JinjaError) -> [JinjaValue] {
        _ = try bind(arguments, to: [], of: "filter 'items'")
        if case .undefined = value { return [] }
        guard case .dictionary(let dictionary) = value else {
            throw failure(.wrongType(operation: "items", found: value.kind))
        }
        return try items(of: .view(.items, dictionary), for: "items")
    }

    private mutating func batches(
        _ items: [JinjaValue], of size: Int, _ filler: JinjaValue?
    ) throws(JinjaError) -> [JinjaValue] {
        // Jinja's loop makes one row of all items where the size is negative, and an empty row before that where it is zero.
        let reach = size > 0 ? size : max(1, items.count)
        try spend(items: 2 * items.count)
        var rows: [JinjaValue] = size == 0 && !items.isEmpty ? [.list([])] : []
        for start in stride(from: 0, to: items.count, by: reach) {
            var row = Array(items[start..<start + min(reach, items.count - start)])
            if let filler, row.count < size {
                try spend(items: size - row.count)
                row += Array(repeating: filler, count: size - row.count)
            }
            rows.append(try checked(.list(row)))
        }
        return rows
    }

    /// `count` lists of nearly the same length, the longer ones first.
    private mutating func slices(
        _ items: [JinjaValue], count: Int, _ filler: JinjaValue?
    ) throws(JinjaError) -> [JinjaValue] {
        guard count != 0 else { throw failure(.outOfRange("division by zero")) }
        guard count > 0 else { return [] }
        try spend(items: count)
        try spend(items: items.count)
        let (size, longer) = items.count.quotientAndRemainder(dividingBy: count)
        var rows: [JinjaValue] = []
        var start = 0
        for number in 0..<count {
            let end = start + size + (number < longer ? 1 : 0)
            var row = Array(items[start..<end])
            if let filler, number >= longer { row.append(filler) }
            rows.append(try checked(.list(row)))
            start = end
        }
        return rows
    }

    private mutating func unique(_ items: [JinjaValue], _ bound: [JinjaValue?]) throws(JinjaError) -> [JinjaValue] {
        let path = try AttributePath(bound[1])
        var seen: Set<JinjaKey> = []
        var unique: [JinjaValue] = []
        for item in items {
            let key = try folded(try value(at: path, in: item), unless: bound[0]?.isTruthy == true)
            if seen.insert(try hashed(key)).inserted { unique.append(item) }
        }
        return unique
    }

    // MARK: Filters that name a filter or test

    /// `select`, `reject`, `selectattr` and `rejectattr`.
    @inline(never)
    private mutating func chosen(
        _ items: [JinjaValue], _ filter: JinjaFilter, _ arguments: CallArguments
    ) throws(JinjaError) -> [JinjaValue] {
        var rest = arguments
        var path = try AttributePath(nil)
        if filter == .selectattr || filter == .rejectattr {
            guard !rest.positional.isEmpty else {
                throw failure(.wrongArguments(callee: filter.rawValue, detail: "needs the name of an attribute"))
            }
            path = try AttributePath(rest.positional.removeFirst())
        }
        var test: JinjaTest?
        if !rest.positional.isEmpty {
            test = try self.test(named: try string(rest.positional.removeFirst(), for: "a test's name").text)
        }
        let keeps = filter == .select || filter == .selectattr
        var chosen: [JinjaValue] = []
        for item in items {
            let subject = try value(at: path, in: item)
            let passes = if let test { try self.test(test, subject, rest) } else { subject.isTruthy }
            if passes == keeps { chosen.append(item) }
        }
        return chosen
    }

    @inline(never)
    private mutating func mapped(
        _ items: [JinjaValue], _ arguments: CallArguments
    ) throws(JinjaError) -> [JinjaValue] {
        var results: [JinjaValue] = []
        if arguments.positional.isEmpty {
            let bound = try bind(arguments, to: ["attribute", "default"], of: "filter 'map'")
            guard let written = bound[0] else {
                throw failure(.wrongArguments(callee: "filter 'map'", detail: "needs a filter or an attribute"))
            }
            let path = try AttributePath(written)
            for item in items { results.append(try value(at: path, in: item, default: bound[1] ?? .none)) }
        } else {
            var rest = arguments
            let name = try string(rest.positional.removeFirst(), for: "a filter's name").text
            let filter = try filter(named: name)
            for item in items { results.append(try checked(try self.filter(filter, item, rest))) }
        }
        return results
    }
}
