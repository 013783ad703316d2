internal import TransformerModels

/// A request in the hands of the engine's thread, with the times of its way.
struct ActiveRequest {
    var generation: Generation
    let admission: AdmissionOptions
    let events: EngineLoop.Events
    let submitted: ContinuousClock.Instant
    private(set) var phase = RequestPhase.queued
    private(set) var firstToken: ContinuousClock.Instant?
    private var lastToken: ContinuousClock.Instant?
    /// Tokens of the prompt that the cache had.
    var reusedTokenCount = 0
    private(set) var trace: GenerationTrace?

    init(_ submission: EngineLoop.Submission) {
        generation = submission.generation
        admission = submission.admission
        events = submission.events
        submitted = submission.time
        trace = generation.options.traceLevel.map { GenerationTrace(level: $0) }
    }

    /// A step begins that computes something for it.
    mutating func noteStep(_ statistics: inout EngineStatistics, at now: ContinuousClock.Instant) {
        guard phase == .queued else { return }
        phase = .prefill
        statistics.queueWaits.record(now - submitted)
    }

    /// A step is over that computed `tokenCount` of its tokens.
    mutating func noteTrace(
        of tokenCount: Int, in batch: Batch, from start: ContinuousClock.Instant, to end: ContinuousClock.Instant,
        _ timer: ForwardTimer?
    ) {
        guard trace != nil else { return }
        let step = GenerationTrace.Step(
            time: start - submitted, duration: end - start, tokenCount: tokenCount,
            batchTokenCount: batch.tokenIDs.count, batchRequestCount: batch.sequences.count)
        trace?.append(step, timer)
    }

    /// A token was chosen.
    mutating func noteToken() {
        guard trace != nil else { return }
        let time = ContinuousClock.now - submitted
        trace?.appendToken(at: time)
    }

    /// Its next token's logits are there.
    mutating func noteLogits(_ statistics: inout EngineStatistics, at now: ContinuousClock.Instant) {
        if let lastToken {
            statistics.tokenIntervals.record(now - lastToken)
        } else {
            phase = .decode
            firstToken = now
            statistics.firstTokenWaits.record(now - submitted)
        }
        lastToken = now
    }

    /// It ends as its generation says.
    func summary(_ end: Generation.Finish, at now: ContinuousClock.Instant) -> GenerationSummary {
        let first = firstToken ?? now
        return GenerationSummary(
            finishReason: end.reason, stopSequence: end.stopSequence,
            promptTokenCount: generation.promptTokenIDs.count, cachedPromptTokenCount: reusedTokenCount,
            completionTokenCount: generation.completionTokenCount, prefillDuration: first - submitted,
            decodeDuration: now - first, trace: trace)
    }
}

extension EngineStatistics {
    mutating func noteFinished(_ summary: GenerationSummary, duration: Duration) {
        finishedCount += 1
        cachedPromptTokenCount += summary.cachedPromptTokenCount
        promptTokenCounts.record(Double(summary.promptTokenCount))
        completionTokenCounts.record(Double(summary.completionTokenCount))
        requestDurations.record(duration)
    }
}
