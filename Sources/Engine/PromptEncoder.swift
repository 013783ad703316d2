package import ChatTemplates
internal import Sampling
package import Tokenization

/// A prompt as token ids.
struct EncodedPrompt: Sendable {
    let tokenIDs: [Int32]
    /// Whether the answer begins a text of its own, whose first space belongs to the tokenizer.
    let answerStartsText: Bool
    /// Takes the answer of a conversation apart.
    var parser: AnswerParser?
}

extension LoadedModel {
    /// - Throws: `.invalidRequest` for ids outside the vocabulary, an empty prompt, or a conversation that the template refuses.
    func encode(_ request: GenerationRequest) throws(EngineError) -> EncodedPrompt {
        let encoded: EncodedPrompt
        switch request.prompt {
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
            encoded = try encode(messages, request.tools, request.options)
        }
        guard !encoded.tokenIDs.isEmpty else {
            throw EngineError(
                code: .invalidRequest, message: "the prompt is empty, and this model has no token that begins a text",
                field: "prompt")
        }
        return encoded
    }

    private func encode(
        _ messages: [ChatMessage], _ tools: [ToolDefinition], _ options: GenerationOptions
    ) throws(EngineError) -> EncodedPrompt {
        guard let chatTemplate else {
            throw EngineError(
                code: .invalidRequest,
                message: "\(chatTemplateProblem ?? "the model has no chat template"), so it cannot hold a "
                    + "conversation; give it text to continue instead (run --raw, /v1/completions)",
                field: "messages")
        }
        let segments = try render(messages, tools, with: chatTemplate)
        let tokenIDs = tokenizer.encode(prompt: segments)
        return EncodedPrompt(
            tokenIDs: tokenIDs, answerStartsText: true,
            parser: parser(tools, idSeed: Self.idSeed(options, tokenIDs), after: segments.last, options))
    }

    private func render(
        _ messages: [ChatMessage], _ tools: [ToolDefinition], with chatTemplate: ChatTemplate
    ) throws(EngineError) -> [PromptSegment] {
        if conventions.toolCalls == nil, !tools.isEmpty, chatTemplate.mentionsTools {
            throw EngineError(
                code: .invalidRequest,
                message: "it is not known how this model's answers call tools; start with --tool-call-parser and one "
                    + "of " + AnswerConventions.toolCallParserNames.filter { $0 != "none" }.joined(separator: ", "),
                field: "tools")
        }
        do throws(ChatTemplateError) {
            guard conventions.describesTools else {
                return try chatTemplate.render(messages: messages, tools: tools, addGenerationPrompt: true)
            }
            return try chatTemplate.render(
                messages: GenericToolPrompt.messages(messages, tools: tools), addGenerationPrompt: true)
        } catch { throw EngineError(error) }
    }

    /// nil for a model whose answers are plain text.
    private func parser(
        _ tools: [ToolDefinition], idSeed: UInt64, after last: PromptSegment?, _ options: GenerationOptions
    ) -> AnswerParser? {
        guard conventions.toolCalls != nil && !tools.isEmpty || conventions.reasoning != nil else { return nil }
        var limits = AnswerLimits()
        if let count = options.maximumToolCallCount { limits.callCount = min(count, limits.callCount) }
        // What a user wrote at the prompt's end opens nothing.
        let end = last.map { $0.isInput ? "" : $0.text } ?? ""
        return AnswerParser(
            conventions: conventions, tools: tools, prompt: end, controlTokens: controlMarkers,
            seed: idSeed, limits: limits)
    }

    /// Of the ids of an answer's calls: the same request gives the same ids, the next turn of its conversation others.
    private static func idSeed(_ options: GenerationOptions, _ tokenIDs: [Int32]) -> UInt64 {
        guard let seed = options.sampling.seed else { return .random(in: .min ... .max) }
        // FNV-1a, a token at a time.
        return tokenIDs.reduce(seed ^ 0xCBF2_9CE4_8422_2325) { hash, id in
            (hash ^ UInt64(truncatingIfNeeded: id)) &* 0x0000_0100_0000_01B3
        }
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
