/// Decides what each step computes: one token of every sequence that generates, then slices of prompts in order of arrival.
///
/// It knows numbers of tokens only; the same calls always give the same plans. A request runs only while its whole length fits
/// into the cache together with those of all others that run, so that no sequence is ever stuck half way.
package struct Scheduler: Sendable {
    package let budget: StepBudget
    package let maximumRunningCount: Int
    private var pool: CacheBlockPool
    private var waiting: [Sequence] = []
    private var running: [Sequence] = []

    /// One request's tokens: how many are known, and for how many keys and values are in the cache.
    private struct Sequence: Sendable {
        let requestID: RequestID
        let reservedBlockCount: Int
        var knownCount: Int
        var computedCount = 0
        var blocks: [Int32] = []
    }

    package init(budget: StepBudget, maximumRunningCount: Int, pool: CacheBlockPool) {
        self.budget = budget
        self.maximumRunningCount = maximumRunningCount
        self.pool = pool
    }

    package var runningCount: Int { running.count }
    package var waitingCount: Int { waiting.count }
    package var usedBlockCount: Int { pool.usedCount }
    package var blockCount: Int { pool.blockCount }
    package var isIdle: Bool { running.isEmpty && waiting.isEmpty }

    /// Adds a request at the end of the queue.
    ///
    /// - Parameter maximumTokenCount: Prompt and answer together.
    /// - Precondition: That many tokens fit into an empty cache, and the prompt has at least one.
    package mutating func submit(_ requestID: RequestID, promptTokenCount: Int, maximumTokenCount: Int) {
        let blocks = (maximumTokenCount + pool.tokensPerBlock - 1) / pool.tokensPerBlock
        precondition(
            promptTokenCount > 0 && promptTokenCount <= maximumTokenCount && blocks <= pool.blockCount,
            "Scheduler: \(promptTokenCount) of \(maximumTokenCount) tokens in \(pool.blockCount) blocks")
        waiting.append(Sequence(requestID: requestID, reservedBlockCount: blocks, knownCount: promptTokenCount))
    }

    /// The next step. Its tokens count as computed from now on.
    package mutating func nextPlan() -> BatchPlan {
        admit()
        var plan = BatchPlan()
        var left = budget.tokenCount
        let isGenerating = running.contains { $0.knownCount - $0.computedCount == 1 && $0.computedCount > 0 }
        for index in running.indices where running[index].knownCount - running[index].computedCount == 1 && left > 0 {
            plan.entries.append(take(1, at: index))
            left -= 1
        }
        if isGenerating { left = min(left, budget.promptTokenCountBesideGeneration) }
        for index in running.indices {
            let count = min(running[index].knownCount - running[index].computedCount, left)
            guard count > 0 else { continue }
            plan.entries.append(take(count, at: index))
            left -= count
        }
        return plan
    }

    /// A token was chosen for a request whose logits the last plan wanted.
    package mutating func appendToken(to requestID: RequestID) {
        guard let index = running.firstIndex(where: { $0.requestID == requestID }) else { return }
        running[index].knownCount += 1
    }

    /// The request is done, failed or cancelled: its place and blocks are free.
    package mutating func remove(_ requestID: RequestID) {
        if let index = running.firstIndex(where: { $0.requestID == requestID }) {
            pool.release(running.remove(at: index).blocks)
        }
        waiting.removeAll { $0.requestID == requestID }
    }

    private mutating func admit() {
        while running.count < maximumRunningCount, let next = waiting.first {
            let reserved = running.reduce(next.reservedBlockCount) { $0 + $1.reservedBlockCount }
            guard reserved <= pool.blockCount else { return }
            running.append(waiting.removeFirst())
        }
    }

    private mutating func take(_ count: Int, at index: Int) -> BatchPlan.Entry {
        let start = running[index].computedCount, end = start + count
        let hasRoom = pool.extend(&running[index].blocks, toHold: end)
        precondition(hasRoom, "Scheduler: blocks reserved for a sequence are missing")
        running[index].computedCount = end
        return BatchPlan.Entry(
            requestID: running[index].requestID, positions: start..<end, blocks: running[index].blocks,
            wantsLogits: end == running[index].knownCount)
    }
}
