/// Reads calls as JSON objects with a name and arguments, one or a list of them.
///
/// `{"name": "f", "arguments": {…}}`, in any order and with other fields beside them. The arguments are given out as they
/// come once the name is known.
struct JSONCallReader: CallReader {
    /// How the objects of one family are spelt.
    struct Syntax: Sendable {
        var nameField = "name"
        var argumentFields: Set<String> = ["arguments", "parameters"]
        /// Whether an object is a call only if it has arguments and names a tool of the request; for families that set calls
        /// off from other JSON by no marker.
        var isUnmarked = false
        /// What ends a call whose JSON is broken.
        var closers: [String] = []
    }

    private enum State {
        case start
        case element, behindElement
        case firstField, field, colon
        case fieldName(JSONCursor, [UInt8])
        case name(JSONCursor, [UInt8])
        case arguments(ArgumentsStream)
        case other(JSONCursor)
        case behindValue
        /// Behind arguments that are no JSON: the rest of the call is given out as it stands.
        case broken(MarkerMatcher)
    }

    private let syntax: Syntax
    private var state = State.start
    private var isInList = false
    private var hasReadCall = false
    /// Of the object that is being read.
    private var fieldName = ""
    private var name: String?
    private var hasArguments = false
    private var argumentsAreComplete = false
    /// Arguments that came before the name.
    private var early: [UInt8] = []

    init(_ syntax: Syntax) { self.syntax = syntax }

    mutating func consume(_ byte: UInt8, _ output: inout AnswerOutput) -> CallStep {
        switch state {
        case .fieldName(let cursor, let text): return readFieldName(byte, cursor, text, &output)
        case .name(let cursor, let text): return readName(byte, cursor, text, &output)
        case .arguments(let stream): return readArguments(byte, stream, &output)
        case .other(let cursor): return readOther(byte, cursor, &output)
        case .broken(let matcher): return readBroken(byte, matcher, &output)
        default:
            if JSONText.isSpace(byte) { return .more }
            return readStructure(byte, &output)
        }
    }

    mutating func finish(_ output: inout AnswerOutput) {
        if case .broken(var matcher) = state { output.arguments(matcher.finish()) }
        guard output.hasOpenCall else { return }
        output.endCall(isComplete: argumentsAreComplete)
    }

    private mutating func readStructure(_ byte: UInt8, _ output: inout AnswerOutput) -> CallStep {
        switch (state, byte) {
        case (.start, UInt8(ascii: "[")):
            isInList = true
            state = .element
        case (.start, UInt8(ascii: "{")), (.element, UInt8(ascii: "{")): beginObject()
        case (.element, UInt8(ascii: "]")) where !hasReadCall: return .failed
        case (.behindElement, UInt8(ascii: ",")): state = .element
        case (.element, UInt8(ascii: "]")), (.behindElement, UInt8(ascii: "]")): return .done
        case (.firstField, UInt8(ascii: "}")), (.behindValue, UInt8(ascii: "}")): return endObject(&output)
        case (.firstField, UInt8(ascii: "\"")), (.field, UInt8(ascii: "\"")):
            var cursor = JSONCursor()
            _ = cursor.consume(byte)
            state = .fieldName(cursor, [byte])
        case (.colon, UInt8(ascii: ":")): beginValue()
        case (.behindValue, UInt8(ascii: ",")): state = .field
        default: return stop(&output)
        }
        return .more
    }

    private mutating func beginObject() {
        name = nil
        hasArguments = false
        argumentsAreComplete = false
        early = []
        state = .firstField
    }

    private mutating func beginValue() {
        if fieldName == syntax.nameField, name == nil {
            state = .name(JSONCursor(), [])
        } else if syntax.argumentFields.contains(fieldName), !hasArguments {
            hasArguments = true
            state = .arguments(ArgumentsStream())
        } else {
            state = .other(JSONCursor())
        }
    }

