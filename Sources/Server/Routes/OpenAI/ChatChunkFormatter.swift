import APIProtocols
import ChatTemplates
import Engine

/// A chat answer, chunk by chunk or whole.
struct ChatChunkFormatter: ChunkFormatter {
    private let id = "chatcmpl-\(RandomID.make())"
    private let created = UnixTime.now
    private let model: String
    private let includesUsage: Bool
    private let reportsLogProbabilities: Bool

    init(model: String, request: ChatCompletionRequest) {
        self.model = model
        includesUsage = request.sampling.includesUsage
        reportsLogProbabilities = request.topLogProbabilityCount != nil
    }

    mutating func chunks(for event: GenerationEvent) -> [ChatCompletionChunk] {
        switch event {
        case .started: return [chunk(.role)]
        case .text(let part):
            let logProbabilities = logProbabilities(part.tokens)
            if part.text.isEmpty, logProbabilities?.content.isEmpty ?? true { return [] }
            return [chunk(.text(part.text, logProbabilities))]
        case .reasoning(let part): return [chunk(.reasoning(part.text, logProbabilities(part.tokens)))]
        case .toolCall(.began(let index, let id, let name)):
            return [chunk(.toolCall(.began(index: index, id: id, name: name)))]
        case .toolCall(.arguments(let index, let fragment)):
            return [chunk(.toolCall(.arguments(index: index, fragment: fragment)))]
        case .toolCall(.ended): return []
        case .finished(let summary):
            let end = chunk(.finish(summary.finishReason.rawValue))
            return includesUsage ? [end, chunk(.usage(Usage(summary)))] : [end]
        }
    }

    func response(_ answer: CollectedAnswer) -> ChatCompletionResponse {
        ChatCompletionResponse(
            id: id, created: created, model: model, content: answer.text,
            reasoning: answer.reasoning.isEmpty ? nil : answer.reasoning,
            toolCalls: answer.toolCalls.map { ChatToolCall(id: $0.id, name: $0.name, arguments: $0.arguments) },
            logProbabilities: logProbabilities(answer.tokens), finishReason: answer.summary.finishReason.rawValue,
            usage: Usage(answer.summary))
    }

    private func chunk(_ content: ChatCompletionChunk.Content) -> ChatCompletionChunk {
        ChatCompletionChunk(id: id, created: created, model: model, streamHasUsage: includesUsage, content: content)
    }

    private func logProbabilities(_ tokens: [GeneratedToken]) -> ChatLogProbabilities? {
        guard reportsLogProbabilities else { return nil }
        return ChatLogProbabilities(
            content: tokens.map { token in
                ChatLogProbabilities.Token(
                    candidate: .init(bytes: token.bytes, logProbability: token.logProbability ?? -.infinity),
                    top: token.topLogProbabilities.map { .init(bytes: $0.bytes, logProbability: $0.logProbability) })
            })
    }
}

extension Usage {
    init(_ summary: GenerationSummary) {
        self.init(
            promptTokenCount: summary.promptTokenCount, cachedPromptTokenCount: summary.cachedPromptTokenCount,
            completionTokenCount: summary.completionTokenCount)
    }
}
