/// What `namespace()` gives: names that `{% set ns.name = … %}` changes.
struct Namespace {
    private(set) var entries: [(JinjaValue, JinjaValue)] = []
    private var places: [String: Int] = [:]

    subscript(name: String) -> JinjaValue? {
        get { places[name].map { entries[$0].1 } }
        set {
            guard let newValue else { return }
            if let place = places[name] {
                entries[place].1 = newValue
            } else {
                places[name] = entries.count
                entries.append((.text(name), newValue))
            }
        }
    }
}

/// What `cycler(…)` gives: each `next()` is the next of the items, round and round.
struct Cycler {
    let items: [JinjaValue]
    var place = 0

    var current: JinjaValue { items[place] }
}

/// What `joiner(separator)` gives: nothing when first called, then the separator.
struct Joiner {
    let separator: JinjaValue
    var isUsed = false
}

extension Interpreter {
    @inline(never)
    mutating func makeNamespace(_ pairs: [(JinjaValue, JinjaValue)]) throws(JinjaError) -> JinjaValue {
        try spend(items: 6 + 4 * pairs.count)
        var namespace = Namespace()
        for (key, value) in pairs { namespace[try text(of: key).text] = value }
        namespaces.append(namespace)
        return .namespace(namespaces.count - 1)
    }

    @inline(never)
    mutating func makeCycler(_ items: [JinjaValue]) throws(JinjaError) -> JinjaValue {
        guard !items.isEmpty else {
            throw failure(.wrongArguments(callee: "cycler", detail: "needs at least one item"))
        }
        try spend(items: 4 + items.count)
        cyclers.append(Cycler(items: items))
        return .cycler(cyclers.count - 1)
    }

    @inline(never)
    mutating func makeJoiner(_ separator: JinjaValue) throws(JinjaError) -> JinjaValue {
        try spend(items: 4)
        joiners.append(Joiner(separator: separator))
        return .joiner(joiners.count - 1)
    }

    /// `next` or `reset` of a cycler.
    @inline(never)
    mutating func callCycler(_ number: Int, _ name: String, _ arguments: CallArguments) throws(JinjaError) -> JinjaValue
    {
        _ = try bind(arguments, to: [], of: "cycler.\(name)")
        guard name == "next" else {
            cyclers[number].place = 0
            return .none
        }
        let current = cyclers[number].current
        cyclers[number].place = (cyclers[number].place + 1) % cyclers[number].items.count
        return current
    }

    @inline(never)
    mutating func callJoiner(_ number: Int, _ arguments: CallArguments) throws(JinjaError) -> JinjaValue {
        _ = try bind(arguments, to: [], of: "joiner")
        guard joiners[number].isUsed else {
            joiners[number].isUsed = true
            return .text("")
        }
        return joiners[number].separator
    }
}
