extension Interpreter {
    /// How a body ended.
    enum Flow { case next, breakLoop, continueLoop }

    @inline(never)
    mutating func execute(_ body: [Statement]) throws(JinjaError) -> Flow {
        try enter()
        for statement in body {
            offset = statement.offset
            try spend(steps: 1)
            let flow = try execute(statement.kind)
            if flow != .next {
                leave()
                return flow
            }
        }
        leave()
        return .next
    }

    @inline(never)
    private mutating func execute(_ statement: Statement.Kind) throws(JinjaError) -> Flow {
        switch statement {
        case .text(let text): try write(text)
        case .output(let expression): try executeOutput(expression)
        case .set(let target, let expression): try assign(try evaluate(expression), to: target)
        case .setBlock(let target, let filters, let body):
            try assign(try filtered(try captureInScope(body), by: filters), to: target)
        case .conditional(let branches, let otherwise): return try executeConditional(branches, otherwise)
        case .loop(let loop): return try executeLoop(loop)
        case .macro(let macro): scope.variables[macro.name] = try define(macro)
        case .call(let callee, let call, let caller): try executeCall(callee, call, caller)
        case .filter(let filters, let body):
            try writeValue(try filtered(try captureInScope(body), by: filters))
        case .with(let values, let body): return try executeWith(values, body)
        case .generation(let body): return try execute(body)
        case .breakLoop: return .breakLoop
        case .continueLoop: return .continueLoop
        }
        return .next
    }

    @inline(never)
    private mutating func executeOutput(_ expression: Expression) throws(JinjaError) {
        try writeValue(try evaluate(expression))
    }

    @inline(never)
    private mutating func writeValue(_ value: JinjaValue) throws(JinjaError) {
        if case .string(let text) = value { try write(text) } else { try write(try text(of: value)) }
    }

    @inline(never)
    private mutating func executeConditional(
        _ branches: [(test: Expression, body: [Statement])], _ otherwise: [Statement]
    ) throws(JinjaError) -> Flow {
        for branch in branches where try evaluate(branch.test).isTruthy { return try execute(branch.body) }
        return try execute(otherwise)
    }

    @inline(never)
    private mutating func executeWith(
        _ values: [(target: Statement.Target, value: Expression)], _ body: [Statement]
    ) throws(JinjaError) -> Flow {
        var evaluated: [(Statement.Target, JinjaValue)] = []
        for (target, expression) in values { evaluated.append((target, try evaluate(expression))) }
        let outer = scope
        scope = Scope(parent: outer)
        for (target, value) in evaluated { try assign(value, to: target) }
        let flow = try execute(body)
        scope = outer
        return flow
    }

    /// The text of a body that has a scope of its own.
    @inline(never)
    private mutating func captureInScope(_ body: [Statement]) throws(JinjaError) -> JinjaString {
        let outer = scope
        scope = Scope(parent: outer)
        let text = try capture(body)
        scope = outer
        return text
    }

    @inline(never)
    private mutating func filtered(_ text: JinjaString, by filters: [Postfix]) throws(JinjaError) -> JinjaValue {
        var value = JinjaValue.string(text)
        for filter in filters { value = try apply(filter, to: value) }
        return value
    }

    // MARK: Assignment

    @inline(never)
    mutating func assign(_ value: JinjaValue, to target: Statement.Target) throws(JinjaError) {
        switch target {
        case .name(let name): scope.variables[name] = value
        case .attribute(let namespace, let name):
            guard case .namespace(let number) = lookUp(namespace) else {
                throw failure(
                    .wrongType(operation: "setting an attribute", found: lookUp(namespace).kind))
            }
            namespaces[number][name] = value
        case .tuple(let targets):
            let items = try items(of: value, for: "unpacking")
            guard items.count == targets.count else {
                throw failure(.outOfRange("cannot unpack \(items.count) values into \(targets.count) names"))
            }
            for (target, item) in zip(targets, items) { try assign(item, to: target) }
        }
    }

    // MARK: Loops

