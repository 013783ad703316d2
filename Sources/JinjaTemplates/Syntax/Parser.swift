/// Recursive descent over the tokens, with bounded depth.
struct Parser {
    let source: TemplateSource
    let tokens: [Token]
    let nestingLimit: Int
    var index = 0
    var nesting = 0
    /// Names that expressions have read so far; a macro asks whether its body reads `varargs`.
    var namesRead: Set<String> = []
    /// Loops around the current statement that `break` and `continue` can leave.
    var loopDepth = 0
    /// Loops around the current statement, in whose source `loop` cannot be set.
    var loopNesting = 0
    /// Whether the current statement lies in a branch of an `if`.
    var isConditional = false
    /// Unknown filters and tests of the current statement. In a branch they wait until it is taken, as in Jinja.
    private var unknowns: [JinjaError] = []

    static func statements(of source: TemplateSource, limits: JinjaLimits) throws(JinjaError) -> [Statement] {
        guard source.utf8.count <= limits.sourceBytes else {
            throw source.error(at: 0, .budgetExceeded(.source, limit: limits.sourceBytes))
        }
        var parser = Parser(
            source: source, tokens: try Lexer.tokens(of: source), nestingLimit: limits.sourceNesting)
        let (body, _) = try parser.parseBody(until: [], of: nil)
        return body
    }

    // MARK: Tokens

    var current: Token { token(at: index) }

    private func token(at index: Int) -> Token {
        index < tokens.count ? tokens[index] : Token(kind: .end, offset: source.utf8.count)
    }

    func next(is kind: Token.Kind) -> Bool { token(at: index + 1).kind == kind }

    mutating func advance() { index += 1 }

    mutating func skip(_ kind: Token.Kind) -> Bool {
        guard current.kind == kind else { return false }
        index += 1
        return true
    }

    mutating func skip(_ symbol: Token.Symbol) -> Bool { skip(.symbol(symbol)) }
    mutating func skipName(_ name: String) -> Bool { skip(.name(name)) }

    mutating func expect(_ kind: Token.Kind, _ expected: String? = nil) throws(JinjaError) {
        guard skip(kind) else { throw unexpected(expected ?? kind.described) }
    }

    mutating func expect(_ symbol: Token.Symbol) throws(JinjaError) { try expect(.symbol(symbol)) }

    mutating func expectName(_ expected: String = "a name") throws(JinjaError) -> String {
        guard case .name(let name) = current.kind else { throw unexpected(expected) }
        advance()
        return name
    }

    /// A name that something can be stored under.
    mutating func expectVariable() throws(JinjaError) -> String {
        if case .name(let name) = current.kind, Self.constant(name) != nil { throw unexpected("a name") }
        return try expectName()
    }

    func unexpected(_ expected: String) -> JinjaError {
        source.error(at: current.offset, .unexpected(found: current.kind.described, expected: expected))
    }

    // MARK: Unknown names

    var unknownCount: Int { unknowns.count }

    mutating func noteUnknown(_ kind: String, _ name: String, at offset: Int) {
        unknowns.append(source.error(at: offset, .unknown(kind: kind, name: name)))
    }

    /// Forgets those after the first `count`: they stand in a conditional expression.
    mutating func forgetUnknowns(after count: Int) { unknowns.removeSubrange(count...) }

    /// Refuses unknown names outside of branches; called where a statement's own expressions end.
    mutating func settleUnknowns() throws(JinjaError) {
        if let first = unknowns.first, !isConditional { throw first }
        unknowns = []
    }

    // MARK: Depth

    mutating func enter() throws(JinjaError) {
        nesting += 1
        guard nesting <= nestingLimit else {
            throw source.error(at: current.offset, .nestingTooDeep(limit: nestingLimit))
        }
    }

    mutating func leave(_ levels: Int = 1) { nesting -= levels }
}
