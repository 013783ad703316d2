/// Attributes, subscripts, calls, filters and tests.
extension Parser {
    mutating func parsePostfix(takesFilters: Bool) throws(JinjaError) -> [Postfix] {
        var result: [Postfix] = []
        var sawFilter = false
        while true {
            let offset = current.offset
            let kind: Postfix.Kind
            switch current.kind {
            case .symbol(.dot) where !sawFilter: kind = try parseAttribute()
            case .symbol(.openBracket) where !sawFilter: kind = try parseSubscript()
            case .symbol(.openParenthesis): kind = .call(try parseArguments())
            case .symbol(.pipe) where takesFilters:
                advance()
                kind = try parseFilter()
                sawFilter = true
            case .name("is") where takesFilters:
                advance()
                kind = try parseTest()
                sawFilter = true
            default: return result
            }
            result.append(Postfix(kind: kind, offset: offset))
        }
    }

    private mutating func parseAttribute() throws(JinjaError) -> Postfix.Kind {
        advance()
        let token = current
        advance()
        switch token.kind {
        case .name(let name): return .attribute(name)
        case .integer(let value):
            return .subscripted(Expression(kind: .constant(.integer(value)), offset: token.offset))
        default:
            index -= 1
            throw unexpected("the name of an attribute")
        }
    }

    private mutating func parseSubscript() throws(JinjaError) -> Postfix.Kind {
        advance()
        let offset = current.offset
        if skip(.closeBracket) { return .subscripted(Expression(kind: .tuple([]), offset: offset)) }
        let start: Expression? = current.kind == .symbol(.colon) ? nil : try parseExpression()
        if skip(.colon) {
            let stop = try parseBound()
            let step: Expression? = skip(.colon) ? try parseBound() : nil
            try expect(.closeBracket)
            return .slice(start: start, stop: stop, step: step)
        }
        guard let start else { throw unexpected("a subscript") }
        var keys = [start]
        while skip(.comma) { keys.append(try parseExpression()) }
        try expect(.closeBracket)
        return .subscripted(keys.count == 1 ? start : Expression(kind: .tuple(keys), offset: offset))
    }

    private mutating func parseBound() throws(JinjaError) -> Expression? {
        current.kind == .symbol(.colon) || current.kind == .symbol(.closeBracket) ? nil : try parseExpression()
    }

    mutating func parseArguments() throws(JinjaError) -> Arguments {
        try expect(.openParenthesis)
        var arguments = Arguments()
        while current.kind != .symbol(.closeParenthesis) {
            guard arguments.unpackedDictionary == nil else { throw unexpected("')'") }
            if skip(.power) {
                arguments.unpackedDictionary = try parseExpression()
            } else if current.kind == .symbol(.multiply) {
                guard arguments.unpackedList == nil else { throw unexpected("a named argument") }
                advance()
                arguments.unpackedList = try parseExpression()
            } else if case .name(let name) = current.kind, next(is: .symbol(.assign)) {
                guard !arguments.named.contains(where: { $0.name == name }) else {
                    throw unexpected("an argument that is not given yet")
                }
                advance()
                advance()
                arguments.named.append((name, try parseExpression()))
            } else {
                guard arguments.named.isEmpty, arguments.unpackedList == nil else {
                    throw unexpected("a named argument")
                }
                arguments.positional.append(try parseExpression())
            }
            guard skip(.comma) else { break }
        }
        try expect(.closeParenthesis)
        return arguments
    }

    /// A filter's name and arguments, behind the `|` or the word `filter`.
    mutating func parseFilter() throws(JinjaError) -> Postfix.Kind {
        let offset = current.offset
        let name = try parseDottedName()
        guard !JinjaFilter.unsupported.contains(name) else {
            throw source.error(at: offset, .unsupported("the filter '\(name)'"))
        }
        let arguments = current.kind == .symbol(.openParenthesis) ? try parseArguments() : Arguments()
        if let filter = JinjaFilter(named: name) { return .filter(filter, arguments) }
        noteUnknown("filter", name, at: offset)
        return .unknown(kind: "filter", name: name)
    }

    private mutating func parseDottedName() throws(JinjaError) -> String {
        var name = try expectName()
        while skip(.dot) { name += "." + (try expectName()) }
        return name
    }

    /// A test's name and arguments; a single argument needs no brackets (`is divisibleby 3`).
    private mutating func parseTest() throws(JinjaError) -> Postfix.Kind {
        let negated = skipName("not")
        let offset = current.offset
        let name = try parseDottedName()
        var arguments = Arguments()
        if current.kind == .symbol(.openParenthesis) {
            arguments = try parseArguments()
        } else if startsTestArgument {
            guard current.kind != .name("is") else { throw unexpected("no second test") }
            try enter()
            arguments.positional = [try parseUnary(takesFilters: false)]
            leave()
        }
        if let test = JinjaTest(named: name) { return .test(test, arguments, negated: negated) }
        noteUnknown("test", name, at: offset)
        return .unknown(kind: "test", name: name)
    }

    private var startsTestArgument: Bool {
        switch current.kind {
        case .name(let name): !["else", "or", "and"].contains(name)
        case .string, .integer, .double, .symbol(.openBracket), .symbol(.openBrace): true
        default: false
        }
    }
}
