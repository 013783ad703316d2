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
                body.append(Statement(kind: .output([try parseTuple()]), offset: token.offset))
                try expect(.outputEnd, "'}}' or an operator")
                try settleUnknowns()
            case .tagStart:
                let name = current
                let tagName = try expectName("the name of a tag")
                if ends.contains(tagName) { return (body, tagName) }
                body.append(Statement(kind: try parseTag(tagName, at: name, ends: ends), offset: name.offset))
                try settleUnknowns()
            default:
                guard let tag else { return (body, "") }
                throw source.error(at: tag.offset, .unterminated("the tag \(tag.kind.described)"))
            }
        }
    }

    /// Tags of Jinja that a template of one file has no use for, or that chat templates are not given.
    private static let unsupportedTags: Set<String> = [
        "autoescape", "block", "do", "extends", "from", "import", "include", "trans", "debug",
    ]

    private mutating func parseTag(
        _ name: String, at token: Token, ends: [String]
    ) throws(JinjaError) -> Statement.Kind {
        switch name {
        case "if": return try parseIf(token)
        case "for": return .loop(try parseFor(token))
        case "set": return try parseSet(token)
        case "macro": return .macro(try parseMacro(token))
        case "call": return try parseCall(token)
        case "filter": return try parseFilterBlock(token)
        case "with": return try parseWith(token)
        case "print": return .output(try parsePrint())
        case "generation": return .generation(try parseGeneration(token))
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
            guard !Self.unsupportedTags.contains(name) else {
                throw source.error(at: token.offset, .unsupported("the tag '\(name)'"))
            }
            throw source.error(at: token.offset, .unknown(kind: "tag", name: name))
        }
    }

    /// The end of an opening tag, before which Jinja takes a colon for Python's sake.
    private mutating func endOpeningTag() throws(JinjaError) {
        _ = skip(.colon)
        try expect(.tagEnd, "'%}' or an operator")
        try settleUnknowns()
    }

    /// The rest of an opening tag, a body in a scope of its own, and its closing tag.
    private mutating func parseBlock(_ token: Token, until end: String) throws(JinjaError) -> [Statement] {
        try endOpeningTag()
        let wasConditional = isConditional
        isConditional = false
        let (body, _) = try parseBody(until: [end], of: token)
        isConditional = wasConditional
        try expect(.tagEnd)
        return body
    }

    private mutating func parseIf(_ token: Token) throws(JinjaError) -> Statement.Kind {
        try settleUnknowns()
        let wasConditional = isConditional
        isConditional = true
        var branches: [(test: Expression, body: [Statement])] = []
        var otherwise: [Statement] = []
        var end = "elif"
        while end == "elif" {
            let test = try parseTuple(takesConditional: false)
            try endOpeningTag()
            let (body, found) = try parseBody(until: ["elif", "else", "endif"], of: token)
            branches.append((test, body))
            end = found
        }
        if end == "else" {
            try endOpeningTag()
            (otherwise, _) = try parseBody(until: ["endif"], of: token)
        }
        isConditional = wasConditional
        try expect(.tagEnd)
        return .conditional(branches, otherwise: otherwise)
    }

    private mutating func parseFor(_ token: Token) throws(JinjaError) -> Statement.Loop {
        let (wasConditional, depthBefore) = (isConditional, loopDepth)
        loopNesting += 1
        let target = try parseTarget(until: "in", takesAttributes: false)
        try expect(.name("in"), "'in'")
        let sequence = try parseTuple(takesConditional: false, until: "recursive")
        try settleUnknowns()
        isConditional = false
        let condition: Expression? = skipName("if") ? try parseExpression() : nil
        let isRecursive = skipName("recursive")
        try endOpeningTag()
        loopDepth = isRecursive ? 1 : loopDepth + 1
        let (body, end) = try parseBody(until: ["endfor", "else"], of: token)
        loopDepth = isRecursive ? 0 : depthBefore
        var otherwise: [Statement] = []
        if end == "else" { otherwise = try parseBlock(token, until: "endfor") } else { try expect(.tagEnd) }
        (isConditional, loopDepth) = (wasConditional, depthBefore)
        loopNesting -= 1
        return Statement.Loop(
            target: target, sequence: sequence, condition: condition, isRecursive: isRecursive, body: body,
            otherwise: otherwise)
    }

    /// A name, names with commas between (in brackets or not), or an attribute of a namespace.
    ///
    /// - Parameter end: a word that ends the names.
    private mutating func parseTarget(
        until end: String? = nil, takesAttributes: Bool, isInside: Bool = false
    ) throws(JinjaError) -> Statement.Target {
        try enter()
        defer { leave() }
        var targets: [Statement.Target] = []
        var isTuple = false
        repeat {
            if let end, current.kind == .name(end) { break }
            if isTuple, current.kind == .tagEnd || current.kind == .symbol(.closeParenthesis) { break }
            if skip(.openParenthesis) {
                if skip(.closeParenthesis) {
                    targets.append(.tuple([]))
                } else {
                    targets.append(try parseTarget(takesAttributes: false, isInside: true))
                    try expect(.closeParenthesis)
                }
            } else {
                targets.append(try parseTargetName(takesAttributes: takesAttributes))
            }
            isTuple = isTuple || current.kind == .symbol(.comma)
        } while skip(.comma)
        if !isTuple, let target = targets.first { return target }
        guard isTuple else { throw unexpected("a name") }
        return .tuple(targets)
    }

    private mutating func parseTargetName(takesAttributes: Bool) throws(JinjaError) -> Statement.Target {
        let offset = current.offset
        if takesAttributes, next(is: .symbol(.dot)) {
            let namespace = try expectName()
            advance()
            return .attribute(namespace: namespace, name: try expectName())
        }
        let name = try expectVariable()
        guard name != "loop" || loopNesting == 0 else {
            throw source.error(at: offset, .unexpected(found: "'loop'", expected: "another name inside a loop"))
        }
        return .name(name)
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

    private mutating func parsePrint() throws(JinjaError) -> [Expression] {
        var values: [Expression] = []
        while current.kind != .tagEnd {
            if !values.isEmpty { try expect(.comma) }
            values.append(try parseExpression())
        }
        try expect(.tagEnd)
        return values
    }

    /// Jinja makes the body a function, which `break` cannot leave.
    private mutating func parseGeneration(_ token: Token) throws(JinjaError) -> [Statement] {
        let depthBefore = loopDepth
        loopDepth = 0
        let body = try parseBlock(token, until: "endgeneration")
        loopDepth = depthBefore
        return body
    }

    private mutating func parseMacro(_ token: Token) throws(JinjaError) -> Statement.Macro {
        let name = try expectVariable()
        let parameters = try parseParameters()
        return try parseMacroBody(name: name, parameters, token, until: "endmacro")
    }

    private mutating func parseMacroBody(
        name: String, _ parameters: [Statement.Parameter], _ token: Token, until end: String
    ) throws(JinjaError) -> Statement.Macro {
        let (namesBefore, loopsBefore) = (namesRead, loopDepth)
        (namesRead, loopDepth) = ([], 0)
        let body = try parseBlock(token, until: end)
        let namesInside = namesRead
        (namesRead, loopDepth) = (namesBefore.union(namesInside), loopsBefore)
        let caller = parameters.first { $0.name == "caller" }
        if namesInside.contains("caller"), let caller, caller.defaultValue == nil {
            throw source.error(
                at: token.offset, .unexpected(found: "the parameter 'caller'", expected: "a default value for it"))
        }
        func reads(_ name: String) -> Bool {
            namesInside.contains(name) && !parameters.contains { $0.name == name }
        }
        return Statement.Macro(
            name: name, isCaller: end == "endcall", parameters: parameters, body: body,
            readsCaller: namesInside.contains("caller"),
            readsExtraPositional: reads("varargs"), readsExtraNamed: reads("kwargs"))
    }

    private mutating func parseParameters() throws(JinjaError) -> [Statement.Parameter] {
        try expect(.openParenthesis)
        var parameters: [Statement.Parameter] = []
        while current.kind != .symbol(.closeParenthesis) {
            if !parameters.isEmpty { try expect(.comma) }
            let offset = current.offset
            let name = try expectVariable()
            let defaultValue: Expression? = skip(.assign) ? try parseExpression() : nil
            if defaultValue == nil, let last = parameters.last, last.defaultValue != nil {
                throw unexpected("a default value for '\(name)'")
            }
            guard !parameters.contains(where: { $0.name == name }) else {
                throw source.error(at: offset, .unexpected(found: "'\(name)'", expected: "another name"))
            }
            parameters.append(Statement.Parameter(name: name, defaultValue: defaultValue))
        }
        try expect(.closeParenthesis)
        return parameters
    }

    private mutating func parseCall(_ token: Token) throws(JinjaError) -> Statement.Kind {
        let parameters = current.kind == .symbol(.openParenthesis) ? try parseParameters() : []
        let call = try parseExpression()
        guard case .postfix(let callee, var postfix) = call.kind, let last = postfix.popLast(), case .call = last.kind
        else { throw source.error(at: call.offset, .unexpected(found: "an expression", expected: "a call")) }
        let macro = postfix.isEmpty ? callee : Expression(kind: .postfix(callee, postfix), offset: call.offset)
        let caller = try parseMacroBody(name: "caller", parameters, token, until: "endcall")
        return .call(macro, last, caller: caller)
    }

    private mutating func parseFilterBlock(_ token: Token) throws(JinjaError) -> Statement.Kind {
        let wasConditional = isConditional
        isConditional = false
        var filters: [Postfix] = []
        repeat {
            let offset = current.offset
            filters.append(Postfix(kind: try parseFilter(), offset: offset))
        } while skip(.pipe)
        let body = try parseBlock(token, until: "endfilter")
        isConditional = wasConditional
        return .filter(filters, body: body)
    }

    private mutating func parseWith(_ token: Token) throws(JinjaError) -> Statement.Kind {
        var values: [(target: Statement.Target, value: Expression)] = []
        while current.kind != .tagEnd {
            if !values.isEmpty { try expect(.comma) }
            let target = try parseTarget(takesAttributes: false)
            try expect(.assign)
            values.append((target, try parseExpression()))
        }
        return .with(values, body: try parseBlock(token, until: "endwith"))
    }
}
