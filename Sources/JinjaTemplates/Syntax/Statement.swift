/// A parsed piece of a template and the byte where it starts.
struct Statement: Sendable {
    let kind: Kind
    let offset: Int

    indirect enum Kind: Sendable {
        case text(JinjaString)
        /// `{{ expression }}` or `{% print expression, … %}`
        case output([Expression])
        case set(Target, Expression)
        /// `{% set name | filters %}…{% endset %}`
        case setBlock(Target, filters: [Postfix], body: [Statement])
        case conditional([(test: Expression, body: [Statement])], otherwise: [Statement])
        case loop(Loop)
        case macro(Macro)
        /// `{% call(parameters) macro(…) %}…{% endcall %}`
        case call(Expression, Postfix, caller: Macro)
        case filter([Postfix], body: [Statement])
        case with([(target: Target, value: Expression)], body: [Statement])
        /// `{% generation %}…{% endgeneration %}` marks the assistant's text for training and prints its body.
        case generation([Statement])
        case breakLoop, continueLoop
    }

    indirect enum Target: Sendable {
        case name(String)
        case tuple([Target])
        case attribute(namespace: String, name: String)
    }

    struct Loop: Sendable {
        let target: Target
        let sequence: Expression
        let condition: Expression?
        let isRecursive: Bool
        let body: [Statement]
        let otherwise: [Statement]
    }

    struct Parameter: Sendable {
        let name: String
        let defaultValue: Expression?
    }

    struct Macro: Sendable {
        let name: String
        /// Whether this is the body of a `{% call %}`, which has no name of its own.
        let isCaller: Bool
        let parameters: [Parameter]
        let body: [Statement]
        /// Whether the body reads `caller`; a macro that does not cannot stand in a `{% call %}`.
        let readsCaller: Bool
        /// Whether the body reads `varargs` or `kwargs`; one that does not refuses arguments too many.
        let readsExtraPositional: Bool
        let readsExtraNamed: Bool
    }
}
