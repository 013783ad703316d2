/// Text, output and tags.
extension Parser {
    /// Statements up to one of the given tags, which is consumed up to its name; the end of the template without any.
    mutating func parseBody(
        until ends: [String], of tag: Token?
    ) throws(JinjaError) -> (body: [Statement], end: String) {
        try enter()
        defer { leave() }
        var body: [Statement] = []
        while true {
            let token = current
            advance()
            switch token.kind {
            case .text(let text): body.append(Statement(kind: .text(JinjaString(text)), offset: token.offset))
            case .outputStart:
                body.append(Statement(kind: .output(try parseTuple()), offset: token.offset))
                try expect(.outputEnd, "'}}' or an operator")
            case .tagStart:
                let name = current
                let tagName = try expectName()
                if ends.contains(tagName) { return (body, tagName) }
                if let kind = try parseTag(tagName, at: name, ends: ends) {
                    body.append(Statement(kind: kind, offset: name.offset))
                }
            default:
                guard let tag else { return (body, "") }
                throw source.error(at: tag.offset, .unterminated("the tag \(tag.kind.described)"))
            }
        }
    }

    private mutating func parseTag(
        _ name: String, at token: Token, ends: [String]
    ) throws(JinjaError) -> Statement.Kind? {
        switch name {
        case "if": return try parseIf(token)
        case "for": return try parseFor(token)
        case "set": return try parseSet(token)
        case "macro": return try parseMacro(token)
        case "call": return try parseCall(token)
        case "filter": return try parseFilterBlock(token)
        case "with": return try parseWith(token)
        case "generation": return .generation(try parseBlock(token, until: "endgeneration"))
        case "break", "continue":
            guard loopDepth > 0 else {
                throw source.error(at: token.offset, .unexpected(found: "'\(name)'", expected: "it inside a loop"))
            }
            try expect(.tagEnd)
            return name == "break" ? .breakLoop : .continueLoop
        default:
            if name.hasPrefix("end") || name == "else" || name == "elif" {
                let expected = ends.isEmpty ? "no closing tag" : ends.map { "'\($0)'" }.joined(separator: " or ")
                throw source.error(at: token.offset, .unexpected(found: "'\(name)'", expected: expected))
            }
            throw source.error(at: token.offset, .unknown(kind: "tag", name: name))
        }
    }

    /// The rest of an opening tag, a body, and its closing tag.
    private mutating func parseBlock(_ token: Token, until end: String) throws(JinjaError) -> [Statement] {
        try expect(.tagEnd)
        let (body, _) = try parseBody(until: [end], of: token)
        if end == "endmacro" || end == "endset" || end == "endcall", case .name = current.kind { advance() }
        try expect(.tagEnd)
        return body
    }

    private mutating func parseIf(_ token: Token) throws(JinjaError) -> Statement.Kind {
        var branches: [(test: Expression, body: [Statement])] = []
        var otherwise: [Statement] = []
        var end = "elif"
        while end == "elif" {
            let test = try parseTuple()
            try expect(.tagEnd, "'%}' or an operator")
            let (body, found) = try parseBody(until: ["elif", "else", "endif"], of: token)
            branches.append((test, body))
            end = found
        }
        if end == "else" {
            try expect(.tagEnd)
            (otherwise, _) = try parseBody(until: ["endif"], of: token)
        }
        try expect(.tagEnd)
        return .conditional(branches, otherwise: otherwise)
    }

    private mutating func parseFor(_ token: Token) throws(JinjaError) -> Statement.Kind {
        let target = try parseTarget(takesAttributes: false)
        try expect(.name("in"), "'in'")
        var sequence = try parseOperation(.or)
        if current.kind == .symbol(.comma) {
            var items = [sequence]
            while skip(.comma), current.kind != .tagEnd { items.append(try parseOperation(.or)) }
            sequence = Expression(kind: .tuple(items), offset: sequence.offset)
        }
        let condition: Expression? = skipName("if") ? try parseExpression() : nil
        let isRecursive = skipName("recursive")
        try expect(.tagEnd, "'%}', 'if' or an operator")
        loopDepth += 1
        let (body, end) = try parseBody(until: ["endfor", "else"], of: token)
        loopDepth -= 1
        var otherwise: [Statement] = []
        if end == "else" { otherwise = try parseBlock(token, until: "endfor") } else { try expect(.tagEnd) }
        return .loop(
            Statement.Loop(
                target: target, sequence: sequence, condition: condition, isRecursive: isRecursive, body: body,
                otherwise: otherwise))
    }

