internal import ChatTemplates
internal import Tokenization

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
        var tokenIDs = tokenizer.encode(
            segments: segments.map { TextSegment($0.text, recognizesSpecialTokens: !$0.isInput) },
            addBeginAndEnd: true)
        if tokenizer.addsEndToken, let end = tokenizer.endTokenID, tokenIDs.last == end { tokenIDs.removeLast() }
        return EncodedPrompt(tokenIDs: tokenIDs, answerStartsText: true)
    }
}
