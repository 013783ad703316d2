import ArgumentParser
import ChatTemplates
import Engine

/// `realizar chat`: a conversation, line by line.
struct ChatCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chat",
        abstract: "Converses with a model.",
        discussion: """
            A line is a message. Commands: /exit, /clear, /system TEXT, /help.
            Ctrl-C stops an answer, and ends the program while there is none.
            """)

    @Argument(help: modelHelp) var model: String?
    @OptionGroup var engineArguments: EngineArguments
    @OptionGroup var samplingArguments: SamplingArguments
    @OptionGroup var reasoningDisplay: ReasoningDisplay
    @Option(help: "Instructions that stand before the conversation.") var system: String?

    func run() async throws {
        let source = try await ModelChoice.source(model)
        let interrupts = InterruptHandler()
        ModelChoice.announce(source, command: "chat")
        let options = engineArguments.engineOptions(parallelCount: 1)
        let engine = try await InferenceEngine.load(
            source, options: options, onProgress: QuantizationProgress.reporter(options))
        if let problem = engine.information.chatTemplateProblem {
            throw CommandError("\(source.name): \(problem); use 'realizar run --raw' to continue a text")
        }
        let contextLength = engine.information.contextLength
        StandardError.write("\(engine.modelName), context of \(contextLength) tokens; /help for help")
        var conversation = Conversation(instructions: system)
        var lines = LineReader()
        while let line = try nextLine(&lines) {
            switch ChatInput(line) {
            case .nothing: continue
            case .exit: return await engine.shutDown()
            case .help: StandardError.write(ChatInput.overview)
            case .clear: conversation.clear()
            case .instructions(let text): conversation.instructions = text
            case .unknownCommand(let name): StandardError.write("there is no command \(name); /help lists them")
            case .message(let text): try await answer(text, in: &conversation, with: engine, interrupts)
            }
        }
        await engine.shutDown()
    }

    private func nextLine(_ lines: inout LineReader) throws -> String? {
        if StandardInput.isTerminal { StandardError.write(unterminated: "> ") }
        return try lines.next().map { String(decoding: $0, as: UTF8.self) }
    }

    /// A message that fails leaves the conversation as it was; a stopped answer stays as far as it came.
    private func answer(
        _ text: String, in conversation: inout Conversation, with engine: InferenceEngine,
        _ interrupts: InterruptHandler
    ) async throws {
        let request = GenerationRequest(
            prompt: .chat(conversation.messages(followedBy: text)), options: samplingArguments.generationOptions)
        do {
            let (answer, wasInterrupted) = try await interrupts.interruptible {
                let reasoning = reasoningDisplay.writer()
                defer { reasoning.end() }
                return try await Answer.generate(
                    request, with: engine,
                    onText: {
                        if !$0.isEmpty { reasoning.end() }
                        try StandardOutput.write($0)
                    }, onReasoning: { reasoning.write($0) })
            }
            try StandardOutput.write("\n")
            conversation.append(text, answer: answer)
            if wasInterrupted, answer.summary == nil { StandardError.write("(stopped)") }
            if answer.summary?.finishReason == .length {
                StandardError.write("(the answer reached the limit of tokens, or the end of the context)")
            }
        } catch let error as EngineError where error.code == .contextLengthExceeded {
            StandardError.write("the context is full: \(error.message). /clear starts over")
        } catch let error as EngineError where error.code == .invalidRequest {
            StandardError.write("\(error.message.printable); the message is left out")
        }
    }
}
