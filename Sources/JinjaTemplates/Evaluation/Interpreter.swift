/// Runs parsed statements within the limits.
///
/// Functions that lie on the way of the recursion are not inlined into one another: the frame of a function holds a slot
/// for every value of all that is inlined into it, and the sum of the frames must fit a small stack (`JinjaLimits`).
struct Interpreter {
    let source: TemplateSource
    let limits: JinjaLimits
    let now: CivilTime
    var scope: Scope
    /// What is being written: the template's output, or the text of a block or macro.
    var output = JinjaString()
    /// Where the running node starts, for errors.
    var offset = 0

    var namespaces: [Namespace] = []
    var iterators: [ItemIterator] = []
    var cyclers: [Cycler] = []
    var joiners: [Joiner] = []
    var macros: [(definition: Statement.Macro, scope: Scope)] = []
    /// Loops that are running, innermost last.
    var loops: [LoopState] = []
    var loopsStarted = 0

    private var nesting = 0
    private var stepsLeft: Int
    private var bytesLeft: Int

    init(source: TemplateSource, limits: JinjaLimits, context: [String: JinjaValue], now: CivilTime) {
        self.source = source
        self.limits = limits
        self.now = now
        scope = Scope(parent: nil)
        scope.variables = context
        for function in JinjaFunction.allCases where context[function.rawValue] == nil {
            scope.variables[function.rawValue] = .function(function)
        }
        scope = Scope(parent: scope)
        let inputBytes = context.values.reduce(0) { $0 + $1.inputBytes }
        stepsLeft = limits.steps + limits.stepsPerInputByte * inputBytes
        bytesLeft = limits.allocatedBytes + limits.allocatedBytesPerInputByte * inputBytes
    }

    @inline(never)
    mutating func run(_ statements: [Statement]) throws(JinjaError) -> JinjaString {
        _ = try execute(statements)
        return output
    }

    // MARK: Errors and budgets

    @inline(never)
    func failure(_ problem: JinjaError.Problem) -> JinjaError { source.error(at: offset, problem) }

    mutating func enter() throws(JinjaError) {
        nesting += 1
        guard nesting <= limits.evaluationNesting else {
            throw failure(.nestingTooDeep(limit: limits.evaluationNesting))
        }
    }

    mutating func leave() { nesting -= 1 }

    mutating func spend(steps: Int) throws(JinjaError) {
        stepsLeft -= steps
        guard stepsLeft >= 0 else { throw failure(.budgetExceeded(.steps, limit: limits.steps)) }
    }

    /// Pays for room for values before they are made.
    mutating func spend(items: Int) throws(JinjaError) {
        try spend(steps: items)
        bytesLeft -= items * 48  // a value, its share of the room a growing list keeps, and what it points to
        guard bytesLeft >= 0 else { throw failure(.budgetExceeded(.allocation, limit: limits.allocatedBytes)) }
    }

    /// Pays for reading text.
    mutating func spend(reading text: JinjaString) throws(JinjaError) {
        try spend(steps: 1 + (text.utf8.count + 8 * text.inputRanges.count) / 16)
    }

    /// Pays for a string of `bytes` before it is made.
    mutating func spend(bytes: Int) throws(JinjaError) {
        guard bytes <= limits.stringBytes else { throw failure(.budgetExceeded(.string, limit: limits.stringBytes)) }
        bytesLeft -= bytes
        guard bytesLeft >= 0 else { throw failure(.budgetExceeded(.allocation, limit: limits.allocatedBytes)) }
        try spend(steps: 1 + bytes / 64)
    }

    /// Refuses a list or dictionary that lies too deep in itself.
    func checked(_ value: JinjaValue) throws(JinjaError) -> JinjaValue {
        guard value.depth <= limits.valueNesting else { throw failure(.nestingTooDeep(limit: limits.valueNesting)) }
        return value
    }

    // MARK: Output

    @inline(never)
    mutating func append(_ text: JinjaString, to buffer: inout JinjaString) throws(JinjaError) {
        guard text.utf8.count <= limits.stringBytes - min(buffer.utf8.count, limits.stringBytes) else {
            throw failure(.budgetExceeded(.string, limit: limits.stringBytes))
        }
        try spend(bytes: text.utf8.count)
        buffer.append(text)
    }

    @inline(never)
    mutating func write(_ text: JinjaString) throws(JinjaError) {
        guard text.utf8.count <= limits.outputBytes - output.utf8.count else {
            throw failure(.budgetExceeded(.output, limit: limits.outputBytes))
        }
        try spend(bytes: text.utf8.count)
        output.append(text)
    }

    /// The text that `body` writes.
    @inline(never)
    mutating func capture(_ body: [Statement]) throws(JinjaError) -> (text: JinjaString, flow: Flow) {
        let outer = output
        output = JinjaString()
        let flow = try execute(body)
        let captured = output
        output = outer
        return (captured, flow)
    }

    // MARK: Names

    func lookUp(_ name: String) -> JinjaValue {
        var place: Scope? = scope
        while let current = place {
            if let value = current.variables[name] { return value }
            place = current.parent
        }
        return .undefined("'\(name)'")
    }
}

/// The names that a block defines, and the block around it.
///
/// A macro keeps the scope in which it was defined. Values refer to macros by number, so scopes form no cycles.
final class Scope {
    var variables: [String: JinjaValue] = [:]
    let parent: Scope?

    init(parent: Scope?) { self.parent = parent }
}

/// A running `for`, as its body sees it in `loop`.
struct LoopState {
    let serial: Int
    let items: [JinjaValue]
    /// How many loops of the same `recursive` statement are around this one.
    let depth: Int
    /// The loop itself and the scope around it, where it is `recursive`.
    let recursion: (loop: Statement.Loop, scope: Scope)?
    var index = 0
    /// What `loop.changed` was last called with.
    var lastChecked: [JinjaValue]?
}
