/// Gathers what a parser finds into events, each as long as it can be.
struct AnswerOutput: Sendable {
    private enum Kind: Equatable { case content, reasoning, arguments }

    private var events: [AnswerEvent] = []
    private var kind = Kind.content
    private var bytes: [UInt8] = []
    private var ids: ToolCallIDs
    private let callLimit: Int
    let tools: ToolCatalog

    /// Calls that have begun.
    private(set) var callCount = 0
    /// Whether the last call that began has not ended.
    private(set) var hasOpenCall = false

    init(tools: ToolCatalog, ids: ToolCallIDs, callLimit: Int) {
        self.tools = tools
        self.ids = ids
        self.callLimit = callLimit
    }

    /// Whether no call can begin any more, and none is open.
    var isExhausted: Bool { callCount >= callLimit && !hasOpenCall }

    mutating func content(_ text: some Sequence<UInt8>) { append(text, .content) }
    mutating func reasoning(_ text: some Sequence<UInt8>) { append(text, .reasoning) }

    /// - Precondition: a call is open.
    mutating func arguments(_ text: some Sequence<UInt8>) { append(text, .arguments) }

    /// - Returns: false where the limit of calls is reached, or the name is empty; nothing has begun then.
    mutating func beginCall(name: String) -> Bool {
        precondition(!hasOpenCall, "AnswerOutput: call \(callCount) begins inside another")
        guard callCount < callLimit, !name.isEmpty else { return false }
        flush()
        events.append(.toolCall(.began(index: callCount, id: ids.next(), name: name)))
        callCount += 1
        hasOpenCall = true
        return true
    }

    /// - Precondition: a call is open.
    mutating func endCall(isComplete: Bool) {
        precondition(hasOpenCall, "AnswerOutput: no call is open")
        flush()
        events.append(.toolCall(.ended(index: callCount - 1, isComplete: isComplete)))
        hasOpenCall = false
    }

    /// The events since the last time.
    mutating func take() -> [AnswerEvent] {
        flush()
        defer { events = [] }
        return events
    }

    private mutating func append(_ text: some Sequence<UInt8>, _ kind: Kind) {
        if kind != self.kind {
            flush()
            self.kind = kind
        }
        bytes.append(contentsOf: text)
    }

    private mutating func flush() {
        guard !bytes.isEmpty else { return }
        let text = String(decoding: bytes, as: UTF8.self)
        bytes.removeAll(keepingCapacity: true)
        switch kind {
        case .content: events.append(.content(text))
        case .reasoning: events.append(.reasoning(text))
        case .arguments: events.append(.toolCall(.arguments(index: callCount - 1, fragment: text)))
        }
    }
}
