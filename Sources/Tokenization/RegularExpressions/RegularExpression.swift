/// A pattern that splits text, for those that have no scanner of their own here.
///
/// Finding the next match takes one step per scalar, whatever the pattern.
package struct RegularExpression: Sendable {
    package let pattern: String
    private let engine: Engine

    private enum Engine: Sendable {
        case automaton(PatternAutomaton)
        case digits(DigitGrouping)
    }

    /// Whether the expression matches places instead of text; such a one only serves to isolate pieces.
    package var matchesPlaces: Bool {
        if case .digits(let grouping) = engine { grouping.matchesPlaces } else { false }
    }

    /// - Throws: `.unsupportedPattern` naming what is not known here.
    package init(_ pattern: String) throws(TokenizationError) {
        self.pattern = pattern
        if let grouping = DigitGrouping(pattern) {
            engine = .digits(grouping)
            return
        }
        let node = try PatternParser.parse(pattern)
        try node.checkPossessives(pattern)
        guard let program = PatternProgram(node), let automaton = PatternAutomaton(program) else {
            throw TokenizationError(
                "pattern",
                .unsupportedPattern(
                    found: "a pattern that is very large, or matches nothing at all", pattern: pattern, offset: 0))
        }
        engine = .automaton(automaton)
    }

    /// A search through one text, from left to right.
    ///
    /// Remembers the last stretch of text that was read without coming to a match, and in which states: a later search that
    /// comes into the same state at the same place stops there, so that a text is not read again from each of its places.
    struct Search {
        fileprivate var fruitlessStart = 0
        /// The state at each byte of the stretch; `.max` between scalars.
        fileprivate var fruitlessStates: [UInt32] = []
        fileprivate var digits = DigitGrouping.Search()

        /// Shorter stretches are read again, which is cheaper than remembering.
        fileprivate static let shortestStretch = 24
    }

    /// The first match at or after `start`.
    ///
    /// - Parameter text: what the pattern sees; what lies before its start or behind its end does not exist.
    /// - Precondition: `0 <= start < text.count`; `search` has seen only this text.
    func firstMatch(from start: Int, in text: Span<UInt8>, _ search: inout Search) -> Range<Int>? {
        switch engine {
        case .automaton(let automaton): automaton.firstMatch(from: start, in: text, &search)
        case .digits(let grouping): grouping.firstMatch(from: start, in: text, &search.digits)
        }
    }
}

extension PatternAutomaton {
    fileprivate typealias Search = RegularExpression.Search

    fileprivate func firstMatch(from start: Int, in text: Span<UInt8>, _ search: inout Search) -> Range<Int>? {
        var place = start
        while place < text.count {
            if let end = matchEnd(from: place, in: text, &search) { return place..<end }
            place += ClassifiedScalar(at: place, in: text).byteCount
        }
        return nil
    }

    /// The end of the match that starts at `start`, or nil.
    private func matchEnd(from start: Int, in text: Span<UInt8>, _ search: inout Search) -> Int? {
        var state = startState(at: start, in: text)
        var place = start
        var end: Int?
        var endState = state
        let endColumn = columnCount - 1
        table.withUnsafeBufferPointer { table in
            while true {
                var column = endColumn
                var byteCount = 0
                if place < text.count {
                    let scalar = ClassifiedScalar(at: place, in: text)
                    column = partition.group(of: scalar.value)
                    byteCount = scalar.byteCount
                }
                let cell = table[Int(state) * columnCount + column]
                if cell & 1 == 1 {
                    end = place
                    endState = state
                }
                state = cell >> 1
                place += byteCount
                if state == Self.deadState || byteCount == 0 { return }
                let offset = place - search.fruitlessStart
                if offset >= 0, offset < search.fruitlessStates.count, search.fruitlessStates[offset] == state {
                    return
                }
            }
        }
        let fruitless = end ?? start
        if place - fruitless >= Search.shortestStretch {
            remember(from: fruitless, to: place, in: text, state: endState, &search)
        }
        return end
    }

    private func startState(at start: Int, in text: Span<UInt8>) -> UInt32 {
        var before = Place.textStart
        if start > 0 {
            let scalarStart = lastScalarStart(before: start, in: text)
            let scalar = ClassifiedScalar(at: scalarStart, in: text)
            before =
                scalar.value == 10
                ? .behindLineBreak
                : ScalarSet.wordOfPatterns.contains(scalar.value, scalar.scalarClass) ? .behindWord : .behindOther
        }
        return startStates[before] ?? Self.deadState
    }

    /// Goes from a match's end, or from a place without one, over what was read in vain.
    private func remember(
        from start: Int, to end: Int, in text: Span<UInt8>, state: UInt32, _ search: inout Search
    ) {
        search.fruitlessStart = start
        search.fruitlessStates.removeAll(keepingCapacity: true)
        var state = state
        var place = start
        while place < end, place < text.count {
            let scalar = ClassifiedScalar(at: place, in: text)
            search.fruitlessStates.append(state)
            for _ in 1..<max(scalar.byteCount, 1) { search.fruitlessStates.append(.max) }
            state =
                table[Int(state) * columnCount + partition.group(of: scalar.value)] >> 1
            place += scalar.byteCount
        }
    }
}

/// The start of the scalar, or of the byte that is none, before a place.
func lastScalarStart(before place: Int, in text: Span<UInt8>) -> Int {
    var start = place - 1
    while start > 0, place - start < 4, text[start] & 0xC0 == 0x80 { start -= 1 }
    return start + ClassifiedScalar(at: start, in: text).byteCount == place ? start : place - 1
}

extension PatternNode {
    /// Repetitions that give nothing back are the same as those that do, where what follows begins otherwise than the
    /// repeated set or may be left out; only these are known here.
    fileprivate func checkPossessives(_ pattern: String) throws(TokenizationError) {
        switch self {
        case .set, .assertion: return
        case .alternatives(let nodes): for node in nodes { try node.checkPossessives(pattern) }
        case .repeated(let node, _, _, _, let isPossessive):
            try node.checkPossessives(pattern)
            if isPossessive { throw Self.possessive(pattern) }
        case .sequence(let nodes):
            for (index, node) in nodes.enumerated() {
                guard case .repeated(let inner, _, _, _, true) = node else {
                    try node.checkPossessives(pattern)
                    continue
                }
                guard case .set(let set) = inner,
                    index + 1 == nodes.count || nodes[index + 1].cannotBegin(in: set, isLast: index + 2 == nodes.count)
                else { throw Self.possessive(pattern) }
            }
        }
    }

    private static func possessive(_ pattern: String) -> TokenizationError {
        TokenizationError(
            "pattern",
            .unsupportedPattern(found: "a possessive repetition at such a place", pattern: pattern, offset: 0))
    }

    /// - Parameter isLast: nothing follows, so that leaving this out never gives the repetition a reason to give back.
    private func cannotBegin(in set: ScalarSet, isLast: Bool) -> Bool {
        switch self {
        case .set(let own): !ScalarSet.overlap(own, set)
        case .repeated(.set(let own), let least, _, _, _):
            least == 0 && isLast || !ScalarSet.overlap(own, set) && least > 0
        case .assertion, .sequence, .alternatives, .repeated: false
        }
    }
}

extension ScalarSet {
    fileprivate static func overlap(_ a: ScalarSet, _ b: ScalarSet) -> Bool {
        guard let partition = ScalarPartition([a, b]) else { return true }
        return partition.membership.contains(0b11)
    }
}
