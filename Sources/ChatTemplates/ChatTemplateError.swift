import JinjaTemplates

/// Why a template could not be read, or why it gave no prompt for a conversation.
public struct ChatTemplateError: Error, Equatable, CustomStringConvertible {
    public let problem: Problem

    public enum Problem: Equatable, Sendable {
        /// The text is not a template that this engine runs.
        case invalidTemplate(line: Int, column: Int, message: String)
        /// The template raised an error itself: it does not take this conversation.
        case refused(message: String)
        /// Running the template failed, or it cost more than its budget.
        case failed(line: Int, column: Int, message: String)
        /// A variable has the name of something that the engine sets.
        case reservedVariable(String)
        /// A variable holds lists or objects too deep in one another.
        case nestedVariable(String, limit: Int)
        /// A text that should be JSON, with the byte where it is not.
        case invalidJSON(String, offset: Int, expected: String)
        /// Messages that are none.
        case invalidMessages(String)
        /// A tool definition that is none.
        case invalidTool(String)
        /// The conversation has tools, and the template has no place for them.
        case noPlaceForTools
        /// A parser was asked for by a name that none has.
        case unknownParser(String, name: String, known: [String])
    }

    init(problem: Problem) { self.problem = problem }

    init(_ error: JinjaError, whileRendering: Bool) {
        if case .raised(let message) = error.problem {
            problem = .refused(message: message)
        } else if whileRendering {
            problem = .failed(line: error.line, column: error.column, message: error.message)
        } else {
            problem = .invalidTemplate(line: error.line, column: error.column, message: error.message)
        }
    }

    public var description: String {
        switch problem {
        case .invalidTemplate(let line, let column, let message):
            "the chat template cannot be read, line \(line), column \(column): \(message)"
        case .refused(let message): "the model's chat template refuses this conversation: \(message)"
        case .failed(let line, let column, let message):
            "the chat template failed, line \(line), column \(column): \(message)"
        case .reservedVariable(let name): "'\(name)' is set by the engine and cannot be a template variable"
        case .nestedVariable(let name, let limit):
            "template variable '\(name)' has more than \(limit) lists and objects inside one another"
        case .invalidJSON(let name, let offset, let expected):
            "\(name) is malformed JSON at byte \(offset), where \(expected) is expected"
        case .invalidMessages(let reason): "not the messages of a conversation: \(reason)"
        case .invalidTool(let reason): "not the definition of a tool: \(reason)"
        case .unknownParser(let kind, let name, let known):
            "there is no \(kind) '\(name)'; known are \(known.joined(separator: ", "))"
        case .noPlaceForTools:
            "the model's chat template does not mention tools, so the model would not learn of them"
        }
    }
}
