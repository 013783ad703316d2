/// The tests of Jinja, by the names that templates write.
enum JinjaTest: String, CaseIterable {
    case boolean, callable, defined, divisibleby, eq, equalto, escaped, even, `false`, filter, float, ge, greaterthan,
        gt
    case `in`, integer, iterable, le, lessthan, lower, lt, mapping, ne, none, number, odd, sameas, sequence, string,
        test
    case `true`, undefined, upper
    case equalSign = "==", notEqualSign = "!=", greaterSign = ">", greaterEqualSign = ">=", lessSign = "<"
    case lessEqualSign = "<="

    private static let named = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })

    init?(named name: String) {
        guard let test = Self.named[name] else { return nil }
        self = test
    }

    /// The operator that the test stands for.
    fileprivate var comparison: Expression.Comparison? {
        switch self {
        case .equalSign, .eq, .equalto: .equal
        case .notEqualSign, .ne: .notEqual
        case .greaterSign, .gt, .greaterthan: .greater
        case .greaterEqualSign, .ge: .greaterOrEqual
        case .lessSign, .lt, .lessthan: .less
        case .lessEqualSign, .le: .lessOrEqual
        case .in: .isIn
        default: nil
        }
    }
}

/// `value is name(…)`.
extension Interpreter {
    /// The test of a name that is only known at run time, as for `select('odd')`.
    func test(named name: String) throws(JinjaError) -> JinjaTest {
        guard let test = JinjaTest(named: name) else { throw failure(.unknown(kind: "test", name: name)) }
        return test
    }

    @inline(never)
    mutating func test(
        _ test: JinjaTest, _ value: JinjaValue, _ arguments: CallArguments
    ) throws(JinjaError) -> Bool {
        if test.comparison != nil || test == .divisibleby || test == .sameas {
            let parameter = test == .in ? "seq" : test == .divisibleby ? "num" : test == .sameas ? "other" : "b"
            guard let other = try bind(arguments, to: [parameter], of: "test '\(test.rawValue)'")[0] else {
                throw failure(
                    .wrongArguments(callee: "test '\(test.rawValue)'", detail: "needs a value to compare with"))
            }
            if let comparison = test.comparison { return try compare(value, comparison, other) }
            if test == .sameas { return try isSame(value, other) }
            return try equals(try arithmetic(value, .modulo, other), .integer(0))
        }
        _ = try bind(arguments, to: [], of: "test '\(test.rawValue)'")
        return try self.test(test, value)
    }

    private mutating func test(_ test: JinjaTest, _ value: JinjaValue) throws(JinjaError) -> Bool {
        switch test {
        case .defined: if case .undefined = value { return false } else { return true }
        case .undefined: if case .undefined = value { return true } else { return false }
        case .none: if case .none = value { return true } else { return false }
        case .boolean: if case .boolean = value { return true } else { return false }
        case .true: if case .boolean(true) = value { return true } else { return false }
        case .false: if case .boolean(false) = value { return true } else { return false }
        case .integer: if case .integer = value { return true } else { return false }
        case .float: if case .double = value { return true } else { return false }
        case .number: return value.asDouble != nil
        case .string: if case .string = value { return true } else { return false }
        case .mapping: if case .dictionary = value { return true } else { return false }
        case .sequence: return Self.isSequence(value)
        case .iterable: return Self.isIterable(value)
        case .callable: return Self.isCallable(value)
        case .odd: return try equals(try arithmetic(value, .modulo, .integer(2)), .integer(1))
        case .even: return try equals(try arithmetic(value, .modulo, .integer(2)), .integer(0))
        case .lower: return Self.isClass(try text(of: value), .islower)
        case .upper: return Self.isClass(try text(of: value), .isupper)
        case .filter: return try isName(value) { JinjaFilter(named: $0) != nil || JinjaFilter.unsupported.contains($0) }
        case .test: return try isName(value) { JinjaTest(named: $0) != nil }
        default: return false
        }
    }

    private static func isSequence(_ value: JinjaValue) -> Bool {
        switch value {
        case .string, .list, .tuple, .dictionary, .range, .undefined: true
        default: false
        }
    }

    private static func isIterable(_ value: JinjaValue) -> Bool {
        switch value {
        case .view, .iterator, .loop: true
        default: isSequence(value)
        }
    }

    private static func isCallable(_ value: JinjaValue) -> Bool {
        switch value {
        case .function, .macro, .method, .loop, .joiner, .undefined: true
        default: false
        }
    }

    private mutating func isName(_ value: JinjaValue, _ isKnown: (String) -> Bool) throws(JinjaError) -> Bool {
        switch value {
        case .string(let name): return isKnown(name.text)
        case .view(.values, _): return false
        default:
            _ = try hashed(value)
            return false
        }
    }

    /// Identity, which for values that never change is equality of the same type.
    private mutating func isSame(_ value: JinjaValue, _ other: JinjaValue) throws(JinjaError) -> Bool {
        switch (value, other) {
        case (.dictionary(let a), .dictionary(let b)): return a === b
        case (.boolean, .boolean), (.integer, .integer), (.double, .double): return try equals(value, other)
        case (.boolean, _), (.integer, _), (.double, _): return false
        default: return try equals(value, other)
        }
    }
}
