/// A parsed expression and the byte where it starts.
///
/// Operators of one precedence that follow one another are one node with a list, and so are the calls, attributes and
/// filters behind a value; so a long expression is wide, not deep, and depth comes from brackets alone.
struct Expression: Sendable {
    let kind: Kind
    let offset: Int

    indirect enum Kind: Sendable {
        case constant(JinjaValue)
        case name(String)
        case list([Expression])
        case tuple([Expression])
        case dictionary([(key: Expression, value: Expression)])
        case or([Expression])
        case and([Expression])
        case not(Expression)
        case compare(Expression, [(comparison: Comparison, operand: Expression)])
        case arithmetic(Expression, [(operation: Arithmetic, operand: Expression)])
        case concatenate([Expression])
        case negate(Expression)
        case positive(Expression)
        case conditional(test: Expression, value: Expression, otherwise: Expression?)
        case postfix(Expression, [Postfix])
    }

    enum Comparison: Sendable {
        case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual, isIn, isNotIn
    }

    enum Arithmetic: String, Sendable {
        case add = "+"
        case subtract = "-"
        case multiply = "*"
        case divide = "/"
        case floorDivide = "//"
        case modulo = "%"
        case power = "**"
    }
}

/// What stands behind a value: `.name`, `[key]`, `[a:b:c]`, `(…)`, `|filter`, `is test`.
struct Postfix: Sendable {
    let kind: Kind
    let offset: Int

    indirect enum Kind: Sendable {
        case attribute(String)
        case subscripted(Expression)
        case slice(start: Expression?, stop: Expression?, step: Expression?)
        case call(Arguments)
        case filter(JinjaFilter, Arguments)
        case test(JinjaTest, Arguments, negated: Bool)
        /// A filter or test that Jinja does not know either: in a branch that is never taken it does no harm.
        case unknown(kind: String, name: String)
    }
}

/// Arguments as written.
struct Arguments: Sendable {
    var positional: [Expression] = []
    var named: [(name: String, value: Expression)] = []
    /// `*list`
    var unpackedList: Expression?
    /// `**dictionary`
    var unpackedDictionary: Expression?
}
