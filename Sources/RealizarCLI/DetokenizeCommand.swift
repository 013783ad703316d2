import ArgumentParser
import Engine
import Tokenization

/// `realizar detokenize`: token ids to text.
struct DetokenizeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "detokenize",
        abstract: "Turns token ids into text.",
        discussion: """
            Ids may be separated by spaces or commas. Without IDS they are read from standard input. The text is followed by one \
            line break. With --jsonl each line of standard input is a JSON array of ids, answered by a line with a JSON string.
            """)

    @Argument(help: modelHelp) var model: String?
    @Argument(help: "Token ids.") var ids: [String] = []
    @Flag(help: "Reads an array of ids per line, writes a JSON string per line.") var jsonl = false
    @Flag(help: "Writes the names of special tokens, which else give no text.") var special = false
    @Option(help: "text writes the bytes as they are; json writes a JSON string.") var format = OutputFormat.text

    func validate() throws {
        let ids = split().ids
        if jsonl, !ids.isEmpty { throw ValidationError("--jsonl reads standard input, so IDS have no place") }
        if !jsonl, ids.isEmpty, StandardInput.isTerminal {
            throw ValidationError("no ids: give them after the model, or through standard input")
        }
        _ = try TokenIDList.parse(ids.joined(separator: " "))
    }

    func run() async throws {
        let (model, ids) = split()
        let source = try await ModelChoice.source(model)
        ModelChoice.announce(source, command: "detokenize")
        let tokenizer = try loadTokenizer(source)
        if jsonl {
            return try JSONLines.map([Int32].self, expected: "a JSON array of token ids") {
                String(decoding: try tokenizer.decode($0, special: special), as: UTF8.self)
            }
        }
        let bytes = try tokenizer.decode(try tokenIDs(ids), special: special)
        switch format {
        case .text: try StandardOutput.write(bytes: bytes + [UInt8(ascii: "\n")])
        case .json: try JSONLines.write(String(decoding: bytes, as: UTF8.self))
        }
    }

    /// A first argument that is a list of ids is no model.
    private func split() -> (model: String?, ids: [String]) {
        guard let model, !ModelChoice.canBeModel(model), (try? TokenIDList.parse(model)) != nil else {
            return (model, ids)
        }
        return (nil, [model] + ids)
    }

    private func tokenIDs(_ ids: [String]) throws -> [Int32] {
        if !ids.isEmpty { return try TokenIDList.parse(ids.joined(separator: " ")) }
        do {
            return try TokenIDList.parse(String(decoding: try StandardInput.readAll(), as: UTF8.self))
        } catch let error as ValidationError {
            throw CommandError("standard input: \(error.message)")
        }
    }
}
