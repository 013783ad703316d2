/// `value is name(…)`.
extension Interpreter {
    @inline(never)
    mutating func test(
        _ name: String, _ value: JinjaValue, _ arguments: CallArguments
    ) throws(JinjaError) -> Bool {
        if let comparison = Self.comparisons[name] {
            guard let other = try bind(arguments, to: ["other"], of: name)[0] else {
                throw failure(.wrongArguments(callee: "test '\(name)'", detail: "needs a value to compare with"))
            }
            return try compare(value, comparison, other)
        }
        switch name {
        case "divisibleby": return try isDivisible(value, arguments)
        case "sameas": return try isSame(value, try bind(arguments, to: ["other"], of: name)[0] ?? .none)
        default: break
        }
        _ = try bind(arguments, to: [], of: "test '\(name)'")
        return try test(name, value)
    }

    private static let comparisons: [String: Expression.Comparison] = [
        "==": .equal, "eq": .equal, "equalto": .equal, "!=": .notEqual, "ne": .notEqual,
        ">": .greater, "gt": .greater, "greaterthan": .greater, ">=": .greaterOrEqual, "ge": .greaterOrEqual,
        "<": .less, "lt": .less, "lessthan": .less, "<=": .lessOrEqual, "le": .lessOrEqual, "in": .isIn,
    ]

    private mutating func test(_ name: String, _ value: JinjaValue) throws(JinjaError) -> Bool {
        switch name {
        case "defined": if case .undefined = value { return false } else { return true }
        case "undefined": if case .undefined = value { return true } else { return false }
        case "none": if case .none = value { return true } else { return false }
        case "boolean": if case .boolean = value { return true } else { return false }
        case "true": if case .boolean(true) = value { return true } else { return false }
        case "false": if case .boolean(false) = value { return true } else { return false }
        case "integer": if case .integer = value { return true } else { return false }
        case "float": if case .double = value { return true } else { return false }
        case "number": return value.asDouble != nil
        case "string": if case .string = value { return true } else { return false }
        case "mapping": if case .dictionary = value { return true } else { return false }
        case "sequence", "iterable": return Self.isSequence(value)
        case "callable":
            switch value {
            case .function, .macro, .method: return true
            default: return false
            }
        case "odd": return try arithmetic(value, .modulo, .integer(2)).isTruthy
        case "even": return try !arithmetic(value, .modulo, .integer(2)).isTruthy
        case "lower": return Self.isClass(try text(of: value), .islower)
        case "upper": return Self.isClass(try text(of: value), .isupper)
        case "escaped": return false
        case "filter": return JinjaFilter(rawValue: try text(of: value).text) != nil
        default: throw failure(.unknown(kind: "test", name: name))
        }
    }

    private static func isSequence(_ value: JinjaValue) -> Bool {
        switch value {
        case .string, .list, .tuple, .dictionary, .undefined: true
        default: false
        }
    }

    private mutating func isDivisible(_ value: JinjaValue, _ arguments: CallArguments) throws(JinjaError) -> Bool {
        let divisor = try bind(arguments, to: ["num"], of: "test 'divisibleby'")[0] ?? .undefined
        return try !arithmetic(value, .modulo, divisor).isTruthy
    }

    /// Identity, which for values that never change is equality of the same type.
    private mutating func isSame(_ value: JinjaValue, _ other: JinjaValue) throws(JinjaError) -> Bool {
        switch (value, other) {
        case (.boolean, .boolean), (.integer, .integer), (.double, .double): return try equals(value, other)
        case (.boolean, _), (.integer, _), (.double, _): return false
        default: return try equals(value, other)
        }
    }
}
