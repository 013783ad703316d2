/// Expressions, in Jinja's precedence: `or`, `and`, `not`, comparisons, `+ -`, `~`, `* / // %`, `**`, signs.
extension Parser {
    mutating func parseExpression() throws(JinjaError) -> Expression {
        try enter()
        var levels = 1
        let offset = current.offset
        let unknownsBefore = unknownCount
        var value = try parseOperation(.or)
        let isConditional = current.kind == .name("if")
        while skipName("if") {
            try enter()  // `a if b if c` grows to the left
            levels += 1
            let test = try parseOperation(.or)
            let otherwise: Expression? = skipName("else") ? try parseExpression() : nil
            value = Expression(
                kind: .conditional(test: test, value: value, otherwise: otherwise), offset: offset)
        }
        if isConditional { forgetUnknowns(after: unknownsBefore) }
        leave(levels)
        return value
    }

    enum Precedence: Int {
        case or, and, not, compare, sum, concatenate, product, power, unary

        var next: Precedence { Precedence(rawValue: rawValue + 1) ?? .unary }
    }

    /// The precedence of the binary operator at the current token.
    private var operatorPrecedence: Precedence? {
        switch current.kind {
        case .name("or"): .or
        case .name("and"): .and
        case .name("in"): .compare
        case .name("not"): next(is: .name("in")) ? .compare : nil
        case .symbol(.equal), .symbol(.notEqual), .symbol(.less), .symbol(.lessOrEqual), .symbol(.greater),
            .symbol(.greaterOrEqual):
            .compare
        case .symbol(.plus), .symbol(.minus): .sum
        case .symbol(.tilde): .concatenate
        case .symbol(.multiply), .symbol(.divide), .symbol(.floorDivide), .symbol(.modulo): .product
        case .symbol(.power): .power
        default: nil
        }
    }

    /// Operands joined by operators of at least the given precedence.
    func isAllowed(_ precedence: Precedence, from minimum: Precedence) -> Bool {
        precedence.rawValue >= minimum.rawValue
    }

    mutating func parseOperation(_ minimum: Precedence) throws(JinjaError) -> Expression {
        try enter()
        let offset = current.offset
        var left: Expression
        if isAllowed(.not, from: minimum), current.kind == .name("not") {
            advance()
            left = Expression(kind: .not(try parseOperation(.not)), offset: offset)
        } else {
            left = try parseUnary(takesFilters: true)
        }
        while let precedence = operatorPrecedence, isAllowed(precedence, from: minimum) {
            left = try parseChain(from: left, precedence, offset: offset)
        }
        leave()
        return left
    }

    /// All operators of one precedence that follow one another.
    private mutating func parseChain(
        from first: Expression, _ precedence: Precedence, offset: Int
    ) throws(JinjaError) -> Expression {
        var operands = [first]
        var comparisons: [(comparison: Expression.Comparison, operand: Expression)] = []
        var arithmetic: [(operation: Expression.Arithmetic, operand: Expression)] = []
        while operatorPrecedence == precedence {
            let comparison = parseComparison()
            let operation = comparison == nil ? arithmeticOperator : nil
            if comparison == nil { advance() }
            let operand = try parseOperation(precedence.next)
            if let comparison { comparisons.append((comparison, operand)) }
            if let operation { arithmetic.append((operation, operand)) }
            operands.append(operand)
        }
        let kind: Expression.Kind =
            switch precedence {
            case .or: .or(operands)
            case .and: .and(operands)
            case .concatenate: .concatenate(operands)
            case .compare: .compare(first, comparisons)
            default: .arithmetic(first, arithmetic)
            }
        return Expression(kind: kind, offset: offset)
    }

    /// Consumes a comparison operator where one stands.
    private mutating func parseComparison() -> Expression.Comparison? {
        let comparison: Expression.Comparison? =
            switch current.kind {
            case .symbol(.equal): .equal
            case .symbol(.notEqual): .notEqual
            case .symbol(.less): .less
            case .symbol(.lessOrEqual): .lessOrEqual
            case .symbol(.greater): .greater
            case .symbol(.greaterOrEqual): .greaterOrEqual
            case .name("in"): .isIn
            case .name("not"): .isNotIn
            default: nil
            }
        if comparison != nil { advance() }
        if comparison == .isNotIn { advance() }
        return comparison
    }

