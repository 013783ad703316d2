/// The tokens before the one to be chosen: the prompt's and the answer's so far.
package struct TokenHistory: Sendable {
    /// Prompt and answer, in order.
    package private(set) var tokenIDs: [Int32]
    package let promptTokenCount: Int
    /// How often each token occurs in the answer. Its order has no meaning; users treat each entry on its own.
    package private(set) var answerCounts: [Int32: Int] = [:]

    package init(promptTokenIDs: [Int32]) {
        tokenIDs = promptTokenIDs
        promptTokenCount = promptTokenIDs.count
    }

    /// Adds a token of the answer.
    package mutating func append(_ tokenID: Int32) {
        tokenIDs.append(tokenID)
        answerCounts[tokenID, default: 0] += 1
    }
}
