/// One request's tokens: those that are known, those whose keys and values are in the cache, and where.
struct ScheduledSequence: Sendable {
    let requestID: RequestID
    let turn: Turn
    var tokens: [Int32]
    var computedCount = 0
    var blocks: [Int32] = []
    /// Leading blocks that are whole and that other sequences find.
    private var publishedCount = 0
    private var prefix = PrefixID.empty
    /// Tokens of the prompt that were in the cache when it was admitted.
    private(set) var reusedTokenCount = 0
    /// It has run, and gave its place back.
    private(set) var wasPreempted = false

    init(requestID: RequestID, tokens: [Int32], turn: Turn = Turn()) {
        self.requestID = requestID
        self.turn = turn
        self.tokens = tokens
    }

    var pendingCount: Int { tokens.count - computedCount }

    /// Steps over blocks that the cache has already. The last known token is always computed: its logits are wanted.
    mutating func reuse(_ pool: inout CacheBlockPool) {
        while computedCount.isMultiple(of: pool.tokensPerBlock), computedCount + pool.tokensPerBlock < tokens.count,
            let found = pool.take(tokens[computedCount..<computedCount + pool.tokensPerBlock], behind: prefix)
        {
            blocks.append(found.block)
            prefix = found.prefix
            publishedCount += 1
            computedCount += pool.tokensPerBlock
            if !wasPreempted { reusedTokenCount += pool.tokensPerBlock }
        }
    }

    /// Lets others find the blocks that have become whole.
    mutating func publish(_ pool: inout CacheBlockPool) {
        while (publishedCount + 1) * pool.tokensPerBlock <= computedCount {
            let start = publishedCount * pool.tokensPerBlock
            let now = pool.publish(
                blocks[publishedCount], holding: tokens[start..<start + pool.tokensPerBlock], behind: prefix)
            blocks[publishedCount] = now.block
            prefix = now.prefix
            publishedCount += 1
        }
    }

    /// Gives all blocks back; what was computed is found again, or computed again.
    mutating func release(_ pool: inout CacheBlockPool) {
        pool.release(blocks)
        blocks = []
        computedCount = 0
        publishedCount = 0
        prefix = .empty
        wasPreempted = true
    }
}
