/// Writes the JSON object of a call's arguments out of parameters that the model wrote as plain text.
///
/// A parameter becomes what its schema says, and a string where the schema says nothing or the text is no such value.
struct ArgumentsWriter: Sendable {
    private enum Value {
        /// Between parameters.
        case none
        /// Given out as it comes.
        case string
        /// Kept until its end shows what it is.
        case typed([ParameterType], [UInt8])
    }

    private var value = Value.none
    private var isEmpty = true
    private let pendingLimit: Int

    init(pendingLimit: Int) { self.pendingLimit = pendingLimit }

    mutating func beginParameter(_ name: String, types: [ParameterType], _ output: inout AnswerOutput) {
        output.arguments("\(isEmpty ? "{" : ", ")\(JSONText.quoted(name)): ".utf8)
        isEmpty = false
        if types.contains(where: { $0 != .string }) {
            value = .typed(types, [])
        } else {
            value = .string
            output.arguments("\"".utf8)
        }
    }

    /// More of the parameter's text.
    mutating func append(_ text: [UInt8], _ output: inout AnswerOutput) {
        switch value {
        case .none: break
        case .string: output.arguments(JSONText.escaped(text))
        case .typed(let types, var kept):
            value = .none
            kept += text
            if kept.count > pendingLimit {
                output.arguments("\"".utf8)
                output.arguments(JSONText.escaped(kept))
                value = .string
            } else {
                value = .typed(types, kept)
            }
        }
    }

    mutating func endParameter(_ output: inout AnswerOutput) {
        switch value {
        case .none: break
        case .string: output.arguments("\"".utf8)
        case .typed(let types, let kept):
            let text = String(decoding: kept, as: UTF8.self)
            output.arguments((types.lazy.compactMap { $0.json(of: text) }.first ?? JSONText.quoted(text)).utf8)
        }
        value = .none
    }

    /// - Parameter isComplete: false leaves the object open where the model left it.
    mutating func finish(isComplete: Bool, _ output: inout AnswerOutput) {
        if isComplete {
            output.arguments((isEmpty ? "{}" : "}").utf8)
        } else if case .typed(_, let kept) = value, !kept.isEmpty {
            output.arguments("\"".utf8)
            output.arguments(JSONText.escaped(kept))
        }
        value = .none
    }
}
