extension Interpreter {
    @inline(never)
    mutating func evaluate(_ expression: Expression) throws(JinjaError) -> JinjaValue {
        switch expression.kind {
        case .constant(let value): return value
        case .name(let name):
            try spend(steps: 1)
            return lookUp(name)
        default: break
        }
        offset = expression.offset
        try enter()
        try spend(steps: 1)
        let value = try evaluate(expression.kind)
        leave()
        return value
    }

    /// Each case has a function of its own, which keeps the stack frame of this one small.
    @inline(never)
    private mutating func evaluate(_ kind: Expression.Kind) throws(JinjaError) -> JinjaValue {
        switch kind {
        case .constant(let value): return value
        case .name(let name): return lookUp(name)
        case .list(let items): return try checked(.list(try evaluate(items)))
        case .tuple(let items): return try checked(.tuple(try evaluate(items)))
        case .dictionary(let pairs): return try evaluateDictionary(pairs)
        case .or(let operands): return try evaluateChoice(operands, until: true)
        case .and(let operands): return try evaluateChoice(operands, until: false)
        case .not(let operand): return .boolean(try !evaluate(operand).isTruthy)
        case .compare(let first, let rest): return try evaluateComparison(first, rest)
        case .arithmetic(let first, let rest): return try evaluateArithmetic(first, rest)
        case .concatenate(let operands): return try evaluateConcatenation(operands)
        case .negate(let operand): return try negated(try evaluate(operand))
        case .positive(let operand): return try positive(try evaluate(operand))
        case .conditional(let test, let value, let otherwise):
            return try evaluateConditional(test, value, otherwise)
        case .postfix(let base, let postfix): return try evaluatePostfix(base, postfix)
        }
    }

    @inline(never)
    private mutating func evaluate(_ expressions: [Expression]) throws(JinjaError) -> [JinjaValue] {
        var values: [JinjaValue] = []
        values.reserveCapacity(expressions.count)
        for expression in expressions { values.append(try evaluate(expression)) }
        return values
    }

    @inline(never)
    private mutating func evaluateDictionary(
        _ pairs: [(key: Expression, value: Expression)]
    ) throws(JinjaError) -> JinjaValue {
        var evaluated: [(JinjaValue, JinjaValue)] = []
        for (key, value) in pairs { evaluated.append((try evaluate(key), try evaluate(value))) }
        return try dictionary(evaluated)
    }

    /// `or` stops at the first true value and `and` at the first false one; the last value else.
    @inline(never)
    private mutating func evaluateChoice(
        _ operands: [Expression], until stop: Bool
    ) throws(JinjaError) -> JinjaValue {
        var value = JinjaValue.none
        for operand in operands {
            value = try evaluate(operand)
            if value.isTruthy == stop { break }
        }
        return value
    }

    /// `a < b < c` means `a < b and b < c`, with `b` evaluated once.
    @inline(never)
    private mutating func evaluateComparison(
        _ first: Expression, _ rest: [(comparison: Expression.Comparison, operand: Expression)]
    ) throws(JinjaError) -> JinjaValue {
        var left = try evaluate(first)
        for (comparison, operand) in rest {
            let right = try evaluate(operand)
            guard try compare(left, comparison, right) else { return .boolean(false) }
            left = right
        }
        return .boolean(true)
    }

    @inline(never)
    private mutating func evaluateArithmetic(
        _ first: Expression, _ rest: [(operation: Expression.Arithmetic, operand: Expression)]
    ) throws(JinjaError) -> JinjaValue {
        var value = try evaluate(first)
        for (operation, operand) in rest {
            let right = try evaluate(operand)
            offset = operand.offset
            value = try arithmetic(value, operation, right)
        }
        return value
    }

    @inline(never)
    private mutating func evaluateConcatenation(_ operands: [Expression]) throws(JinjaError) -> JinjaValue {
        var result = JinjaString()
        for operand in operands {
            let value = try evaluate(operand)
            try append(try text(of: value), to: &result)
        }
        return .string(result)
    }

    @inline(never)
    private mutating func evaluateConditional(
        _ test: Expression, _ value: Expression, _ otherwise: Expression?
    ) throws(JinjaError) -> JinjaValue {
        if try evaluate(test).isTruthy { return try evaluate(value) }
        guard let otherwise else { return .undefined("the conditional expression without 'else'") }
        return try evaluate(otherwise)
    }

    @inline(never)
    private mutating func evaluatePostfix(
        _ base: Expression, _ postfix: [Postfix]
    ) throws(JinjaError) -> JinjaValue {
        var value = try evaluate(base)
        for operation in postfix { value = try apply(operation, to: value) }
        return value
    }

    @inline(never)
    mutating func apply(_ postfix: Postfix, to value: JinjaValue) throws(JinjaError) -> JinjaValue {
        offset = postfix.offset
        try spend(steps: 1)
        switch postfix.kind {
        case .attribute(let name): return try attribute(name, of: value)
        case .subscripted(let key): return try applySubscript(key, to: value, at: postfix.offset)
        case .slice(let start, let stop, let step): return try slice(value, start, stop, step)
        case .call(let written):
            let arguments = try evaluate(written)
            offset = postfix.offset
            return try call(value, arguments)
        case .filter(let filter, let written):
            let arguments = try evaluate(written)
            offset = postfix.offset
            return try self.filter(filter, value, arguments)
        case .test(let test, let written, let negated):
            let arguments = try evaluate(written)
            offset = postfix.offset
            return .boolean(try self.test(test, value, arguments) != negated)
        case .unknown(let kind, let name): throw failure(.unknown(kind: kind, name: name))
        }
    }

    @inline(never)
    private mutating func applySubscript(
        _ key: Expression, to value: JinjaValue, at place: Int
    ) throws(JinjaError) -> JinjaValue {
        let key = try evaluate(key)
        offset = place
        return try item(key, of: value)
    }

    @inline(never)
    mutating func evaluate(_ written: Arguments) throws(JinjaError) -> CallArguments {
        var arguments = CallArguments(positional: try evaluate(written.positional))
        for (name, expression) in written.named { arguments.named.append((name, try evaluate(expression))) }
        if let expression = written.unpackedList {
            arguments.positional += try items(of: try evaluate(expression), for: "unpacking")
        }
        guard let expression = written.unpackedDictionary else { return arguments }
        let value = try evaluate(expression)
        guard case .dictionary(let dictionary) = value else {
            throw failure(.wrongType(operation: "'**'", found: value.kind))
        }
        try spend(items: 2 * dictionary.entries.count)
        for entry in dictionary.entries {
            let name = try string(entry.key, for: "a name behind '**'").text
            guard !arguments.named.contains(where: { $0.name == name }) else {
                throw failure(.wrongArguments(callee: "the call", detail: "has two values for '\(name)'"))
            }
            arguments.named.append((name, entry.value))
        }
        return arguments
    }
}

/// Arguments of a call, filter or test, evaluated.
struct CallArguments {
    var positional: [JinjaValue] = []
    var named: [(name: String, value: JinjaValue)] = []
}
