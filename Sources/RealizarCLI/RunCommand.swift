import ArgumentParser
import ChatTemplates
import Engine

/// `realizar run`: one prompt, one answer.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Answers one prompt.",
        discussion: """
            The prompt goes through the model's chat template where it has one; --raw continues it as it stands.
            Without PROMPT, or with -, it is read from standard input, less one final line break.
            With --tools the model may call functions; its calls are written as JSON, one a line.
            """)

    @Argument(help: modelHelp) var model: String?
    @Argument(help: "The prompt; - reads standard input.") var prompt: String?
    @OptionGroup var engineArguments: EngineArguments
    @OptionGroup var samplingArguments: SamplingArguments
    @Option(help: "Instructions that stand before the prompt; needs a chat template.") var system: String?
    @OptionGroup var reasoningDisplay: ReasoningDisplay
    @Option(
        help: ArgumentHelp(
            "A JSON list of functions that the model may call, as OpenAI's API has them.", valueName: "file"))
    var tools: String?
    @Flag(help: "Continues the prompt as it stands, without the chat template.") var raw = false
    @Option(help: "text streams the answer; json writes one object at the end.") var format = OutputFormat.text

    func validate() throws {
        if ModelChoice.split(model, prompt).rest == nil, StandardInput.isTerminal {
            throw ValidationError("no prompt: give one (after the model), or through standard input")
        }
        if raw, tools != nil { throw ValidationError("--tools needs the chat template, which --raw skips") }
        if raw, system != nil { throw ValidationError("--system needs the chat template, which --raw skips") }
    }

    func run() async throws {
        let (model, prompt) = ModelChoice.split(model, prompt)
        let source = try await ModelChoice.source(model)
        let interrupts = InterruptHandler()
        let text = try text(of: prompt)
        let tools = try readTools()
        ModelChoice.announce(source, command: "run")
        let options = engineArguments.engineOptions(parallelCount: 1)
        let engine = try await InferenceEngine.load(
            source, options: options, onProgress: QuantizationProgress.reporter(options))
        let request = GenerationRequest(
            prompt: try makePrompt(text, engine.information), tools: tools,
            options: samplingArguments.generationOptions)

        let streams = format == .text
        let (answer, wasInterrupted) = try await interrupts.interruptible {
            let reasoning = reasoningDisplay.writer()
            defer { reasoning.end() }
            return try await Answer.generate(
                request, with: engine,
                onText: {
                    if !$0.isEmpty { reasoning.end() }
                    if streams { try StandardOutput.write($0) }
                }, onReasoning: { if streams { reasoning.write($0) } })
        }
        if streams { try write(answer) }
        guard let summary = answer.summary else {
            if wasInterrupted { throw ExitStatus.interrupted }
            throw CommandError("the engine ended the answer without saying why")
        }
        try report(answer, summary, loadDuration: engine.loadDuration)
        await engine.shutDown()
    }

    private func readTools() throws -> [ToolDefinition] {
        guard let tools else { return [] }
        guard let text = String(validating: try InputFile.read(tools), as: UTF8.self) else {
            throw CommandError("\(tools.printable) is not UTF-8")
        }
        do { return try ToolDefinition.list(json: text) } catch {
            throw CommandError("\(tools.printable): \("\(error)".printable)")
        }
    }

    /// Ends the answer's line; calls have lines of their own.
    private func write(_ answer: Answer) throws {
        if !answer.text.isEmpty || answer.toolCalls.isEmpty { try StandardOutput.write("\n") }
        for call in answer.toolCalls { try JSONLines.write(CallResult(call)) }
    }

    private func text(of prompt: String?) throws -> String {
        if let prompt, prompt != "-" { return prompt }
        var bytes = try StandardInput.readAll()
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandError("the prompt on standard input is not UTF-8")
        }
        return text
    }

    /// A template that is there and cannot be used is an error: without it the model would answer something else.
    private func makePrompt(_ text: String, _ model: ModelInformation) throws -> GenerationRequest.Prompt {
        if raw { return .text(text) }
        if model.bringsChatTemplate, let problem = model.chatTemplateProblem {
            throw CommandError("\(problem); --raw continues the prompt without it")
        }
        guard model.hasChatTemplate else {
            guard tools == nil else {
                throw CommandError("the model has no chat template, so it cannot be told of tools")
            }
            guard system == nil else {
                throw CommandError("the model has no chat template, so --system has no place; put it into the prompt")
            }
            return .text(text)
        }
        let instructions = system.map { [ChatMessage(role: .system, content: $0)] } ?? []
        return .chat(instructions + [ChatMessage(role: .user, content: text)])
    }

    private func report(_ answer: Answer, _ summary: GenerationSummary, loadDuration: Duration) throws {
        let timings = GenerationTimings(summary, loadDuration: loadDuration)
        switch format {
        case .json: try JSONLines.write(RunResult(answer, summary, timings))
        case .text:
            StandardError.write(
                "prompt: \(summary.promptTokenCount) tokens, "
                    + "\(NumberFormat.fixed(timings.prefillTokensPerSecond, decimals: 1)) tokens/s; "
                    + "answer: \(summary.completionTokenCount) tokens, "
                    + "\(NumberFormat.fixed(timings.decodeTokensPerSecond, decimals: 1)) tokens/s; "
                    + "loaded in \(NumberFormat.fixed(timings.loadMilliseconds, decimals: 0)) ms")
        }
    }
}

/// A call as `run` writes it.
private struct CallResult: Encodable {
    let id: String
    let name: String
    /// JSON text as the model wrote it.
    let arguments: String

    init(_ call: ToolCall) {
        id = call.id
        name = call.name
        arguments = call.arguments
    }
}

/// What `run --format json` writes.
private struct RunResult: Encodable {
    let text: String
    /// Left out where there is none.
    let reasoning: String?
    let toolCalls: [CallResult]?
    let tokens: [Int32]
    let promptTokenCount: Int
    let completionTokenCount: Int
    let finishReason: FinishReason
    let timings: GenerationTimings

    enum CodingKeys: String, CodingKey {
        case text, reasoning, tokens, timings
        case toolCalls = "tool_calls"
        case promptTokenCount = "prompt_tokens"
        case completionTokenCount = "completion_tokens"
        case finishReason = "finish_reason"
    }

    init(_ answer: Answer, _ summary: GenerationSummary, _ timings: GenerationTimings) {
        text = answer.text
        reasoning = answer.reasoning.isEmpty ? nil : answer.reasoning
        toolCalls = answer.toolCalls.isEmpty ? nil : answer.toolCalls.map(CallResult.init)
        tokens = answer.tokenIDs
        promptTokenCount = summary.promptTokenCount
        completionTokenCount = summary.completionTokenCount
        finishReason = summary.finishReason
        self.timings = timings
    }
}
