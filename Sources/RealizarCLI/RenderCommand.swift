import ArgumentParser
import ChatTemplates
import Engine
import Tokenization

/// `realizar render`: the prompt that a conversation becomes.
struct RenderCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "render",
        abstract: "Shows the prompt that a conversation becomes.",
        discussion: """
            Messages are a JSON array of objects with a role and content, as in OpenAI's API; all of their fields reach the \
            template as they are. The prompt is written as it stands, without a line break behind it. One FILE may be - for \
            standard input. With --template no model is needed, unless ids are wanted; --variables may then set bos_token and \
            eos_token.
            """)

    @Argument(help: modelHelp) var model: String?
    @Option(help: ArgumentHelp("The conversation.", valueName: "file.json")) var messages: String
    @Option(help: ArgumentHelp("A JSON array of tools that the model may call.", valueName: "file.json"))
    var tools: String?
    @Option(help: ArgumentHelp("A chat template to use in place of the model's.", valueName: "file.jinja"))
    var template: String?
    @Option(
        help: ArgumentHelp("A JSON object of further variables, such as enable_thinking.", valueName: "file.json"))
    var variables: String?
    @Flag(help: "Ends with the last message, instead of the opening of an answer.") var noGenerationPrompt = false
    @Flag(help: "Writes token ids. Only text of the template becomes control tokens.") var tokens = false

    func validate() throws {
        if [messages, tools, template, variables].count(where: { $0 == "-" }) > 1 {
            throw ValidationError("only one file can be standard input")
        }
        if tokens, model == nil, template != nil {
            throw ValidationError("--tokens with --template needs the model whose ids are wanted")
        }
    }

    func run() async throws {
        let conversation = try JSONInput.read(messages)
        let tools = try tools.map(JSONInput.read) ?? .none
        var variables = try variables.map(JSONInput.readObject) ?? [:]
        let source = try template.map(TextInput.read)
        let chatTemplate: ChatTemplate
        var tokenizer: (any Tokenizer)?
        if model == nil, let source {
            let begin = try Self.takeText("bos_token", from: &variables)
            let end = try Self.takeText("eos_token", from: &variables)
            chatTemplate = try ChatTemplate(source: source, beginToken: begin, endToken: end)
        } else {
            let model = try await ModelChoice.source(model)
            ModelChoice.announce(model, command: "render")
            (chatTemplate, tokenizer) = try loadChatTemplate(model, template: source)
        }
        let prompt = try chatTemplate.render(
            json: conversation, tools: tools, addGenerationPrompt: !noGenerationPrompt, variables: variables)
        if tokens, let tokenizer {
            try StandardOutput.write(tokenizer.encode(prompt: prompt).map(String.init).joined(separator: " ") + "\n")
        } else {
            try StandardOutput.write(prompt.map(\.text).joined())
        }
    }

    private static func takeText(_ name: String, from variables: inout [String: TemplateVariable]) throws -> String {
        switch variables.removeValue(forKey: name) {
        case nil, TemplateVariable.none?: return ""
        case .text(let text)?: return text
        default: throw CommandError("variable '\(name)' must be a string")
        }
    }
}
