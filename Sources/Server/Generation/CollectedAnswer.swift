import ChatTemplates
import Engine

/// A generation read to its end.
struct CollectedAnswer {
    private(set) var text = ""
    private(set) var reasoning = ""
    private(set) var toolCalls: [ToolCall] = []
    private(set) var tokens: [GeneratedToken] = []
    let summary: GenerationSummary

    /// - Throws: what the stream throws; `CancellationError` if this task is cancelled.
    init(of events: AsyncThrowingStream<GenerationEvent, any Error>) async throws {
        var summary: GenerationSummary?
        var text = ""
        var reasoning = ""
        var toolCalls: [ToolCall] = []
        var tokens: [GeneratedToken] = []
        for try await event in events {
            switch event {
            case .started: break
            case .text(let chunk):
                text += chunk.text
                tokens += chunk.tokens
            case .reasoning(let chunk):
                reasoning += chunk.text
                tokens += chunk.tokens
            case .toolCall(let event): toolCalls.take(event)
            case .finished(let end): summary = end
            }
        }
        // A stream ends without an error and early when the task that reads it is cancelled.
        guard let summary else { throw CancellationError() }
        self.summary = summary
        self.text = text
        self.reasoning = reasoning
        self.toolCalls = toolCalls
        self.tokens = tokens
    }
}
