/// Reads a call whose name stands in plain text before the JSON of its arguments: Mistral's newer and DeepSeek's syntax.
struct NamedCallReader: CallReader {
    struct Syntax: Sendable {
        /// What may stand between the name and the arguments, and cuts what is before these into parts.
        var separators: [String]
        /// Whether the name is the last of the parts that are not empty, instead of the first.
        var nameIsLast = false
        /// What ends a call whose JSON is broken.
        var closers: [String]
        /// Where the calls may as well be a list of JSON objects, how they are spelt.
        var list: JSONCallReader.Syntax?
    }

    private enum State {
        case start
        case list(JSONCallReader)
        case name(MarkerMatcher, [UInt8])
        case arguments(ArgumentsStream)
        case broken(MarkerMatcher)
    }

    private let syntax: Syntax
    private var state = State.start
    private var name = ""

    /// What stood before the separators.
    private var parts: [String] = []

    init(_ syntax: Syntax) { self.syntax = syntax }

    mutating func consume(_ byte: UInt8, _ output: inout AnswerOutput) -> CallStep {
        switch state {
        case .start:
            if JSONText.isSpace(byte) { return .more }
            if let list = syntax.list, byte == UInt8(ascii: "[") || byte == UInt8(ascii: "{") {
                return readList(byte, JSONCallReader(list), &output)
            }
            return readName(byte, MarkerMatcher(syntax.separators), [], &output)
        case .list(let reader): return readList(byte, reader, &output)
        case .name(let matcher, let text): return readName(byte, matcher, text, &output)
        case .arguments(let stream): return readArguments(byte, stream, &output)
        case .broken(let matcher): return readBroken(byte, matcher, &output)
        }
    }

    mutating func finish(_ output: inout AnswerOutput) {
        switch state {
        case .list(var reader): reader.finish(&output)
        case .broken(var matcher): output.arguments(matcher.finish())
        default: break
        }
        if output.hasOpenCall { output.endCall(isComplete: false) }
    }

    private mutating func readList(_ byte: UInt8, _ reader: JSONCallReader, _ output: inout AnswerOutput) -> CallStep {
        state = .start
        var reader = reader
        let step = reader.consume(byte, &output)
        state = .list(reader)
        return step
    }

    private mutating func readName(
        _ byte: UInt8, _ matcher: MarkerMatcher, _ text: [UInt8], _ output: inout AnswerOutput
    ) -> CallStep {
        var matcher = matcher
        var text = text
        if byte == UInt8(ascii: "{") {
            parts.append(String(decoding: text + matcher.finish(), as: UTF8.self))
            guard let name = CallName(syntax.nameIsLast ? parts.last { !$0.isBlank } : parts.first { !$0.isBlank })
            else {
                return .failed
            }
            self.name = name.text
            return readArguments(byte, ArgumentsStream(), &output)
        }
        if matcher.consume(byte, text: &text) != nil {
            parts.append(String(decoding: text, as: UTF8.self))
            text = []
        }
        guard text.count <= CallName.lengthLimit, parts.count <= syntax.separators.count else { return .failed }
        state = .name(matcher, text)
        return .more
    }

    private mutating func readArguments(
        _ byte: UInt8, _ stream: ArgumentsStream, _ output: inout AnswerOutput
    ) -> CallStep {
        var stream = stream
        var text: [UInt8] = []
        let step = stream.consume(byte, text: &text)
        guard step == .inside || step == .last else {
            return readBroken(byte, MarkerMatcher(syntax.closers), &output)
        }
        if !output.hasOpenCall, !output.beginCall(name: name) { return .failed }
        output.arguments(text)
        state = .arguments(stream)
        guard step == .last else { return .more }
        output.endCall(isComplete: true)
        return .done
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