    private mutating func readFieldName(
        _ byte: UInt8, _ cursor: JSONCursor, _ text: [UInt8], _ output: inout AnswerOutput
    ) -> CallStep {
        state = .start  // gives up its hold on the text, which then grows in place
        var cursor = cursor
        var text = text
        let step = cursor.consume(byte)
        guard step != .invalid else { return stop(&output) }
        text.append(byte)
        if step == .last {
            fieldName = JSONText.decoded(string: text[...])
            state = .colon
        } else {
            state = .fieldName(cursor, text)
        }
        return .more
    }

    private mutating func readName(
        _ byte: UInt8, _ cursor: JSONCursor, _ text: [UInt8], _ output: inout AnswerOutput
    ) -> CallStep {
        state = .start
        var cursor = cursor
        var text = text
        let step = cursor.consume(byte)
        guard step != .invalid, step != .before else { return stop(&output) }
        if !(text.isEmpty && JSONText.isSpace(byte)) { text.append(byte) }
        guard text.isEmpty || text.first == UInt8(ascii: "\"") else { return stop(&output) }
        guard step == .last else {
            state = .name(cursor, text)
            return .more
        }
        let name = JSONText.decoded(string: text[...])
        if syntax.isUnmarked, !output.tools.contains(name) { return stop(&output) }
        self.name = name
        state = .behindValue
        guard !early.isEmpty else { return .more }
        guard output.beginCall(name: name) else { return stop(&output) }
        output.arguments(early)
        early = []
        return .more
    }

    private mutating func readArguments(
        _ byte: UInt8, _ stream: ArgumentsStream, _ output: inout AnswerOutput
    ) -> CallStep {
        var stream = stream
        var text: [UInt8] = []
        let step = stream.consume(byte, text: &text)
        switch step {
        case .invalid: return stop(&output, with: byte)
        case .before, .last:
            argumentsAreComplete = true
            state = .behindValue
        case .inside: state = .arguments(stream)
        }
        if let name {
            if stream.hasBegun, !output.hasOpenCall, !output.beginCall(name: name) { return stop(&output) }
            output.arguments(text)
        } else {
            early += text
        }
        return step == .before ? consume(byte, &output) : .more
    }

    private mutating func readOther(_ byte: UInt8, _ cursor: JSONCursor, _ output: inout AnswerOutput) -> CallStep {
        var cursor = cursor
        let step = cursor.consume(byte)
        switch step {
        case .invalid: return stop(&output)
        case .inside: state = .other(cursor)
        case .last: state = .behindValue
        case .before:
            state = .behindValue
            return consume(byte, &output)
        }
        return .more
    }

    private mutating func endObject(_ output: inout AnswerOutput) -> CallStep {
        if !output.hasOpenCall {
            guard let name, hasArguments || !syntax.isUnmarked, output.beginCall(name: name) else { return .failed }
            output.arguments("{}".utf8)
        }
        output.endCall(isComplete: true)
        hasReadCall = true
        guard isInList else { return .done }
        state = .behindElement
        return .more
    }

    /// The byte does not belong here.
    ///
    /// - Parameter wrong: the byte, where it stands in arguments, whose text goes on with it.
    private mutating func stop(_ output: inout AnswerOutput, with wrong: UInt8? = nil) -> CallStep {
        guard output.hasOpenCall else { return .failed }
        if argumentsAreComplete {
            output.endCall(isComplete: true)
            return .doneBefore
        }
        guard let wrong else {
            output.endCall(isComplete: false)
            return .doneBefore
        }
        return readBroken(wrong, MarkerMatcher(syntax.closers), &output)
    }

    private mutating func readBroken(
        _ byte: UInt8, _ matcher: MarkerMatcher, _ output: inout AnswerOutput
    ) -> CallStep {
        var matcher = matcher
        let step = output.readBrokenArguments(byte, upTo: &matcher)
        state = .broken(matcher)
        return step
    }
}
