import ChatTemplates

/// What has been said so far.
struct Conversation {
    /// Stand before everything else; empty text is none.
    var instructions: String?
    private var messages: [ChatMessage] = []

    init(instructions: String?) { self.instructions = instructions }

    mutating func clear() { messages = [] }

    func messages(followedBy text: String) -> [ChatMessage] {
        let first = instructions.flatMap { $0.isEmpty ? nil : [ChatMessage(role: .system, content: $0)] } ?? []
        return first + messages + [ChatMessage(role: .user, content: text)]
    }

    mutating func append(_ text: String, answer: Answer) {
        messages.append(ChatMessage(role: .user, content: text))
        messages.append(
            ChatMessage(
                role: .assistant, content: answer.text, reasoning: answer.reasoning.isEmpty ? nil : answer.reasoning))
    }
}
