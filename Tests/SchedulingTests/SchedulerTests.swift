import Scheduling
import TestSupport
import Testing

@Suite("Scheduler")
struct SchedulerTests {
    static func scheduler(
        tokens: Int = 64, beside: Int = 8, running: Int = 2, blocks: Int = 8
    ) -> Scheduler {
        Scheduler(
            budget: StepBudget(tokenCount: tokens, promptTokenCountBesideGeneration: beside),
            maximumRunningCount: running, pool: CacheBlockPool(blockCount: blocks, tokensPerBlock: 4))
    }

    static func entry(_ id: UInt64, _ positions: Range<Int>, _ blocks: [Int32], logits: Bool) -> BatchPlan.Entry {
        BatchPlan.Entry(requestID: RequestID(id), positions: positions, blocks: blocks, wantsLogits: logits)
    }

    @Test func `an idle scheduler plans nothing`() {
        var scheduler = Self.scheduler()
        #expect(scheduler.nextPlan() == BatchPlan())
        #expect(scheduler.isIdle)
    }

    @Test func `a prompt is computed, then one token a step`() {
        var scheduler = Self.scheduler()
        scheduler.submit(RequestID(1), promptTokenCount: 5, maximumTokenCount: 8)
        #expect(scheduler.nextPlan() == BatchPlan(entries: [Self.entry(1, 0..<5, [0, 1], logits: true)]))
        scheduler.appendToken(to: RequestID(1))
        #expect(scheduler.nextPlan() == BatchPlan(entries: [Self.entry(1, 5..<6, [0, 1], logits: true)]))
        #expect(scheduler.nextPlan() == BatchPlan())  // the next token is not known yet
        scheduler.remove(RequestID(1))
        #expect(scheduler.isIdle && scheduler.usedBlockCount == 0)
    }

    @Test func `a long prompt comes in slices, and only the last asks for logits`() {
        var scheduler = Self.scheduler(tokens: 6)
        scheduler.submit(RequestID(1), promptTokenCount: 14, maximumTokenCount: 15)
        #expect(scheduler.nextPlan().entries == [Self.entry(1, 0..<6, [0, 1], logits: false)])
        #expect(scheduler.nextPlan().entries == [Self.entry(1, 6..<12, [0, 1, 2], logits: false)])
        #expect(scheduler.nextPlan().entries == [Self.entry(1, 12..<14, [0, 1, 2, 3], logits: true)])
    }

    @Test func `running streams go first, and a prompt beside them takes a bounded slice`() {
        var scheduler = Self.scheduler(tokens: 64, beside: 3)
        scheduler.submit(RequestID(1), promptTokenCount: 2, maximumTokenCount: 8)
        _ = scheduler.nextPlan()
        scheduler.appendToken(to: RequestID(1))
        scheduler.submit(RequestID(2), promptTokenCount: 10, maximumTokenCount: 12)
        #expect(
            scheduler.nextPlan().entries == [
                Self.entry(1, 2..<3, [0], logits: true), Self.entry(2, 0..<3, [1], logits: false),
            ])
    }

    @Test func `requests wait for a free place in order of arrival`() {
        var scheduler = Self.scheduler(running: 1)
        for id in 1...3 { scheduler.submit(RequestID(UInt64(id)), promptTokenCount: 1, maximumTokenCount: 2) }
        #expect(scheduler.nextPlan().entries.map(\.requestID) == [RequestID(1)])
        #expect(scheduler.waitingCount == 2)
        scheduler.remove(RequestID(2))  // hangs up while it waits
        scheduler.remove(RequestID(1))
        #expect(scheduler.nextPlan().entries.map(\.requestID) == [RequestID(3)])
    }

    @Test func `a request waits until its whole length fits beside the others`() {
        var scheduler = Self.scheduler(running: 4, blocks: 4)
        scheduler.submit(RequestID(1), promptTokenCount: 1, maximumTokenCount: 12)  // 3 of 4 blocks
        scheduler.submit(RequestID(2), promptTokenCount: 1, maximumTokenCount: 8)  // 2 blocks
        #expect(scheduler.nextPlan().entries.map(\.requestID) == [RequestID(1)])
        scheduler.remove(RequestID(1))
        #expect(scheduler.nextPlan().entries.map(\.requestID) == [RequestID(2)])
    }

    @Test(arguments: 0..<20)
    func `in random company every sequence is computed once, in order, in blocks of its own`(_ seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        func random(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
        var scheduler = Self.scheduler(
            tokens: random(1...20), beside: random(1...8), running: random(1...5), blocks: random(16...40))
        var left: [RequestID: (computed: Int, prompt: Int, maximum: Int)] = [:]
        for id in 0..<UInt64(30) {
            let maximum = random(2...60), prompt = random(1...maximum)
            left[RequestID(id)] = (0, prompt, maximum)
            scheduler.submit(RequestID(id), promptTokenCount: prompt, maximumTokenCount: maximum)
        }
        var steps = 0
        while !left.isEmpty {
            steps += 1
            guard steps < 100_000 else {
                Issue.record("stuck with \(left.count) requests")
                return
            }
            let plan = scheduler.nextPlan()
            #expect(!plan.entries.isEmpty && plan.tokenCount <= scheduler.budget.tokenCount)
            let blocks = plan.entries.flatMap(\.blocks)
            #expect(Set(blocks).count == blocks.count, "two sequences share a block")
            for entry in plan.entries {
                guard var request = left[entry.requestID] else {
                    Issue.record("request \(entry.requestID) is done")
                    return
                }
                #expect(
                    entry.positions.lowerBound == request.computed
                        && entry.blocks.count * 4 >= entry.positions.upperBound)
                request.computed = entry.positions.upperBound
                left[entry.requestID] = request
                #expect(entry.wantsLogits == (request.computed >= request.prompt))
                guard entry.wantsLogits else { continue }
                if request.computed == request.maximum || random(0...50) == 0 {
                    scheduler.remove(entry.requestID)
                    left[entry.requestID] = nil
                } else {
                    scheduler.appendToken(to: entry.requestID)
                }
            }
        }
        #expect(scheduler.isIdle && scheduler.usedBlockCount == 0)
    }
}

@Suite("Cache blocks")
struct CacheBlockPoolTests {
    @Test func `blocks are handed out lowest first, and all or none`() {
        var pool = CacheBlockPool(blockCount: 3, tokensPerBlock: 4)
        var table: [Int32] = []
        #expect(pool.extend(&table, toHold: 5) && table == [0, 1])
        #expect(pool.extend(&table, toHold: 8) && table == [0, 1])
        #expect(!pool.extend(&table, toHold: 13) && table == [0, 1] && pool.freeCount == 1)
        pool.release(table)
        #expect(pool.freeCount == 3)
        var next: [Int32] = []
        #expect(pool.extend(&next, toHold: 12) && next == [0, 1, 2])
    }
}
