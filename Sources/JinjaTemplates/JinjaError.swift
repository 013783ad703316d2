/// Why a template could not be read or run, and where in its source.
package struct JinjaError: Error, Equatable, CustomStringConvertible {
    /// Counted from 1, after `\r\n` and `\r` became `\n`.
    package var line: Int { details.line }
    /// Counted from 1, in Unicode scalars.
    package var column: Int { details.column }
    package var problem: Problem { details.problem }

    /// Behind one pointer: each `try` of the evaluator keeps room for an error in its stack frame.
    private let details: Details

    init(line: Int, column: Int, problem: Problem) {
        details = Details(line: line, column: column, problem: problem)
    }

    package static func == (left: JinjaError, right: JinjaError) -> Bool {
        left.line == right.line && left.column == right.column && left.problem == right.problem
    }

    private final class Details: Sendable {
        let line: Int
        let column: Int
        let problem: Problem

        init(line: Int, column: Int, problem: Problem) {
            self.line = line
            self.column = column
            self.problem = problem
        }
    }

    package enum Problem: Equatable, Sendable {
        case unexpected(found: String, expected: String)
        /// A string, comment, bracket or tag that the source ends in.
        case unterminated(String)
        case invalidLiteral(String)
        /// `kind` is "filter", "test", "tag", "method" and so on.
        case unknown(kind: String, name: String)
        /// Something that Jinja has and this engine has not.
        case unsupported(String)
        /// A value that the operation needs is undefined.
        case undefined(String)
        case wrongType(operation: String, found: String)
        case wrongArguments(callee: String, detail: String)
        /// An overflow, a division by zero, a value outside the accepted range.
        case outOfRange(String)
        case nestingTooDeep(limit: Int)
        case budgetExceeded(JinjaLimits.Budget, limit: Int)
        /// The template itself called `raise_exception`.
        case raised(String)
    }

    /// The problem without its place. What is quoted in it may be as long as a template; it is cut.
    package var message: String {
        let sentence = problem.sentence
        let limit = 1_000
        guard sentence.utf8.count > limit else { return sentence }
        return String(sentence.unicodeScalars.prefix(limit)) + "…"
    }
    package var description: String { "template line \(line), column \(column): \(message)" }
}

extension JinjaError.Problem {
    fileprivate var sentence: String {
        switch self {
        case .unexpected(let found, let expected): "expected \(expected), found \(found)"
        case .unterminated(let what): "\(what) is not closed before the end of the template"
        case .invalidLiteral(let detail): "invalid literal: \(detail)"
        case .unknown(let kind, let name): "unknown \(kind) '\(name)'"
        case .unsupported(let what): "\(what) of Jinja is not supported in chat templates"
        case .undefined(let name): "\(name) is undefined"
        case .wrongType(let operation, let found): "\(operation) does not work on \(found)"
        case .wrongArguments(let callee, let detail): "\(callee): \(detail)"
        case .outOfRange(let detail): detail
        case .nestingTooDeep(let limit): "nesting is deeper than \(limit) levels"
        case .budgetExceeded(let budget, let limit): "more than \(limit) \(budget.rawValue)"
        case .raised(let message): message
        }
    }
}
