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
    private var assembly: AnswerAssembly
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
        assembly = AnswerAssembly(parser: prompt.parser, stopSequences: options.stopSequences)
    }

    /// All tokens so far; their positions are their indices.
    var tokenIDs: [Int32] { history.tokenIDs }

    /// What a chosen token leads to.
    struct Outcome: Equatable {
        var events: [GenerationEvent]
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
            return Outcome(events: flush(), finish: finish(assembly.stopReason))
        }
        history.append(tokenID)
        completionTokenCount += 1
        let token = try describe(tokenID, usable)
        var events = try text(of: tokenID)
        var end: Finish?
        if assembly.isFinished {
            end = finish(assembly.stopReason)
        } else if history.tokenIDs.count >= maximumTokenCount {
            events += flush()
            end = finish(assembly.matched == nil ? .length : .stop)
        }
        return Outcome(events: events.carrying([token]), finish: end)
    }

    private mutating func text(of tokenID: Int32) throws(EngineError) -> [GenerationEvent] {
        let text: String
        do { text = try detokenizer.append(tokenID) } catch {
            throw EngineError(code: .generationFailed, message: "\(error)")
        }
        let events = assembly.append(text)
        guard assembly.takesControlTokens, tokenizer.isControl(tokenID) else { return events }
        return events + assembly.append(control: String(decoding: bytes(of: tokenID), as: UTF8.self))
    }

    private func finish(_ reason: FinishReason) -> Finish { Finish(reason: reason, stopSequence: assembly.matched) }

    /// What was held back for a cut character, a possible stop sequence or a marker.
    private mutating func flush() -> [GenerationEvent] {
        assembly.append(detokenizer.finish()) + assembly.finish()
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
