/// Calls of functions, macros and methods.
extension Interpreter {
    @inline(never)
    mutating func call(_ callee: JinjaValue, _ arguments: CallArguments) throws(JinjaError) -> JinjaValue {
        switch callee {
        case .macro(let number): return try callMacro(number, arguments)
        case .function(let function): return try call(function, arguments)
        case .method(.string(let text), let name): return try callMethod(name, of: text, arguments)
        case .method(.loop(let serial), let name): return try callLoopMethod(name, of: serial, arguments)
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
            var variables: [String: JinjaValue] = [:]
            for (key, value) in try pairs(arguments) { variables[try text(of: key).text] = value }
            namespaces.append(variables)
            return .namespace(namespaces.count - 1)
        case .raiseException:
            let message = try bind(arguments, to: ["message"], of: "raise_exception")[0] ?? .none
            throw failure(.raised(try text(of: message).text))
        case .strftimeNow:
            let format = try bind(arguments, to: ["format"], of: "strftime_now")[0] ?? .undefined
            guard case .string(let text) = format else {
                throw failure(.wrongType(operation: "strftime_now", found: format.kind))
            }
            try spend(bytes: text.utf8.count * 8)
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
        try spend(steps: Int(count))
        // Each element lies between start and stop, but a product on the way to it may not: modulo 2⁶⁴ it is exact.
        return .list((0..<Int(count)).map { .integer(start &+ $0 &* step) })
    }

    /// The entries of one dictionary (or list of pairs) and the named arguments.
    @inline(never)
    private mutating func pairs(_ arguments: CallArguments) throws(JinjaError) -> [(JinjaValue, JinjaValue)] {
        var pairs: [(JinjaValue, JinjaValue)] = []
        for argument in arguments.positional {
            if case .dictionary(let dictionary) = argument {
                try spend(steps: dictionary.entries.count)
                pairs += dictionary.entries.map { ($0.key, $0.value) }
                continue
            }
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
        return try checked(.dictionary(JinjaDictionary(pairs)))
    }

    @inline(never)
    mutating func hashed(_ value: JinjaValue) throws(JinjaError) -> JinjaKey {
        if case .string(let text) = value { try spend(reading: text) } else { try spend(steps: 1) }
        guard let key = JinjaKey(value) else { throw failure(.wrongType(operation: "a key", found: value.kind)) }
        return key
    }
}
