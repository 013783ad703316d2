import ArgumentParser
import Engine
import Tokenization

/// `realizar tokenize`: text to token ids.
struct TokenizeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokenize",
        abstract: "Turns text into token ids.",
        discussion: """
            Without TEXT, standard input is read as it stands. With --jsonl each line of standard input is a JSON string, \
            answered by a line with a JSON array of ids.
            """)

    @Argument(help: modelHelp) var model: String?
    @Argument(help: "The text.") var text: String?
    @Flag(help: "Reads a JSON string per line, writes an array of ids per line.") var jsonl = false
    @Flag(help: "Neither adds nor recognises special tokens.") var noSpecial = false
    @Option(help: "text writes ids with spaces between them; json writes an array.") var format = OutputFormat.text

    func validate() throws {
        let text = ModelChoice.split(model, text).rest
        if jsonl, text != nil { throw ValidationError("--jsonl reads standard input, so TEXT has no place") }
        if !jsonl, text == nil, StandardInput.isTerminal {
            throw ValidationError("no text: give one (after the model), or through standard input")
        }
    }

    func run() async throws {
        let (model, text) = ModelChoice.split(model, text)
        let source = try await ModelChoice.source(model)
        ModelChoice.announce(source, command: "tokenize")
        let tokenizer = try loadTokenizer(source)
        let special: SpecialTokenHandling = noSpecial ? .plain : [.recognize, .addBeginAndEnd]
        if jsonl {
            return try JSONLines.map(String.self, expected: "a JSON string") {
                tokenizer.encode($0, special: special)
            }
        }
        let bytes = try text.map { Array($0.utf8) } ?? StandardInput.readAll()
        let tokenIDs = tokenizer.encode(utf8: bytes, special: special)
        switch format {
        case .text: try StandardOutput.write(tokenIDs.map(String.init).joined(separator: " ") + "\n")
        case .json: try JSONLines.write(tokenIDs)
        }
    }
}
