/// A regular expression as instructions with jumps: each place in the program is a state of a nondeterministic automaton.
struct PatternProgram {
    enum Instruction {
        /// Consumes a scalar of the set with this number.
        case scalar(set: Int)
        /// Both ways, the first one preferred.
        case fork(Int, Int)
        case jump(Int)
        case assertion(PatternAssertion)
        case match
    }

    private(set) var instructions: [Instruction] = []
    /// What the program tells scalars apart by.
    private(set) var sets: [ScalarSet] = []
    private var numberOfSet: [ScalarSet: Int] = [:]
    private(set) var asksForWords = false
    private(set) var asksForLines = false

    /// Published patterns have some hundreds.
    private static let mostInstructions = 1 << 14

    /// - Returns: nil for a program that would be too long.
    init?(_ node: PatternNode) {
        guard append(node) else { return nil }
        instructions.append(.match)
    }

    mutating func number(of set: ScalarSet) -> Int {
        if let known = numberOfSet[set] { return known }
        numberOfSet[set] = sets.count
        sets.append(set)
        return sets.count - 1
    }

    private mutating func append(_ node: PatternNode) -> Bool {
        guard instructions.count < Self.mostInstructions else { return false }
        switch node {
        case .set(let set):
            instructions.append(.scalar(set: number(of: set)))
            return true
        case .sequence(let nodes):
            for node in nodes { guard append(node) else { return false } }
            return true
        case .alternatives(let nodes): return append(alternatives: nodes)
        case .repeated(let node, let least, let most, let isLazy, _):
            return append(node, least: least, most: most, isLazy: isLazy)
        case .assertion(let assertion):
            prepare(assertion)
            instructions.append(.assertion(assertion))
            return true
        }
    }

    private mutating func prepare(_ assertion: PatternAssertion) {
        switch assertion {
        case .next(let set, _): _ = number(of: set)
        case .wordBoundary:
            asksForWords = true
            _ = number(of: .wordOfPatterns)
        case .lineStart, .lineEnd:
            asksForLines = true
            _ = number(of: .scalar(10))
        case .textStart, .textEnd: break
        }
    }

    private mutating func append(alternatives nodes: [PatternNode]) -> Bool {
        var jumps: [Int] = []
        for node in nodes.dropLast() {
            let fork = instructions.count
            instructions.append(.match)
            guard append(node) else { return false }
            jumps.append(instructions.count)
            instructions.append(.match)
            instructions[fork] = .fork(fork + 1, instructions.count)
        }
        if let last = nodes.last { guard append(last) else { return false } }
        for jump in jumps { instructions[jump] = .jump(instructions.count) }
        return true
    }

    private mutating func append(_ node: PatternNode, least: Int, most: Int?, isLazy: Bool) -> Bool {
        for _ in 0..<least { guard append(node) else { return false } }
        guard let most else {
            let fork = instructions.count
            instructions.append(.match)
            guard append(node) else { return false }
            instructions.append(.jump(fork))
            setFork(at: fork, inside: fork + 1, behind: instructions.count, isLazy)
            return true
        }
        var forks: [Int] = []
        for _ in least..<max(most, least) {
            forks.append(instructions.count)
            instructions.append(.match)
            guard append(node) else { return false }
        }
        for fork in forks { setFork(at: fork, inside: fork + 1, behind: instructions.count, isLazy) }
        return true
    }

    private mutating func setFork(at place: Int, inside: Int, behind: Int, _ isLazy: Bool) {
        instructions[place] = isLazy ? .fork(behind, inside) : .fork(inside, behind)
    }
}
