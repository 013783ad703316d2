import APIProtocols
import Engine
import Hummingbird

extension RouteEnvironment {
    /// `POST /v1/completions`
    func completionResponse(_ request: Request, _ context: ServerRequestContext) async throws -> Response {
        let body = try await decode(CompletionRequest.self, from: request, context)
        let generator = try state.registryForGeneration().generator(named: body.model)
        let events = try await generate(GenerationRequest(body), on: generator, for: request, context)
        var formatter = CompletionChunkFormatter(model: generator.modelName, request: body)
        if body.sampling.streams { return .eventStream(.eventStream(events, formatter: formatter)) }
        let answer = try await CollectedAnswer(of: events)
        return try .json(Traced(formatter.response(answer), answer.summary.trace))
    }
}

extension GenerationRequest {
    fileprivate init(_ body: CompletionRequest) {
        let prompt: Prompt =
            switch body.prompt {
            case .text(let text): .text(text)
            case .tokenIDs(let ids): .tokenIDs(ids)
            }
        self.init(
            prompt: prompt,
            options: GenerationOptions(
                body.sampling, maximumTokenCount: body.maximumTokenCount,
                topLogProbabilityCount: body.topLogProbabilityCount))
    }
}
