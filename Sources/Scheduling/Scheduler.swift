/// Decides what each step computes: one token of every sequence that generates, then slices of prompts in order of arrival.
///
/// It knows tokens as numbers only; the same calls always give the same plans. A request is admitted when the tokens it has
/// fit into the cache; where those that run outgrow it, the youngest gives its place back, and goes on later from the same
/// tokens. The oldest always goes on, so that every request ends.
package struct Scheduler: Sendable {
    /// Of the steps to come.
    package var budget: StepBudget
    package let maximumRunningCount: Int
    /// How often a request gave its place back.
    package private(set) var preemptionCount = 0
    private var pool: CacheBlockPool
    private var waiting = WaitingQueue()
    /// In order of arrival.
    private var running: [ScheduledSequence] = []

    package init(budget: StepBudget, maximumRunningCount: Int, pool: CacheBlockPool) {
        self.budget = budget
        self.maximumRunningCount = maximumRunningCount
        self.pool = pool
    }

    package var runningCount: Int { running.count }
    package var waitingCount: Int { waiting.count }
    package var isIdle: Bool { running.isEmpty && waiting.isEmpty }
    package var blockCount: Int { pool.blockCount }
    package var usedBlockCount: Int { pool.usedCount }
    package var idleBlockCount: Int { pool.idleCount }
    package var evictionCount: Int { pool.evictionCount }

    /// Adds a request to those that wait. Identifiers grow in order of arrival.
    ///
    /// - Parameters:
    ///   - maximumTokenCount: Prompt and answer together.
    ///   - turn: Whose it is, and how urgent.
    /// - Precondition: That many tokens fit into an empty cache, and the prompt has at least one.
    package mutating func submit(
        _ requestID: RequestID, promptTokenIDs: [Int32], maximumTokenCount: Int, turn: Turn = Turn()
    ) {
        precondition(
            !promptTokenIDs.isEmpty && promptTokenIDs.count <= maximumTokenCount
                && pool.blockCount(holding: maximumTokenCount) <= pool.blockCount,
            "Scheduler: \(promptTokenIDs.count) of \(maximumTokenCount) tokens in \(pool.blockCount) blocks")
        waiting.append(ScheduledSequence(requestID: requestID, tokens: promptTokenIDs, turn: turn))
    }

    /// The next step. Its tokens count as computed from now on.
    package mutating func nextPlan() -> BatchPlan {
        for index in running.indices { running[index].publish(&pool) }
        admit()
        var plan = BatchPlan()
        planGeneration(&plan)
        var left = budget.tokenCount - plan.tokenCount
        if !plan.entries.isEmpty { left = min(left, budget.promptTokenCountBesideGeneration) }
        planPrompts(&plan, tokenCount: left)
        return plan
    }

    /// A token was chosen for a request whose logits the last plan wanted.
    package mutating func append(_ tokenID: Int32, to requestID: RequestID) {
        guard let index = running.firstIndex(where: { $0.requestID == requestID }) else { return }
        running[index].tokens.append(tokenID)
    }

    /// Tokens of a running request's prompt that were not computed, since the cache had them.
    package func reusedTokenCount(of requestID: RequestID) -> Int {
        running.first { $0.requestID == requestID }?.reusedTokenCount ?? 0
    }

    /// The request is done, failed or cancelled: its place and blocks are free.
    ///
    /// - Parameter forgetting: What was computed for it cannot be trusted, and is not found again.
    package mutating func remove(_ requestID: RequestID, forgetting: Bool = false) {
        if let index = running.firstIndex(where: { $0.requestID == requestID }) {
            var sequence = running.remove(at: index)
            if forgetting { pool.forget(sequence.blocks) } else { sequence.publish(&pool) }
            sequence.release(&pool)
        }
        waiting.remove(requestID)
    }

    /// Forgets every prefix that no request uses.
    ///
    /// - Returns: All cache blocks that hold nothing now, as ascending runs.
    package mutating func dropIdleBlocks() -> [Range<Int32>] { pool.dropIdle() }

    // MARK: Admission and preemption

    /// Lets requests in while there is room for all their tokens beside what those that run still have to compute, and for
    /// one more block each: without that, whoever comes in would soon push somebody out.
    private mutating func admit() {
        while running.count < maximumRunningCount, var next = waiting.next(beside: running) {
            next.reuse(&pool)
            let outstanding = running.reduce(0) { $0 + pool.blockCount(holding: $1.tokens.count) - $1.blocks.count }
            let needed = pool.blockCount(holding: next.tokens.count + 1) - next.blocks.count
            guard running.isEmpty || needed + outstanding + running.count <= pool.freeCount else {
                pool.release(next.blocks)
                return
            }
            waiting.admit(next)
            let place = running.firstIndex { $0.requestID > next.requestID } ?? running.endIndex
            running.insert(next, at: place)
        }
    }

    /// Finds room for the next `count` tokens of a sequence, at the cost of those that came after it.
    ///
    /// - Returns: False where the sequence itself was the youngest, and had to go.
    private mutating func makeRoom(for count: Int, at index: Int) -> Bool {
        while !pool.extend(&running[index].blocks, toHold: running[index].computedCount + count) {
            guard var youngest = running.popLast() else { return false }
            preemptionCount += 1
            youngest.release(&pool)
            waiting.append(youngest)
            if index == running.endIndex { return false }
        }
        return true
    }

    // MARK: The parts of a step

    private mutating func planGeneration(_ plan: inout BatchPlan) {
        var index = 0
        while index < running.count, plan.entries.count < budget.tokenCount {
            if running[index].pendingCount == 1, running[index].computedCount > 0, makeRoom(for: 1, at: index) {
                plan.entries.append(take(1, at: index))
            }
            index += 1
        }
    }

    private mutating func planPrompts(_ plan: inout BatchPlan, tokenCount: Int) {
        var left = tokenCount
        for index in running.indices where left > 0 && running[index].pendingCount > 0 {
            running[index].reuse(&pool)
            let count = min(running[index].pendingCount, left)
            // Without room it waits: those that generate leave or are pushed out.
            guard pool.extend(&running[index].blocks, toHold: running[index].computedCount + count) else { continue }
            plan.entries.append(take(count, at: index))
            left -= count
        }
    }

    private mutating func take(_ count: Int, at index: Int) -> BatchPlan.Entry {
        let start = running[index].computedCount, end = start + count
        running[index].computedCount = end
        return BatchPlan.Entry(
            requestID: running[index].requestID, positions: start..<end, blocks: running[index].blocks,
            wantsLogits: end == running[index].tokens.count)
    }
}
