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
        case .output(let expressions): for expression in expressions { try executeOutput(expression) }
        case .set(let target, let expression): try assign(try evaluate(expression), to: target)
        case .setBlock(let target, let filters, let body): return try executeSetBlock(target, filters, body)
        case .conditional(let branches, let otherwise): return try executeConditional(branches, otherwise)
        case .loop(let loop): return try executeLoop(loop)
        case .macro(let macro): scope.variables[macro.name] = try define(macro)
        case .call(let callee, let call, let caller): try executeCall(callee, call, caller)
        case .filter(let filters, let body): return try executeFilterBlock(filters, body)
        case .with(let values, let body): return try executeWith(values, body)
        case .generation(let body):
            let (text, _) = try captureInScope(body)
            try write(text)
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
        try spend(items: 4 + values.count)
        for (target, expression) in values { evaluated.append((target, try evaluate(expression))) }
        let outer = scope
        scope = Scope(parent: outer)
        for (target, value) in evaluated { try assign(value, to: target) }
        let flow = try execute(body)
        scope = outer
        return flow
    }

    /// The text of a body that has a scope of its own. A body that leaves a loop is cut short, and its text is lost.
    @inline(never)
    private mutating func captureInScope(_ body: [Statement]) throws(JinjaError) -> (text: JinjaString, flow: Flow) {
        try spend(items: 4)
        let outer = scope
        scope = Scope(parent: outer)
        let captured = try capture(body)
        scope = outer
        return captured
    }

    @inline(never)
    private mutating func executeSetBlock(
        _ target: Statement.Target, _ filters: [Postfix], _ body: [Statement]
    ) throws(JinjaError) -> Flow {
        let (text, flow) = try captureInScope(body)
        if flow == .next { try assign(try filtered(text, by: filters), to: target) }
        return flow
    }

    @inline(never)
    private mutating func executeFilterBlock(_ filters: [Postfix], _ body: [Statement]) throws(JinjaError) -> Flow {
        let (text, flow) = try captureInScope(body)
        if flow == .next { try write(try string(try filtered(text, by: filters), for: "the end of a filter block")) }
        return flow
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
            try spend(items: 1)
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
        let value = try evaluate(loop.sequence)
        return try execute(loop, over: value, depth: 0)
    }

    @inline(never)
    private mutating func execute(
        _ loop: Statement.Loop, over value: JinjaValue, depth: Int
    ) throws(JinjaError) -> Flow {
        let outer = scope
        let items = try loopItems(loop, value)
        guard !items.isEmpty else { return try executeElse(loop) }
        loopsStarted += 1
        let place = loops.count
        let recursion = loop.isRecursive ? (loop, outer) : nil
        loops.append(LoopState(serial: loopsStarted, items: items, depth: depth, recursion: recursion))
        let itself = JinjaValue.loop(loopsStarted)
        var isCompleted = false
        for (index, item) in items.enumerated() {
            try spend(items: 6)  // a scope, two names and the body's call
            loops[place].index = index
            scope = Scope(parent: outer)
            scope.variables["loop"] = itself
            try assign(item, to: loop.target)
            let flow = try execute(loop.body)
            scope = outer
            if flow == .breakLoop {
                if loop.condition == nil { putBack(items[(index + 1)...], to: value) }
                break
            }
            isCompleted = isCompleted || flow == .next
        }
        loops.removeSubrange(place...)
        // As in Jinja, a loop that never came to the end of its body counts as one without items.
        return isCompleted ? .next : try executeElse(loop)
    }

    @inline(never)
    private mutating func executeElse(_ loop: Statement.Loop) throws(JinjaError) -> Flow {
        guard !loop.otherwise.isEmpty else { return .next }
        let outer = scope
        scope = Scope(parent: outer)
        let flow = try execute(loop.otherwise)
        scope = outer
        return flow
    }

    /// `loop(items)` inside a `recursive` loop: the text of the same loop over other items.
    @inline(never)
    mutating func callLoop(_ serial: Int, _ arguments: CallArguments) throws(JinjaError) -> JinjaValue {
        guard let state = loops.last(where: { $0.serial == serial }) else {
            throw failure(.undefined("a loop that has ended"))
        }
        guard let (loop, definingScope) = state.recursion else {
            throw failure(.wrongType(operation: "a call", found: "a loop without 'recursive'"))
        }
        guard let value = try bind(arguments, to: ["iterable"], of: "loop")[0] else {
            throw failure(.wrongArguments(callee: "loop", detail: "needs the items to go over"))
        }
        try enter()
        let (outerScope, outerOutput) = (scope, output)
        scope = definingScope
        output = JinjaString()
        _ = try execute(loop, over: value, depth: state.depth + 1)
        let text = output
        (scope, output) = (outerScope, outerOutput)
        leave()
        return .string(text)
    }

    /// What a loop goes over, once its `if` has chosen.
    @inline(never)
    private mutating func loopItems(
        _ loop: Statement.Loop, _ value: JinjaValue
    ) throws(JinjaError) -> [JinjaValue] {
        let all = try items(of: value, for: "a for loop")
        guard let condition = loop.condition else { return all }
        let outer = scope
        var chosen: [JinjaValue] = []
        for item in all {
            try spend(items: 6)
            scope = Scope(parent: outer)
            try assign(item, to: loop.target)
            if try evaluate(condition).isTruthy { chosen.append(try regrouped(item, as: loop.target)) }
        }
        scope = outer
        return chosen
    }

    /// What Jinja hands on of an item that a loop's `if` has unpacked: tuples in the shape of the names.
    @inline(never)
    private mutating func regrouped(
        _ value: JinjaValue, as target: Statement.Target
    ) throws(JinjaError) -> JinjaValue {
        guard case .tuple(let targets) = target else { return value }
        var parts: [JinjaValue] = []
        for (part, target) in zip(try items(of: value, for: "unpacking"), targets) {
            parts.append(try regrouped(part, as: target))
        }
        return .tuple(parts)
    }

    // MARK: Macros

    @inline(never)
    mutating func define(_ macro: Statement.Macro) throws(JinjaError) -> JinjaValue {
        try spend(items: 8)
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
        try write(try string(try self.call(function, arguments), for: "a call block"))
    }

    @inline(never)
    mutating func callMacro(_ number: Int, _ arguments: CallArguments) throws(JinjaError) -> JinjaValue {
        try enter()
        let (macro, definingScope) = macros[number]
        try spend(items: 4)
        let inner = Scope(parent: definingScope)
        let outer = scope
        scope = inner
        try bind(arguments, to: macro)
        let (text, _) = try capture(macro.body)
        scope = outer
        leave()
        return .string(text)
    }

    /// Sets a macro's parameters in the current scope; a default may use the parameters before it.
    @inline(never)
    private mutating func bind(_ arguments: CallArguments, to macro: Statement.Macro) throws(JinjaError) {
        var named = arguments.named
        var missing: [Statement.Parameter] = []
        for (index, parameter) in macro.parameters.enumerated() {
            let name = parameter.name
            if index < arguments.positional.count {
                scope.variables[name] = arguments.positional[index]
            } else if let place = named.firstIndex(where: { $0.name == name }) {
                scope.variables[name] = named.remove(at: place).value
            } else {
                scope.variables[name] = .undefined("parameter '\(name)'")
                missing.append(parameter)
            }
        }
        if macro.readsCaller, !macro.parameters.contains(where: { $0.name == "caller" }) {
            let place = named.firstIndex { $0.name == "caller" }
            scope.variables["caller"] = place.map { named.remove(at: $0).value } ?? .undefined("'caller'")
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
                .wrongArguments(
                    callee: macro.name, detail: "does not take a second or unknown '\(named.first?.name ?? "")'"))
        }
        if macro.readsExtraPositional { scope.variables["varargs"] = try checked(.tuple(extra)) }
        if macro.readsExtraNamed {
            scope.variables["kwargs"] = try checked(.dictionary(named.map { ($0.name, $0.value) }))
        }
        for parameter in missing {
            guard let expression = parameter.defaultValue else { continue }
            scope.variables[parameter.name] = try evaluate(expression)
        }
    }
}
