import ChatTemplates
import Engine

/// One answer, gathered from a generation's events.
struct Answer: Sendable {
    private(set) var text = ""
    private(set) var reasoning = ""
    private(set) var toolCalls: [ToolCall] = []
    private(set) var tokenIDs: [Int32] = []
    private(set) var promptTokenCount = 0
    /// nil where the answer was stopped before its end.
    private(set) var summary: GenerationSummary?

    /// Generates an answer, handing on each piece of text and reasoning as it comes. Cancelling the task ends it early, without an error.
    ///
    /// - Throws: `EngineError`, and what `onText` and `onReasoning` throw.
    static func generate(
        _ request: GenerationRequest, with generator: any TextGenerator, onText: (String) throws -> Void,
        onReasoning: (String) throws -> Void = { _ in }
    ) async throws -> Answer {
        var answer = Answer()
        do {
            for try await event in try await generator.generate(request) {
                switch event {
                case .started(let promptTokenCount): answer.promptTokenCount = promptTokenCount
                case .text(let chunk):
                    answer.text += chunk.text
                    answer.tokenIDs += chunk.tokens.map(\.tokenID)
                    try onText(chunk.text)
                case .reasoning(let chunk):
                    answer.reasoning += chunk.text
                    answer.tokenIDs += chunk.tokens.map(\.tokenID)
                    try onReasoning(chunk.text)
                case .toolCall(let event): answer.toolCalls.take(event)
                case .finished(let summary): answer.summary = summary
                }
            }
        } catch is CancellationError {}
        return answer
    }
}

/// How long the parts of a generation took, as `--format json` tells it.
struct GenerationTimings: Encodable {
    let loadMilliseconds: Double
    let prefillMilliseconds: Double
    let decodeMilliseconds: Double
    let prefillTokensPerSecond: Double
    let decodeTokensPerSecond: Double

    enum CodingKeys: String, CodingKey {
        case loadMilliseconds = "load_ms"
        case prefillMilliseconds = "prefill_ms"
        case decodeMilliseconds = "decode_ms"
        case prefillTokensPerSecond = "prefill_tokens_per_second"
        case decodeTokensPerSecond = "decode_tokens_per_second"
    }

    init(_ summary: GenerationSummary, loadDuration: Duration) {
        loadMilliseconds = loadDuration.inMilliseconds
        prefillMilliseconds = summary.prefillDuration.inMilliseconds
        decodeMilliseconds = summary.decodeDuration.inMilliseconds
        prefillTokensPerSecond = Self.rate(summary.promptTokenCount, summary.prefillDuration)
        // The first token comes out of the prefill.
        decodeTokensPerSecond = Self.rate(summary.completionTokenCount - 1, summary.decodeDuration)
    }

    /// 0 where there is nothing to measure.
    private static func rate(_ count: Int, _ duration: Duration) -> Double {
        count > 0 && duration > .zero ? Double(count) / duration.inSeconds : 0
    }
}
