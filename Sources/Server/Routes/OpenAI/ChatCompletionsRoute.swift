import APIProtocols
import ChatTemplates
import Engine
import Hummingbird

extension RouteEnvironment {
    /// `POST /v1/chat/completions`
    func chatCompletionResponse(_ request: Request, _ context: ServerRequestContext) async throws -> Response {
        let body = try await decode(ChatCompletionRequest.self, from: request, context)
        let generator = try state.registryForGeneration().generator(named: body.model)
        let events = try await generate(GenerationRequest(body), on: generator, for: request, context)
        let formatter = ChatChunkFormatter(model: generator.modelName, request: body)
        if body.sampling.streams { return .eventStream(.eventStream(events, formatter: formatter)) }
        return try .json(formatter.response(try await CollectedAnswer(of: events)))
    }
}

extension GenerationRequest {
    fileprivate init(_ body: ChatCompletionRequest) {
        let messages = body.messages.map { message in
            let role: ChatRole =
                switch message.role {
                case .system: .system
                case .user: .user
                case .assistant: .assistant
                }
            return ChatMessage(role: role, content: message.content, name: message.name)
        }
        self.init(
            prompt: .chat(messages),
            options: GenerationOptions(
                body.sampling, maximumTokenCount: body.maximumTokenCount,
                topLogProbabilityCount: body.topLogProbabilityCount))
    }
}