    private var arithmeticOperator: Expression.Arithmetic? {
        guard case .symbol(let symbol) = current.kind else { return nil }
        return Expression.Arithmetic(rawValue: symbol.rawValue)
    }

    /// A value with its signs in front and its attributes, calls, filters and tests behind.
    mutating func parseUnary(takesFilters: Bool) throws(JinjaError) -> Expression {
        let offset = current.offset
        var value: Expression
        if current.kind == .symbol(.minus) || current.kind == .symbol(.plus) {
            let isMinus = current.kind == .symbol(.minus)
            advance()
            try enter()
            let operand = try parseUnary(takesFilters: false)
            leave()
            value = Expression(kind: isMinus ? .negate(operand) : .positive(operand), offset: offset)
        } else {
            value = try parsePrimary()
        }
        let postfix = try parsePostfix(takesFilters: takesFilters)
        if !postfix.isEmpty { value = Expression(kind: .postfix(value, postfix), offset: offset) }
        return value
    }

    // MARK: Primary values

    private mutating func parsePrimary() throws(JinjaError) -> Expression {
        let token = current
        let kind: Expression.Kind
        switch token.kind {
        case .name(let name):
            advance()
            kind = Self.constant(name) ?? .name(name)
            namesRead.insert(name)
        case .string:
            var text = ""
            while case .string(let part) = current.kind {
                text += part
                advance()
            }
            kind = .constant(.text(text))
        case .integer(let value):
            advance()
            kind = .constant(.integer(value))
        case .double(let value):
            advance()
            kind = .constant(.double(value))
        case .symbol(.openParenthesis): return try parseParenthesised()
        case .symbol(.openBracket): kind = .list(try parseListItems())
        case .symbol(.openBrace): kind = .dictionary(try parseDictionaryPairs())
        default: throw unexpected("a value")
        }
        return Expression(kind: kind, offset: token.offset)
    }

    static func constant(_ name: String) -> Expression.Kind? {
        switch name {
        case "true", "True": .constant(.boolean(true))
        case "false", "False": .constant(.boolean(false))
        case "none", "None": .constant(.none)
        default: nil
        }
    }

    private mutating func parseParenthesised() throws(JinjaError) -> Expression {
        let offset = current.offset
        advance()
        if skip(.closeParenthesis) { return Expression(kind: .tuple([]), offset: offset) }
        let value = try parseTuple()
        try expect(.closeParenthesis)
        return value
    }

    /// One expression, or a tuple where commas follow.
    ///
    /// - Parameters:
    ///   - takesConditional: whether `a if b else c` may stand here without brackets.
    ///   - end: a word that ends the tuple.
    mutating func parseTuple(takesConditional: Bool = true, until end: String? = nil) throws(JinjaError) -> Expression {
        let offset = current.offset
        var items: [Expression] = []
        repeat {
            if !items.isEmpty, isTupleEnd || end.map({ current.kind == .name($0) }) == true { break }
            items.append(takesConditional ? try parseExpression() : try parseOperation(.or))
            guard current.kind == .symbol(.comma) || items.count > 1 else { return items[0] }
        } while skip(.comma)
        return Expression(kind: .tuple(items), offset: offset)
    }

    private var isTupleEnd: Bool {
        [.symbol(.closeParenthesis), .tagEnd, .outputEnd].contains(current.kind)
    }

    private mutating func parseListItems() throws(JinjaError) -> [Expression] {
        advance()
        var items: [Expression] = []
        while current.kind != .symbol(.closeBracket) {
            items.append(try parseExpression())
            guard skip(.comma) else { break }
        }
        try expect(.closeBracket)
        return items
    }

    private mutating func parseDictionaryPairs() throws(JinjaError) -> [(key: Expression, value: Expression)] {
        advance()
        var pairs: [(key: Expression, value: Expression)] = []
        while current.kind != .symbol(.closeBrace) {
            let key = try parseExpression()
            try expect(.colon)
            pairs.append((key, try parseExpression()))
            guard skip(.comma) else { break }
        }
        try expect(.closeBrace)
        return pairs
    }
}
