/// Counters since start, gauges of this moment, and distributions.
public struct EngineStatistics: Sendable, Equatable {
    public var runningCount = 0
    public var waitingCount = 0
    public var finishedCount = 0
    public var refusedCount = 0
    public var failedCount = 0
    /// Requests whose client left, by what they were doing.
    public var cancellations: [RequestPhase: Int] = [:]
    /// Requests whose time was over, by what they were doing.
    public var timeouts: [RequestPhase: Int] = [:]
    /// Tokens of prompts that were computed.
    public var promptTokenCount = 0
    /// Tokens of prompts that were not computed, since the cache had them; of finished requests.
    public var cachedPromptTokenCount = 0
    public var generatedTokenCount = 0
    public var stepCount = 0
    public var prefillSeconds = 0.0
    public var decodeSeconds = 0.0
    public var cacheBlockCount = 0
    /// Blocks that running requests use.
    public var usedCacheBlockCount = 0
    /// Blocks that nobody uses and whose tokens would be found again.
    public var idleCacheBlockCount = 0
    /// Bytes of keys and values in one block.
    public var cacheBlockByteCount = 0
    public var evictedCacheBlockCount = 0
    /// Whether the engine makes do with less, since memory is scarce: smaller steps, no prefixes kept.
    public var isUnderMemoryPressure = false
    /// How often that began.
    public var memoryPressureCount = 0
    /// Memory that the process can still have; nil where the system does not say.
    public var availableMemoryByteCount: Int?
    /// How often a running request gave its place back, to be computed again later.
    public var preemptionCount = 0
    /// Seconds from submission to the first step that computes something for the request.
    public var queueWaits = Histogram.durations
    /// Seconds from submission to the first token.
    public var firstTokenWaits = Histogram.durations
    /// Seconds between the tokens of a request.
    public var tokenIntervals = Histogram.durations
    /// Seconds from submission to the end, of finished requests.
    public var requestDurations = Histogram.durations
    /// Seconds of each forward pass.
    public var stepDurations = Histogram.durations
    /// Requests in each forward pass.
    public var stepRequestCounts = Histogram.requestCounts
    /// Tokens in each forward pass.
    public var stepTokenCounts = Histogram.tokenCounts
    /// Tokens of the prompts of finished requests.
    public var promptTokenCounts = Histogram.tokenCounts
    /// Tokens of finished answers.
    public var completionTokenCounts = Histogram.tokenCounts

    public init() {}

    /// Bytes that all blocks take when each holds something.
    public var cacheByteCount: Int { cacheBlockCount * cacheBlockByteCount }
    /// Bytes of the blocks that hold something, in use or idle.
    public var usedCacheByteCount: Int { (usedCacheBlockCount + idleCacheBlockCount) * cacheBlockByteCount }
    public var cancelledCount: Int { cancellations.values.reduce(0, +) }
}

/// What a request is doing.
public enum RequestPhase: String, Sendable, CaseIterable {
    case queued, prefill, decode
}
