/// Items that can be gone through once, as Python's lazy filters give them.
///
/// The filter runs when the first item is wanted, over all items: templates cannot tell, but for an error in an item that
/// they never ask for.
struct ItemIterator {
    /// The filter that has not run yet, and where in the source it stands.
    var pending: (filter: JinjaFilter, value: JinjaValue, arguments: CallArguments, offset: Int)?
    /// Those not taken yet.
    var items: ArraySlice<JinjaValue> = []
}

extension Interpreter {
    /// An iterator over what a filter will give.
    @inline(never)
    mutating func iterator(
        _ filter: JinjaFilter, _ value: JinjaValue, _ arguments: CallArguments
    ) throws(JinjaError) -> JinjaValue {
        try spend(items: 8)  // about the size of what is kept
        iterators.append(ItemIterator(pending: (filter, value, arguments, offset)))
        return .iterator(iterators.count - 1)
    }

    @inline(never)
    mutating func iterator(over items: [JinjaValue]) throws(JinjaError) -> JinjaValue {
        try spend(items: 8)
        iterators.append(ItemIterator(items: items[...]))
        return .iterator(iterators.count - 1)
    }

    /// The items that are left, which the iterator then no longer has.
    @inline(never)
    mutating func drain(_ number: Int) throws(JinjaError) -> [JinjaValue] {
        try run(number)
        let items = iterators[number].items
        iterators[number].items = []
        return Array(items)
    }

    /// The next item, or nil at the end.
    @inline(never)
    mutating func next(_ number: Int) throws(JinjaError) -> JinjaValue? {
        try run(number)
        return iterators[number].items.popFirst()
    }

    /// Runs the filter whose items these are, unless it has run.
    @inline(never)
    private mutating func run(_ number: Int) throws(JinjaError) {
        guard let pending = iterators[number].pending else { return }
        try enter()
        let outer = offset
        offset = pending.offset
        iterators[number].pending = nil  // a filter over itself finds no items
        iterators[number].items = try sequence(pending.filter, pending.value, pending.arguments)[...]
        offset = outer
        leave()
    }

    /// Gives back items that a loop did not come to.
    mutating func putBack(_ items: ArraySlice<JinjaValue>, to value: JinjaValue) {
        if case .iterator(let number) = value { iterators[number].items = items }
    }
}
