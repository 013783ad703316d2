import APIProtocols
import ChatTemplates
import Engine
import Hummingbird

extension RouteEnvironment {
    /// `POST /v1/chat/completions`
    func chatCompletionResponse(_ request: Request, _ context: ServerRequestContext) async throws -> Response {
        let body = try await decode(ChatCompletionRequest.self, from: request, context)
        let generator = try state.registryForGeneration().generator(named: body.model)
        let events = try await generate(try GenerationRequest(body), on: generator, for: request, context)
        let formatter = ChatChunkFormatter(model: generator.modelName, request: body)
        if body.sampling.streams { return .eventStream(.eventStream(events, formatter: formatter)) }
        let answer = try await CollectedAnswer(of: events)
        return try .json(Traced(formatter.response(answer), answer.summary.trace))
    }
}

extension GenerationRequest {
    /// - Throws: `APIError` 400 for tools that templates cannot be told of.
    fileprivate init(_ body: ChatCompletionRequest) throws(APIError) {
        var options = GenerationOptions(
            body.sampling, maximumTokenCount: body.maximumTokenCount,
            topLogProbabilityCount: body.topLogProbabilityCount)
        if !body.tools.isEmpty, !body.allowsParallelToolCalls { options.maximumToolCallCount = 1 }
        var tools: [ToolDefinition] = []
        for (index, tool) in body.tools.enumerated() {
            do { tools.append(try ToolDefinition(json: tool.json)) } catch {
                throw .badRequest("tools[\(index)]: \(error)", parameter: "tools[\(index)]", code: "invalid_value")
            }
        }
        self.init(prompt: .chat(Self.messages(body.messages)), tools: tools, options: options)
    }

    /// A tool's result has the name of its tool, which templates write and OpenAI's API leaves to the call.
    private static func messages(_ messages: [ChatRequestMessage]) -> [ChatMessage] {
        var names: [String: String] = [:]
        return messages.map { message in
            for call in message.toolCalls { names[call.id] = call.name }
            return ChatMessage(
                role: ChatRole(message.role), content: message.content,
                name: message.name ?? message.toolCallID.flatMap { names[$0] }, reasoning: message.reasoning,
                toolCalls: message.toolCalls.map { ToolCall(id: $0.id, name: $0.name, arguments: $0.arguments) },
                toolCallID: message.toolCallID)
        }
    }
}

extension ChatRole {
    fileprivate init(_ role: ChatRequestMessage.Role) {
        self =
            switch role {
            case .system: .system
            case .user: .user
            case .assistant: .assistant
            case .tool: .tool
            }
    }
}
