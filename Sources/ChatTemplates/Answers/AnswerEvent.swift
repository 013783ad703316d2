/// A piece of an answer, by what it is for.
package enum AnswerEvent: Sendable, Equatable {
    /// Text for the reader; never empty.
    case content(String)
    /// What the model thought before it answered; never empty.
    case reasoning(String)
    case toolCall(ToolCallEvent)
}

/// A call of a tool as it comes. For each index: `began`, any number of `arguments`, `ended`, with no other call's events
/// in between.
public enum ToolCallEvent: Sendable, Equatable {
    /// - Parameters:
    ///   - index: 0 for the answer's first call, then 1, 2, …
    ///   - id: for the result to name; unlike those of other calls.
    case began(index: Int, id: String, name: String)
    /// More of the arguments' JSON text; the fragments put together are the whole text. Never empty.
    case arguments(index: Int, fragment: String)
    /// - Parameter isComplete: false where the call was cut off, or where its text was not what it should be; its arguments
    ///   are then as much as the model wrote.
    case ended(index: Int, isComplete: Bool)
}

extension [ToolCall] {
    /// Puts calls together from their events.
    public mutating func take(_ event: ToolCallEvent) {
        switch event {
        case .began(_, let id, let name): append(ToolCall(id: id, name: name, arguments: ""))
        case .arguments(let index, let fragment):
            if indices.contains(index) { self[index].arguments += fragment }
        case .ended: break
        }
    }
}
