/// Reads calls whose parameters stand between tags, one tag pair or two for each: Qwen3-Coder's and GLM's.
struct TaggedCallReader: CallReader {
    struct Syntax: Sendable {
        /// Before the function's name; empty where the name comes first.
        var nameOpener = ""
        /// Behind it; where empty, the name's line ends it, or the first tag.
        var nameCloser = ""
        var keyOpener: String
        var keyCloser: String
        /// Before a value; empty where it comes right behind the key.
        var valueOpener = ""
        var valueCloser: String
        /// Ends the call.
        var callCloser: String
        /// Whether a value's first and last line break belong to its tags.
        var valuesHaveLines = false
    }

    private enum State {
        /// One of these comes next, white space aside.
        case expecting([String], [UInt8])
        case name([UInt8])
        case key(MarkerMatcher, [UInt8])
        case value
    }

    private let syntax: Syntax
    private var state: State
    private var name = ""
    private var key = ""
    private var writer: ArgumentsWriter
    private var matcher: MarkerMatcher
    /// Inside a value: whether its first line break may still come, and whether one is held back that may be its last.
    private var isAtValueStart = false
    private var heldLineBreak = false

    /// - Parameter opener: where it is the name's opener itself, the name comes first.
    init(_ syntax: Syntax, opener: String, pendingLimit: Int) {
        self.syntax = syntax
        writer = ArgumentsWriter(pendingLimit: pendingLimit)
        matcher = MarkerMatcher([syntax.valueCloser])
        state =
            syntax.nameOpener.isEmpty || opener == syntax.nameOpener ? .name([]) : .expecting([syntax.nameOpener], [])
    }

    mutating func consume(_ byte: UInt8, _ output: inout AnswerOutput) -> CallStep {
        switch state {
        case .expecting(let tags, let text): return readTag(byte, tags, text, &output)
        case .name(let text): return readName(byte, text, &output)
        case .key(let matcher, let text): return readKey(byte, matcher, text, &output)
        case .value:
            readValue(byte, &output)
            return .more
        }
    }

    mutating func finish(_ output: inout AnswerOutput) {
        guard output.hasOpenCall else { return }
        if case .value = state { append(matcher.finish(), &output) }
        writer.finish(isComplete: false, &output)
        output.endCall(isComplete: false)
    }

    private mutating func readTag(
        _ byte: UInt8, _ tags: [String], _ text: [UInt8], _ output: inout AnswerOutput
    ) -> CallStep {
        if text.isEmpty, JSONText.isSpace(byte) { return .more }
        let text = text + [byte]
        let fitting = tags.filter { $0.utf8.starts(with: text) }
        guard let tag = fitting.first else { return stop(&output) }
        guard tag.utf8.count == text.count else {
            state = .expecting(fitting, text)
            return .more
        }
        return begin(tag, &output)
    }

    private mutating func begin(_ tag: String, _ output: inout AnswerOutput) -> CallStep {
        switch tag {
        case syntax.nameOpener: state = .name([])
        case syntax.valueOpener: beginValue(&output)
        default:
            if !output.hasOpenCall, !output.beginCall(name: name) { return .failed }
            if tag == syntax.callCloser {
                writer.finish(isComplete: true, &output)
                output.endCall(isComplete: true)
                return .done
            }
            state = .key(MarkerMatcher([syntax.keyCloser]), [])
        }
        return .more
    }

    private mutating func readName(_ byte: UInt8, _ text: [UInt8], _ output: inout AnswerOutput) -> CallStep {
        guard text.count < CallName.lengthLimit else { return .failed }
        if syntax.nameCloser.isEmpty {
            let isTag = byte == UInt8(ascii: "<")
            guard isTag || byte == UInt8(ascii: "\n") && text.contains(where: { !JSONText.isSpace($0) }) else {
                state = .name(text + [byte])
                return .more
            }
            return endName(text) ?? (isTag ? consume(byte, &output) : .more)
        }
        let text = text + [byte]
        guard text.suffix(syntax.nameCloser.utf8.count).elementsEqual(syntax.nameCloser.utf8) else {
            state = .name(text)
            return .more
        }
        return endName(text.dropLast(syntax.nameCloser.utf8.count)) ?? .more
    }

    private mutating func endName(_ text: some Sequence<UInt8>) -> CallStep? {
        guard let name = CallName(String(decoding: Array(text), as: UTF8.self)) else { return .failed }
        self.name = name.text
        state = .expecting([syntax.keyOpener, syntax.callCloser], [])
        return nil
    }

    private mutating func readKey(
        _ byte: UInt8, _ matcher: MarkerMatcher, _ text: [UInt8], _ output: inout AnswerOutput
    ) -> CallStep {
        var matcher = matcher
        var text = text
        guard matcher.consume(byte, text: &text) != nil else {
            guard text.count <= CallName.lengthLimit else { return stop(&output) }
            state = .key(matcher, text)
            return .more
        }
        key = String(decoding: text, as: UTF8.self).trimmingJSONSpace()
        if syntax.valueOpener.isEmpty {
            beginValue(&output)
        } else {
            state = .expecting([syntax.valueOpener], [])
        }
        return .more
    }

    private mutating func beginValue(_ output: inout AnswerOutput) {
        writer.beginParameter(key, types: output.tools.types(ofParameter: key, of: name), &output)
        isAtValueStart = syntax.valuesHaveLines
        heldLineBreak = false
        state = .value
    }

    private mutating func readValue(_ byte: UInt8, _ output: inout AnswerOutput) {
        var text: [UInt8] = []
        let closer = matcher.consume(byte, text: &text)
        append(text, &output)
        guard closer != nil else { return }
        heldLineBreak = false
        writer.endParameter(&output)
        state = .expecting([syntax.keyOpener, syntax.callCloser], [])
    }

    private mutating func append(_ text: [UInt8], _ output: inout AnswerOutput) {
        guard syntax.valuesHaveLines else { return writer.append(text, &output) }
        var result: [UInt8] = []
        for byte in text {
            defer { isAtValueStart = false }
            if byte == UInt8(ascii: "\n"), isAtValueStart { continue }
            if heldLineBreak { result.append(UInt8(ascii: "\n")) }
            heldLineBreak = byte == UInt8(ascii: "\n")
            if !heldLineBreak { result.append(byte) }
        }
        writer.append(result, &output)
    }

    /// The byte does not belong here.
    private mutating func stop(_ output: inout AnswerOutput) -> CallStep {
        guard output.hasOpenCall else { return .failed }
        writer.finish(isComplete: false, &output)
        output.endCall(isComplete: false)
        return .doneBefore
    }
}