    /// A name, names with commas between (in brackets or not), or an attribute of a namespace.
    private mutating func parseTarget(takesAttributes: Bool) throws(JinjaError) -> Statement.Target {
        try enter()
        defer { leave() }
        var targets: [Statement.Target] = []
        var isTuple = false
        repeat {
            if case .name("in") = current.kind { break }
            if skip(.openParenthesis) {
                targets.append(try parseTarget(takesAttributes: takesAttributes))
                try expect(.closeParenthesis)
            } else {
                let name = try expectName()
                if takesAttributes, skip(.dot) {
                    targets.append(.attribute(namespace: name, name: try expectName()))
                } else {
                    targets.append(.name(name))
                }
            }
            isTuple = isTuple || current.kind == .symbol(.comma)
        } while skip(.comma)
        if !isTuple, let target = targets.first { return target }
        return .tuple(targets)
    }

    private mutating func parseSet(_ token: Token) throws(JinjaError) -> Statement.Kind {
        let target = try parseTarget(takesAttributes: true)
        if skip(.assign) {
            let value = try parseTuple()
            try expect(.tagEnd, "'%}' or an operator")
            return .set(target, value)
        }
        var filters: [Postfix] = []
        while current.kind == .symbol(.pipe) {
            let offset = current.offset
            advance()
            filters.append(Postfix(kind: try parseFilter(), offset: offset))
        }
        return .setBlock(target, filters: filters, body: try parseBlock(token, until: "endset"))
    }

    private mutating func parseMacro(_ token: Token) throws(JinjaError) -> Statement.Kind {
        let name = try expectName()
        let parameters = try parseParameters()
        return .macro(try parseMacroBody(name: name, parameters, token, until: "endmacro"))
    }

    private mutating func parseMacroBody(
        name: String, _ parameters: [(name: String, defaultValue: Expression?)], _ token: Token, until end: String
    ) throws(JinjaError) -> Statement.Macro {
        let (namesBefore, loopsBefore) = (namesRead, loopDepth)
        (namesRead, loopDepth) = ([], 0)
        let body = try parseBlock(token, until: end)
        let namesInside = namesRead
        (namesRead, loopDepth) = (namesBefore.union(namesInside), loopsBefore)
        return Statement.Macro(
            name: name, parameters: parameters, body: body, readsExtraPositional: namesInside.contains("varargs"),
            readsExtraNamed: namesInside.contains("kwargs"))
    }

    private mutating func parseParameters() throws(JinjaError) -> [(name: String, defaultValue: Expression?)] {
        try expect(.openParenthesis)
        var parameters: [(name: String, defaultValue: Expression?)] = []
        while current.kind != .symbol(.closeParenthesis) {
            let name = try expectName()
            let defaultValue: Expression? = skip(.assign) ? try parseExpression() : nil
            if defaultValue == nil, let last = parameters.last, last.defaultValue != nil {
                throw unexpected("a default value for '\(name)'")
            }
            parameters.append((name, defaultValue))
            guard skip(.comma) else { break }
        }
        try expect(.closeParenthesis)
        return parameters
    }

    private mutating func parseCall(_ token: Token) throws(JinjaError) -> Statement.Kind {
        let parameters = current.kind == .symbol(.openParenthesis) ? try parseParameters() : []
        let call = try parseUnary(takesFilters: false)
        guard case .postfix(let callee, var postfix) = call.kind, let last = postfix.popLast(), case .call = last.kind
        else { throw source.error(at: call.offset, .unexpected(found: "an expression", expected: "a call")) }
        let macro = Expression(kind: .postfix(callee, postfix), offset: call.offset)
        let caller = try parseMacroBody(name: "caller", parameters, token, until: "endcall")
        return .call(macro, last, caller: caller)
    }

    private mutating func parseFilterBlock(_ token: Token) throws(JinjaError) -> Statement.Kind {
        var filters: [Postfix] = []
        repeat {
            filters.append(Postfix(kind: try parseFilter(), offset: current.offset))
        } while skip(.pipe)
        return .filter(filters, body: try parseBlock(token, until: "endfilter"))
    }

    private mutating func parseWith(_ token: Token) throws(JinjaError) -> Statement.Kind {
        var values: [(target: Statement.Target, value: Expression)] = []
        while current.kind != .tagEnd {
            let name = try expectName()
            try expect(.assign)
            values.append((.name(name), try parseExpression()))
            guard skip(.comma) else { break }
        }
        return .with(values, body: try parseBlock(token, until: "endwith"))
    }
}
