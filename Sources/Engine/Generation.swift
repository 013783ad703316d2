internal import Sampling
internal import Tokenization

/// One request on its way from logits to text: the only place where tokens are chosen, shown, and counted.
///
/// A value without clocks or threads: the same logits always give the same events.
struct Generation: Sendable {
    let promptTokenIDs: [Int32]
    let options: GenerationOptions
    /// Prompt and answer together.
    let maximumTokenCount: Int
    private let tokenizer: any Tokenizer
    private var sampler: Sampler
    private var history: TokenHistory
    private var detokenizer: StreamingDetokenizer
    private var stopMatcher: StopSequenceMatcher
    private(set) var completionTokenCount = 0

    /// - Throws: `.invalidRequest` for options out of range.
    init(
        prompt: EncodedPrompt, options: GenerationOptions, contextLength: Int, tokenizer: any Tokenizer
    ) throws(EngineError) {
        promptTokenIDs = prompt.tokenIDs
        self.options = options
        self.tokenizer = tokenizer
        let answer = options.maximumTokenCount ?? Int.max
        maximumTokenCount = prompt.tokenIDs.count + min(answer, contextLength - prompt.tokenIDs.count)
        do {
            sampler = try Sampler(options: options.sampling, vocabularySize: tokenizer.vocabularySize)
        } catch { throw EngineError(error) }
        history = TokenHistory(promptTokenIDs: prompt.tokenIDs)
        detokenizer = StreamingDetokenizer(tokenizer, startsText: prompt.answerStartsText)
        stopMatcher = StopSequenceMatcher(options.stopSequences)
    }

    /// All tokens so far; their positions are their indices.
    var tokenIDs: [Int32] { history.tokenIDs }

    /// What a chosen token leads to.
    struct Outcome: Equatable {
        var chunk: TextChunk?
        var finish: Finish?
    }

    struct Finish: Equatable {
        var reason: FinishReason
        var stopSequence: String?
    }

    /// Chooses the next token.
    ///
    /// - Parameter logits: At least `[V]` of the tokenizer's tokens; what lies behind are rows that mean nothing.
    /// - Throws: `.generationFailed` for logits that are no numbers.
    mutating func accept(_ logits: Span<Float>) throws(EngineError) -> Outcome {
        let usable = logits.extracting(first: tokenizer.vocabularySize)
        let tokenID: Int32
        do { tokenID = try sampler.sample(usable, history: history) } catch { throw EngineError(error) }
        if !options.ignoresEndOfGeneration, tokenizer.isEndOfGeneration(tokenID) {
            return Outcome(chunk: finalChunk(), finish: Finish(reason: .stop, stopSequence: nil))
        }
        history.append(tokenID)
        completionTokenCount += 1
        let token = try describe(tokenID, usable)
        let text: String
        do { text = try detokenizer.append(tokenID) } catch {
            throw EngineError(code: .generationFailed, message: "\(error)")
        }
        let output = stopMatcher.append(text)
        var chunk = TextChunk(text: output.emit, tokens: [token])
        if let matched = output.matched {
            return Outcome(chunk: chunk, finish: Finish(reason: .stop, stopSequence: matched))
        }
        guard history.tokenIDs.count >= maximumTokenCount else { return Outcome(chunk: chunk, finish: nil) }
        let rest = flush()
        chunk.text += rest.text
        return Outcome(
            chunk: chunk,
            finish: Finish(reason: rest.matched == nil ? .length : .stop, stopSequence: rest.matched))
    }

    private mutating func finalChunk() -> TextChunk? {
        let rest = flush()
        return rest.text.isEmpty ? nil : TextChunk(text: rest.text, tokens: [])
    }

    /// Text that was held back for a cut character or a possible stop sequence.
    private mutating func flush() -> (text: String, matched: String?) {
        let output = stopMatcher.append(detokenizer.finish())
        if let matched = output.matched { return (output.emit, matched) }
        return (output.emit + stopMatcher.finish(), nil)
    }

    private func describe(_ tokenID: Int32, _ logits: Span<Float>) throws(EngineError) -> GeneratedToken {
        var token = GeneratedToken(tokenID: tokenID, bytes: bytes(of: tokenID))
        guard let count = options.topLogProbabilityCount else { return token }
        do {
            let probabilities = try LogProbabilities(logits: logits, chosen: tokenID, topCount: count)
            token.logProbability = probabilities.chosen.logProbability
            token.topLogProbabilities = probabilities.top.map {
                TokenLogProbability(
                    tokenID: $0.tokenID, bytes: bytes(of: $0.tokenID), logProbability: $0.logProbability)
            }
        } catch { throw EngineError(error) }
        return token
    }

    private func bytes(of tokenID: Int32) -> [UInt8] {
        guard let piece = try? tokenizer.piece(of: tokenID, special: true) else { return [] }
        return Array(piece)
    }
}
