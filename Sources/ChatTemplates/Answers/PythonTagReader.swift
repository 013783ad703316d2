/// Reads what Llama 3 writes behind `<|python_tag|>`: a call as JSON, a call as Python writes it
/// (`brave_search.call(query="…")`), or code for an interpreter.
///
/// Python is read when it is whole. Code becomes a call of the interpreter among the request's tools, with the code as
/// its parameter; without such a tool it is content.
struct PythonTagReader: CallReader {
    /// Names that interpreters of code go by.
    private static let interpreters = ["code_interpreter", "python", "ipython"]

    private enum State {
        case start
        case json(JSONCallReader)
        case python([UInt8])
    }

    private let syntax: JSONCallReader.Syntax
    private var state = State.start

    init(_ syntax: JSONCallReader.Syntax) { self.syntax = syntax }

    mutating func consume(_ byte: UInt8, _ output: inout AnswerOutput) -> CallStep {
        switch state {
        case .start where JSONText.isSpace(byte): return .more
        case .start where byte == UInt8(ascii: "{"):
            return readJSON(byte, JSONCallReader(syntax), &output)
        case .start: state = .python([byte])
        case .json(let reader): return readJSON(byte, reader, &output)
        case .python(var text):
            state = .start  // gives up its hold on the text, which then grows in place
            text.append(byte)
            state = .python(text)
        }
        return .more
    }

    mutating func finish(_ output: inout AnswerOutput) {
        switch state {
        case .start: break
        case .json(var reader): reader.finish(&output)
        case .python(let text): readPython(String(decoding: text, as: UTF8.self), &output)
        }
    }

    private mutating func readJSON(_ byte: UInt8, _ reader: JSONCallReader, _ output: inout AnswerOutput) -> CallStep {
        state = .start
        var reader = reader
        let step = reader.consume(byte, &output)
        state = .json(reader)
        return step
    }

    private func readPython(_ text: String, _ output: inout AnswerOutput) {
        var name: String?
        var arguments = ""
        if let call = PythonCall(text) {
            name = call.name
            arguments = call.arguments
        } else if let interpreter = Self.interpreters.first(where: output.tools.contains) {
            name = interpreter
            arguments = "{\"code\": \(JSONText.quoted(text))}"
        }
        guard let name, output.beginCall(name: name) else { return }
        output.arguments(arguments.utf8)
        output.endCall(isComplete: true)
    }
}
