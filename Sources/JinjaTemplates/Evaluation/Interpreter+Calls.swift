/// Calls of functions, macros and methods.
extension Interpreter {
    @inline(never)
    mutating func call(_ callee: JinjaValue, _ arguments: CallArguments) throws(JinjaError) -> JinjaValue {
        switch callee {
        case .macro(let number): return try callMacro(number, arguments)
        case .function(let function): return try call(function, arguments)
        case .method(.string(let text), let name): return try callMethod(name, of: text, arguments)
        case .method(.loop(let serial), let name): return try callLoopMethod(name, of: serial, arguments)
        case .loop(let serial): return try callLoop(serial, arguments)
        case .joiner(let number): return try callJoiner(number, arguments)
        case .method(.cycler(let number), let name): return try callCycler(number, name, arguments)
        case .method(.boolean, let name), .method(.integer, let name), .method(.double, let name):
            guard case .method(let number, _) = callee else { return .none }
            return try callMethod(name, ofNumber: number, arguments)
        case .method(let receiver, let name): return try callMethod(name, ofCollection: receiver, arguments)
        case .undefined(let name): throw failure(.undefined(name))
        default: throw failure(.wrongType(operation: "a call", found: callee.kind))
        }
    }

    /// One value per parameter, nil where none is given.
    @inline(never)
    func bind(
        _ arguments: CallArguments, to parameters: [String], of callee: String
    ) throws(JinjaError) -> [JinjaValue?] {
        guard arguments.positional.count <= parameters.count else {
            throw failure(
                .wrongArguments(
                    callee: callee,
                    detail: "takes at most \(parameters.count) arguments, got \(arguments.positional.count)"))
        }
        var bound = arguments.positional.map(Optional.some)
        bound += Array(repeating: nil, count: parameters.count - bound.count)
        for (name, value) in arguments.named {
            guard let index = parameters.firstIndex(of: name), bound[index] == nil else {
                throw failure(.wrongArguments(callee: callee, detail: "does not take the argument '\(name)'"))
            }
            bound[index] = value
        }
        return bound
    }

    @inline(never)
    private mutating func call(
        _ function: JinjaFunction, _ arguments: CallArguments
    ) throws(JinjaError) -> JinjaValue {
        switch function {
        case .range: return try range(arguments)
        case .dict: return try dictionary(try pairs(arguments))
        case .namespace:
            return try makeNamespace(try pairs(arguments))
        case .cycler:
            _ = try bind(CallArguments(named: arguments.named), to: [], of: "cycler")
            return try makeCycler(arguments.positional)
        case .joiner: return try makeJoiner(try bind(arguments, to: ["sep"], of: "joiner")[0] ?? .text(", "))
        case .raiseException:
            guard let message = try bind(arguments, to: ["message"], of: "raise_exception")[0] else {
                throw failure(.wrongArguments(callee: "raise_exception", detail: "needs a message"))
            }
            throw failure(.raised(try text(of: message).text))
        case .strftimeNow:
            let format = try bind(arguments, to: ["format"], of: "strftime_now")[0] ?? .undefined
            guard case .string(let text) = format else {
                throw failure(.wrongType(operation: "strftime_now", found: format.kind))
            }
            try spend(bytes: text.utf8.count * 8)
            try spend(steps: 16 * text.utf8.count)
            let (result, unknown) = now.formatted(text.text)
            if let unknown { throw failure(.unknown(kind: "strftime directive", name: unknown)) }
            return .string(JinjaString(result, isInput: text.hasInput))
        }
    }

    @inline(never)
    private mutating func range(_ arguments: CallArguments) throws(JinjaError) -> JinjaValue {
        var bounds: [Int] = []
        for argument in arguments.positional { bounds.append(try integer(argument, for: "range")) }
        guard arguments.named.isEmpty, (1...3).contains(bounds.count) else {
            throw failure(.wrongArguments(callee: "range", detail: "takes 1 to 3 integers"))
        }
        let (start, stop) = bounds.count == 1 ? (0, bounds[0]) : (bounds[0], bounds[1])
        let step = bounds.count == 3 ? bounds[2] : 1
        guard step != 0 else { throw failure(.outOfRange("range: the step is zero")) }
        let isEmpty = step > 0 ? start >= stop : start <= stop
        let distance = UInt(bitPattern: step > 0 ? stop &- start : start &- stop)  // exact where it is not empty
        let count = isEmpty ? 0 : (distance - 1) / step.magnitude + 1
        guard count <= limits.rangeCount else {
            throw failure(.budgetExceeded(.range, limit: limits.rangeCount))
        }
        return .range(JinjaRange(first: start, stop: stop, step: step, count: Int(count)))
    }

    /// The entries of one dictionary (or list of pairs) and the named arguments.
    @inline(never)
    private mutating func pairs(_ arguments: CallArguments) throws(JinjaError) -> [(JinjaValue, JinjaValue)] {
        var pairs: [(JinjaValue, JinjaValue)] = []
        guard arguments.positional.count <= 1 else {
            throw failure(.wrongArguments(callee: "dict", detail: "takes one dictionary or list of pairs"))
        }
        for argument in arguments.positional {
            if case .dictionary(let dictionary) = argument {
                try spend(items: 2 * dictionary.entries.count)
                pairs += dictionary.entries.map { ($0.key, $0.value) }
                continue
            }
            if case .undefined(let name) = argument { throw failure(.undefined(name)) }
            for item in try items(of: argument, for: "dict") {
                let pair = try items(of: item, for: "dict")
                guard pair.count == 2 else { throw failure(.outOfRange("dict: an item is not a pair")) }
                pairs.append((pair[0], pair[1]))
            }
        }
        return pairs + arguments.named.map { (.text($0.name), $0.value) }
    }

    /// A dictionary of pairs, each key of which must be hashable.
    @inline(never)
    mutating func dictionary(_ pairs: [(JinjaValue, JinjaValue)]) throws(JinjaError) -> JinjaValue {
        for (key, _) in pairs { _ = try hashed(key) }
        try spend(items: 4 * pairs.count)
        return try checked(.dictionary(JinjaDictionary(pairs)))
    }

    @inline(never)
    mutating func hashed(_ value: JinjaValue) throws(JinjaError) -> JinjaKey {
        guard let key = try hashable(value) else { throw failure(.wrongType(operation: "a key", found: value.kind)) }
        return key
    }

    /// The value as a key, paid for by what it holds; nil for a list or dictionary.
    @inline(never)
    mutating func hashable(_ value: JinjaValue) throws(JinjaError) -> JinjaKey? {
        switch value {
        case .string(let text): try spend(reading: text)
        case .tuple(let list):
            try spend(items: 2 * list.items.count)
            var keys: [JinjaKey] = []
            for item in list.items {
                guard let key = try hashable(item) else { return nil }
                keys.append(key)
            }
            return .tuple(keys)
        default: try spend(steps: 1)
        }
        return JinjaKey(value)
    }
}
