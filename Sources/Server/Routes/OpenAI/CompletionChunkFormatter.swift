import APIProtocols
import Engine

/// A text completion, chunk by chunk or whole.
struct CompletionChunkFormatter: ChunkFormatter {
    private let id = "cmpl-\(RandomID.make())"
    private let created = UnixTime.now
    private let model: String
    private let includesUsage: Bool
    private let reportsLogProbabilities: Bool
    /// Scalars of the text so far, where the next token begins.
    private var textOffset = 0

    init(model: String, request: CompletionRequest) {
        self.model = model
        includesUsage = request.sampling.includesUsage
        reportsLogProbabilities = request.topLogProbabilityCount != nil
    }

    mutating func chunks(for event: GenerationEvent) -> [CompletionResponse] {
        let usage: CompletionResponse.UsageField = includesUsage ? .null : .absent
        switch event {
        // Only a conversation's answer has reasoning and calls.
        case .started, .reasoning, .toolCall: return []
        case .text(let part):
            let logProbabilities = logProbabilities(part.tokens)
            if part.text.isEmpty, logProbabilities?.tokens.isEmpty ?? true { return [] }
            let choice = CompletionResponse.Choice(
                text: part.text, logProbabilities: logProbabilities, finishReason: nil)
            return [response(choice, usage: usage)]
        case .finished(let summary):
            let end = CompletionResponse.Choice(
                text: "", logProbabilities: nil, finishReason: summary.finishReason.rawValue)
            let chunk = response(end, usage: usage)
            return includesUsage ? [chunk, response(nil, usage: .counts(Usage(summary)))] : [chunk]
        }
    }

    mutating func response(_ answer: CollectedAnswer) -> CompletionResponse {
        let choice = CompletionResponse.Choice(
            text: answer.text, logProbabilities: logProbabilities(answer.tokens),
            finishReason: answer.summary.finishReason.rawValue)
        return response(choice, usage: .counts(Usage(answer.summary)))
    }

    private func response(
        _ choice: CompletionResponse.Choice?, usage: CompletionResponse.UsageField
    ) -> CompletionResponse {
        CompletionResponse(id: id, created: created, model: model, choice: choice, usage: usage)
    }

    private mutating func logProbabilities(_ tokens: [GeneratedToken]) -> CompletionLogProbabilities? {
        guard reportsLogProbabilities else { return nil }
        var result = CompletionLogProbabilities(startOffset: textOffset)
        for token in tokens {
            result.append(
                bytes: token.bytes, logProbability: token.logProbability ?? -.infinity,
                top: token.topLogProbabilities.map { ($0.bytes, $0.logProbability) })
        }
        textOffset = result.endOffset
        return result
    }
}
