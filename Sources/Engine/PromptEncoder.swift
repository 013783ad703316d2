package import ChatTemplates
package import Tokenization

/// A prompt as token ids.
struct EncodedPrompt: Sendable {
    let tokenIDs: [Int32]
    /// Whether the answer begins a text of its own, whose first space belongs to the tokenizer.
    let answerStartsText: Bool
}

extension LoadedModel {
    /// - Throws: `.invalidRequest` for ids outside the vocabulary, an empty prompt, or a conversation that the template refuses.
    func encode(_ prompt: GenerationRequest.Prompt) throws(EngineError) -> EncodedPrompt {
        let encoded: EncodedPrompt
        switch prompt {
        case .text(let text):
            var tokenIDs = tokenizer.encode(text, special: [.recognize, .addBeginAndEnd])
            // An end token would end the text that is to be continued.
            if tokenizer.addsEndToken, let end = tokenizer.endTokenID, tokenIDs.last == end { tokenIDs.removeLast() }
            encoded = EncodedPrompt(
                tokenIDs: tokenIDs, answerStartsText: tokenIDs.allSatisfy { tokenizer.isControl($0) })
        case .tokenIDs(let tokenIDs):
            if let stranger = tokenIDs.first(where: { $0 < 0 || Int($0) >= tokenizer.vocabularySize }) {
                throw EngineError(
                    code: .invalidRequest,
                    message: "token \(stranger) is not in the vocabulary of 0...\(tokenizer.vocabularySize - 1)",
                    field: "prompt")
            }
            encoded = EncodedPrompt(
                tokenIDs: tokenIDs, answerStartsText: tokenIDs.allSatisfy { tokenizer.isControl($0) })
        case .chat(let messages):
            encoded = try encode(messages)
        }
        guard !encoded.tokenIDs.isEmpty else {
            throw EngineError(
                code: .invalidRequest, message: "the prompt is empty, and this model has no token that begins a text",
                field: "prompt")
        }
        return encoded
    }

    private func encode(_ messages: [ChatMessage]) throws(EngineError) -> EncodedPrompt {
        guard let chatTemplate else {
            throw EngineError(
                code: .invalidRequest,
                message: "\(chatTemplateProblem ?? "the model has no chat template"), so it cannot hold a "
                    + "conversation; give it text to continue instead (run --raw, /v1/completions)",
                field: "messages")
        }
        let segments: [PromptSegment]
        do {
            segments = try chatTemplate.render(messages: messages, addGenerationPrompt: true)
        } catch { throw EngineError(error) }
        return EncodedPrompt(tokenIDs: tokenizer.encode(prompt: segments), answerStartsText: true)
    }
}

extension Tokenizer {
    /// The ids of a prompt that a chat template made. Only text of the template becomes control tokens; what clients wrote is
    /// plain text, whatever it looks like.
    ///
    /// The begin token is added where the model wants one and the template has none; the end token never is, as the answer
    /// goes on.
    package func encode(prompt segments: [PromptSegment]) -> [Int32] {
        var tokenIDs = encode(
            segments: segments.map { TextSegment($0.text, recognizesSpecialTokens: !$0.isInput) },
            addBeginAndEnd: true)
        if addsEndToken, let end = endTokenID, tokenIDs.last == end { tokenIDs.removeLast() }
        return tokenIDs
    }
}
