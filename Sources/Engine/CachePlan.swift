internal import Compute

/// How much key/value cache an engine has: tokens that one request may use, and blocks for all.
package struct CachePlan: Equatable, Sendable {
    package let contextLength: Int
    package let blockCount: Int

    /// - Throws: `.invalidRequest` for a context that the model was not made for, or that the cache or this machine cannot
    ///   hold, with what would do.
    ///
    /// - Parameters:
    ///   - residentByteCount: What the model needs beside the cache and cannot be dropped as pages of a mapped file can:
    ///     activations, and weights that were quantized while they were loaded.
    ///   - usableMemoryByteCount: Of the machine, or what a control group grants of it.
    package init(
        options: EngineOptions, trainedContextLength: Int, byteCountPerToken: Int, residentByteCount: Int,
        usableMemoryByteCount: Int = Machine.usableMemoryByteCount
    ) throws(EngineError) {
        if let asked = options.contextLength, !(1...trainedContextLength).contains(asked) {
            throw Self.refusal(
                "a context length of \(asked) is not possible: this model was made for \(trainedContextLength) tokens")
        }
        let perToken = max(byteCountPerToken, 1), perBlock = perToken * CacheGeometry.tokensPerBlock
        let memory = usableMemoryByteCount - residentByteCount
        guard memory >= perBlock else {
            throw Self.refusal(
                "the model needs \(residentByteCount) bytes beside its cache, and the cache \(perBlock) at least, but this "
                    + "machine has \(usableMemoryByteCount)")
        }
        if let budget = options.cacheByteCount {
            blockCount = min(budget / perBlock, Int(Int32.max))
            let room = blockCount * CacheGeometry.tokensPerBlock
            guard room > 0 else {
                throw Self.refusal("a cache of \(budget) bytes is too small: one block of it takes \(perBlock)")
            }
            guard budget <= memory else {
                throw Self.refusal(
                    "a cache of \(budget) bytes does not fit into this machine's memory of \(usableMemoryByteCount) beside "
                        + "the \(residentByteCount) that the model needs; \(memory / perBlock * perBlock) bytes would")
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
                options, trained: trainedContextLength, perToken: perToken, memory: memory)
        let (blocks, overflow) = Self.blockCount(contextLength).multipliedReportingOverflow(by: options.parallelCount)
        let room = memory / perBlock
        guard !overflow, blocks <= room else {
            throw Self.refusal(
                "the cache of \(options.parallelCount) requests of \(contextLength) tokens does not fit into this "
                    + "machine's memory of \(usableMemoryByteCount) bytes; a context length of "
                    + "\(room / options.parallelCount * CacheGeometry.tokensPerBlock) would, or a cache that the "
                    + "requests share (--kv-cache-memory)")
        }
        blockCount = blocks
    }

    /// Of the whole cache; `byteCountPerToken` as it was planned with.
    func byteCount(perToken byteCountPerToken: Int) -> Int {
        blockCount * CacheGeometry.tokensPerBlock * max(byteCountPerToken, 1)
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
