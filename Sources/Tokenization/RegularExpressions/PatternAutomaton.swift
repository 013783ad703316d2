/// A regular expression as a deterministic automaton, built whole before the first text: one step per scalar.
///
/// A state is the list of places in the program that the text so far leads to, best first; what stands behind a match in the
/// list can no longer win and is dropped, which gives the match that backtracking would find first. What assertions ask is
/// known one scalar later, so a place is entered, and a match seen, with the scalar that follows.
struct PatternAutomaton: Sendable {
    let partition: ScalarPartition
    /// `[states, groups + 1]`, the last column for the text's end: the next state in the upper bits; the lowest bit says that
    /// a match ends before this scalar.
    private(set) var table: [UInt32]
    let columnCount: Int
    /// By what stands before the first scalar.
    let startStates: [Place: UInt32]

    static let deadState: UInt32 = 0
    /// 16 MB of table; published patterns need up to some hundred thousand cells.
    private static let mostCells = 1 << 22

    /// What assertions ask of the scalar before a place.
    enum Place: Int, CaseIterable {
        case textStart, behindLineBreak, behindWord, behindOther
    }

    /// - Returns: nil for a pattern that is too large, or that also matches nothing at all.
    init?(_ program: PatternProgram) {
        guard let partition = ScalarPartition(program.sets) else { return nil }
        var builder = Builder(program, partition)
        var startStates: [Place: UInt32] = [:]
        for place in Place.allCases { startStates[place] = builder.state(for: [0], behind: place) }
        guard builder.build(atMost: Self.mostCells) else { return nil }
        self.partition = partition
        self.startStates = startStates
        table = builder.table
        columnCount = builder.columnCount
        for state in startStates.values {
            for column in 0..<columnCount where table[Int(state) * columnCount + column] & 1 == 1 { return nil }
        }
    }
}

private struct Builder {
    private struct State: Hashable {
        let places: [Int32]
        let behind: PatternAutomaton.Place
    }

    let program: PatternProgram
    let partition: ScalarPartition
    let columnCount: Int
    var table: [UInt32] = []
    private var states: [State] = []
    private var numbers: [State: UInt32] = [:]
    private let wordBit: UInt64
    private let lineBit: UInt64
    private var numberOfSet: [ScalarSet: Int] = [:]
    /// By instruction: the last closure that visited it.
    private var visited: [Int]
    private var closureCount = 0
    private var placeCount = 0
    private var stepCount = 0

    init(_ program: PatternProgram, _ partition: ScalarPartition) {
        self.program = program
        self.partition = partition
        columnCount = partition.membership.count + 1
        visited = [Int](repeating: 0, count: program.instructions.count)
        for (number, set) in program.sets.enumerated() { numberOfSet[set] = number }
        wordBit = program.asksForWords ? numberOfSet[.wordOfPatterns].map { 1 << UInt64($0) } ?? 0 : 0
        lineBit = program.asksForLines ? numberOfSet[.scalar(10)].map { 1 << UInt64($0) } ?? 0 : 0
        _ = state(for: [], behind: .behindOther)
    }

    mutating func state(for places: [Int32], behind place: PatternAutomaton.Place) -> UInt32 {
        let state = State(places: places, behind: places.isEmpty ? .behindOther : place)
        if let known = numbers[state] { return known }
        let number = UInt32(truncatingIfNeeded: states.count)  // far fewer than cells, whose count is limited
        numbers[state] = number
        states.append(state)
        placeCount += places.count
        return number
    }

    /// Places that all states hold together, and instructions that are followed to find them. A pattern of thirty characters can have
    /// a million states of many places each: it is refused before it has cost megabytes or a second.
    private static let mostPlaces = 1 << 20
    private static let mostSteps = 1 << 25

    mutating func build(atMost limit: Int) -> Bool {
        var state = 0
        while state < states.count {
            guard (state + 1) * columnCount <= limit, states.count * columnCount <= limit * 2,
                placeCount <= Self.mostPlaces, stepCount <= Self.mostSteps
            else { return false }
            for column in 0..<columnCount { table.append(cell(state, column)) }
            state += 1
        }
        return true
    }

    private mutating func cell(_ state: Int, _ column: Int) -> UInt32 {
        let isEnd = column == columnCount - 1
        let bits = isEnd ? 0 : partition.membership[column]
        let (places, isMatch) = closure(of: states[state], bits: bits, isEnd: isEnd)
        var next: [Int32] = []
        if !isEnd {
            for place in places {
                guard case .scalar(let set) = program.instructions[Int(place)], bits >> UInt64(set) & 1 == 1 else {
                    continue
                }
                next.append(place + 1)
            }
        }
        let behind: PatternAutomaton.Place =
            bits & lineBit != 0 ? .behindLineBreak : bits & wordBit != 0 ? .behindWord : .behindOther
        return self.state(for: next, behind: behind) << 1 | (isMatch ? 1 : 0)
    }

    /// The places that consume a scalar, best first, up to a match where there is one.
    private mutating func closure(
        of state: State, bits: UInt64, isEnd: Bool
    ) -> (places: [Int32], isMatch: Bool) {
        closureCount += 1
        var places: [Int32] = []
        for start in state.places {
            var stack = [Int(start)]
            while let place = stack.popLast() {
                guard visited[place] != closureCount else { continue }
                visited[place] = closureCount
                stepCount += 1
                switch program.instructions[place] {
                case .scalar: places.append(Int32(truncatingIfNeeded: place))
                case .jump(let target): stack.append(target)
                case .fork(let first, let second):
                    stack.append(second)
                    stack.append(first)
                case .assertion(let assertion):
                    if holds(assertion, behind: state.behind, bits: bits, isEnd: isEnd) { stack.append(place + 1) }
                case .match: return (places, true)
                }
            }
        }
        return (places, false)
    }

    private func holds(
        _ assertion: PatternAssertion, behind: PatternAutomaton.Place, bits: UInt64, isEnd: Bool
    ) -> Bool {
        switch assertion {
        case .next(let set, let isNegative):
            let isMember = !isEnd && bits >> UInt64(numberOfSet[set] ?? 0) & 1 == 1
            return isMember != isNegative
        case .lineStart: return behind == .textStart || behind == .behindLineBreak && !isEnd
        case .lineEnd: return isEnd || bits & lineBit != 0
        case .textStart: return behind == .textStart
        case .textEnd: return isEnd
        case .wordBoundary(let isNegative): return ((behind == .behindWord) != (bits & wordBit != 0)) != isNegative
        }
    }
}
