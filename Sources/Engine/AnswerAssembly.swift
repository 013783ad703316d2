internal import ChatTemplates
internal import Tokenization

/// Makes events of an answer's text: takes it apart where it is a conversation's, and ends it before a stop sequence.
struct AnswerAssembly: Sendable {
    private let stopSequences: [String]
    private var parser: AnswerParser?
    private var stopMatcher: StopSequenceMatcher
    private var hasCalls = false
    private(set) var matched: String?

    init(parser: AnswerParser?, stopSequences: [String]) {
        self.parser = parser
        self.stopSequences = stopSequences
        stopMatcher = StopSequenceMatcher(stopSequences)
    }

    /// Whether control tokens mean something.
    var takesControlTokens: Bool { parser != nil }

    /// Whether nothing more can come.
    var isFinished: Bool { matched != nil || parser?.isFinished ?? false }

    /// Why an answer ends that the model ended.
    var stopReason: FinishReason { hasCalls && matched == nil ? .toolCalls : .stop }

    /// - Returns: what can be told now; text that may be part of a marker or stop sequence is not.
    mutating func append(_ text: String) -> [GenerationEvent] {
        guard let events = parser?.append(text) else { return take(.content(text)) }
        return take(events)
    }

    mutating func append(control text: String) -> [GenerationEvent] { take(parser?.append(control: text) ?? []) }

    /// The rest.
    mutating func finish() -> [GenerationEvent] { take(parser?.finish() ?? []) + releaseText() }

    private mutating func take(_ events: [AnswerEvent]) -> [GenerationEvent] {
        var result: [GenerationEvent] = []
        for event in events { result += take(event) }
        return result
    }

    private mutating func take(_ event: AnswerEvent) -> [GenerationEvent] {
        guard matched == nil else { return [] }
        switch event {
        case .content(let text):
            let output = stopMatcher.append(text)
            matched = output.matched
            return output.emit.isEmpty ? [] : [.text(TextChunk(text: output.emit, tokens: []))]
        case .reasoning(let text): return releaseText() + [.reasoning(TextChunk(text: text, tokens: []))]
        case .toolCall(let event):
            hasCalls = true
            return releaseText() + [.toolCall(event)]
        }
    }

    /// Text that was held back as the beginning of a stop sequence, which what comes now is not part of.
    private mutating func releaseText() -> [GenerationEvent] {
        guard matched == nil else { return [] }
        let text = stopMatcher.finish()
        stopMatcher = StopSequenceMatcher(stopSequences)
        return text.isEmpty ? [] : [.text(TextChunk(text: text, tokens: []))]
    }
}

extension [GenerationEvent] {
    /// The events with the token that led to them, which goes with the first text among them, or with an empty one.
    func carrying(_ tokens: [GeneratedToken]) -> [GenerationEvent] {
        guard !tokens.isEmpty else { return self }
        var result = self
        for index in result.indices {
            switch result[index] {
            case .text(let chunk): result[index] = .text(TextChunk(text: chunk.text, tokens: tokens))
            case .reasoning(let chunk): result[index] = .reasoning(TextChunk(text: chunk.text, tokens: tokens))
            default: continue
            }
            return result
        }
        return [.text(TextChunk(text: "", tokens: tokens))] + result
    }
}
