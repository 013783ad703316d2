internal import Compute

/// How much key/value cache an engine has: tokens that one request may use, and blocks for all.
struct CachePlan: Equatable {
    let contextLength: Int
    let blockCount: Int

    /// - Throws: `.invalidRequest` for a context that the model was not made for, or that the cache or this machine cannot
    ///   hold, with what would do.
    init(
        options: EngineOptions, trainedContextLength: Int, byteCountPerToken: Int,
        usableMemoryByteCount: Int = Machine.usableMemoryByteCount
    ) throws(EngineError) {
        if let asked = options.contextLength, !(1...trainedContextLength).contains(asked) {
            throw Self.refusal(
                "a context length of \(asked) is not possible: this model was made for \(trainedContextLength) tokens")
        }
        let perToken = max(byteCountPerToken, 1), perBlock = perToken * CacheGeometry.tokensPerBlock
        if let budget = options.cacheByteCount {
            blockCount = min(budget / perBlock, Int(Int32.max))
            let room = blockCount * CacheGeometry.tokensPerBlock
            guard room > 0 else {
                throw Self.refusal("a cache of \(budget) bytes is too small: one block of it takes \(perBlock)")
            }
            guard budget <= usableMemoryByteCount else {
                throw Self.refusal(
                    "a cache of \(budget) bytes does not fit into this machine's memory of \(usableMemoryByteCount)")
            }
            contextLength = options.contextLength ?? min(trainedContextLength, room)
            guard contextLength <= room else {
                throw Self.refusal(
                    "a cache of \(budget) bytes holds \(room) tokens, not \(contextLength); a context length of "
                        + "\(room) would fit, or a cache of \(Self.blockCount(contextLength) * perBlock) bytes")
            }
            return
        }
        contextLength =
            options.contextLength
            ?? Self.defaultContextLength(
                options, trained: trainedContextLength, perToken: perToken, memory: usableMemoryByteCount)
        let (blocks, overflow) = Self.blockCount(contextLength).multipliedReportingOverflow(by: options.parallelCount)
        let room = usableMemoryByteCount / perBlock
        guard !overflow, blocks <= room else {
            throw Self.refusal(
                "the cache of \(options.parallelCount) requests of \(contextLength) tokens does not fit into this "
                    + "machine's memory; a context length of "
                    + "\(room / options.parallelCount * CacheGeometry.tokensPerBlock) would, or a cache that the "
                    + "requests share (--kv-cache-memory)")
        }
        blockCount = blocks
    }

    /// The cache of all requests together stays within half of the machine's memory.
    private static func defaultContextLength(
        _ options: EngineOptions, trained: Int, perToken: Int, memory: Int
    ) -> Int {
        let allowed = memory / 2 / max(options.parallelCount, 1)
        var length = trained
        while length > 2048, length > allowed / perToken { length /= 2 }
        return length
    }

    private static func blockCount(_ tokenCount: Int) -> Int {
        (tokenCount + CacheGeometry.tokensPerBlock - 1) / CacheGeometry.tokensPerBlock
    }

    private static func refusal(_ message: String) -> EngineError {
        EngineError(code: .invalidRequest, message: message, field: "context_length")
    }
}