    @inline(never)
    private mutating func executeLoop(_ loop: Statement.Loop) throws(JinjaError) -> Flow {
        guard !loop.isRecursive else { throw failure(.unknown(kind: "loop modifier", name: "recursive")) }
        let outer = scope
        let items = try loopItems(loop)
        guard !items.isEmpty else { return try execute(loop.otherwise) }
        loopsStarted += 1
        let place = loops.count
        loops.append(LoopState(serial: loopsStarted, items: items))
        defer { loops.removeSubrange(place...) }
        let itself = JinjaValue.loop(loopsStarted)
        for (index, item) in items.enumerated() {
            try spend(steps: 4)  // a scope, two names and the body's call
            loops[place].index = index
            scope = Scope(parent: outer)
            scope.variables["loop"] = itself
            try assign(item, to: loop.target)
            let flow = try execute(loop.body)
            scope = outer
            if flow == .breakLoop { break }
        }
        return .next
    }

    /// What a loop goes over, once its `if` has chosen.
    @inline(never)
    private mutating func loopItems(_ loop: Statement.Loop) throws(JinjaError) -> [JinjaValue] {
        let all = try items(of: try evaluate(loop.sequence), for: "a for loop")
        guard let condition = loop.condition else { return all }
        let outer = scope
        var chosen: [JinjaValue] = []
        for item in all {
            try spend(steps: 4)
            scope = Scope(parent: outer)
            try assign(item, to: loop.target)
            if try evaluate(condition).isTruthy { chosen.append(item) }
        }
        scope = outer
        return chosen
    }

    // MARK: Macros

    @inline(never)
    mutating func define(_ macro: Statement.Macro) throws(JinjaError) -> JinjaValue {
        try spend(steps: 8)
        macros.append((macro, scope))
        return .macro(macros.count - 1)
    }

    @inline(never)
    private mutating func executeCall(
        _ callee: Expression, _ call: Postfix, _ caller: Statement.Macro
    ) throws(JinjaError) {
        guard case .call(let written) = call.kind else { return }
        let function = try evaluate(callee)
        var arguments = try evaluate(written)
        arguments.named.append(("caller", try define(caller)))
        offset = call.offset
        try writeValue(try self.call(function, arguments))
    }

    @inline(never)
    mutating func callMacro(_ number: Int, _ arguments: CallArguments) throws(JinjaError) -> JinjaValue {
        try enter()
        let (macro, definingScope) = macros[number]
        let inner = Scope(parent: definingScope)
        let outer = scope
        scope = inner
        try bind(arguments, to: macro)
        let text = try capture(macro.body)
        scope = outer
        leave()
        return .string(text)
    }

    /// Sets a macro's parameters in the current scope; a default may use the parameters before it.
    @inline(never)
    private mutating func bind(_ arguments: CallArguments, to macro: Statement.Macro) throws(JinjaError) {
        var named = arguments.named
        for (index, parameter) in macro.parameters.enumerated() {
            let place = named.firstIndex { $0.name == parameter.name }
            if index < arguments.positional.count {
                guard place == nil else {
                    throw failure(.wrongArguments(callee: macro.name, detail: "'\(parameter.name)' is given twice"))
                }
                scope.variables[parameter.name] = arguments.positional[index]
            } else if let place {
                scope.variables[parameter.name] = named.remove(at: place).value
            } else if let expression = parameter.defaultValue {
                scope.variables[parameter.name] = try evaluate(expression)
            } else {
                scope.variables[parameter.name] = .undefined("parameter '\(parameter.name)'")
            }
        }
        if let place = named.firstIndex(where: { $0.name == "caller" }) {
            scope.variables["caller"] = named.remove(at: place).value
        }
        let extra = Array(arguments.positional.dropFirst(macro.parameters.count))
        guard macro.readsExtraPositional || extra.isEmpty else {
            throw failure(
                .wrongArguments(
                    callee: macro.name,
                    detail: "takes at most \(macro.parameters.count) arguments, got \(arguments.positional.count)"))
        }
        guard macro.readsExtraNamed || named.isEmpty else {
            throw failure(
                .wrongArguments(callee: macro.name, detail: "has no parameter '\(named.first?.name ?? "")'"))
        }
        if macro.readsExtraPositional { scope.variables["varargs"] = try checked(.tuple(extra)) }
        if macro.readsExtraNamed {
            scope.variables["kwargs"] = try checked(.dictionary(named.map { ($0.name, $0.value) }))
        }
    }
}
