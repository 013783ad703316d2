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

    /// A prompt like no other.
    static func tokens(_ count: Int) -> [Int32] { (0..<Int32(count)).map { $0 + Int32(count) * 1000 } }

    @Test func `an idle scheduler plans nothing`() {
        var scheduler = Self.scheduler()
        #expect(scheduler.nextPlan() == BatchPlan())
        #expect(scheduler.isIdle)
    }

    @Test func `a prompt is computed, then one token a step`() {
        var scheduler = Self.scheduler()
        scheduler.submit(RequestID(1), promptTokenIDs: Self.tokens(5), maximumTokenCount: 8)
        #expect(scheduler.nextPlan() == BatchPlan(entries: [Self.entry(1, 0..<5, [0, 1], logits: true)]))
        scheduler.append(9, to: RequestID(1))
        #expect(scheduler.nextPlan() == BatchPlan(entries: [Self.entry(1, 5..<6, [0, 1], logits: true)]))
        #expect(scheduler.nextPlan() == BatchPlan())  // the next token is not known yet
        scheduler.remove(RequestID(1))
        #expect(scheduler.isIdle && scheduler.usedBlockCount == 0)
    }

    @Test func `a long prompt comes in slices, and only the last asks for logits`() {
        var scheduler = Self.scheduler(tokens: 6)
        scheduler.submit(RequestID(1), promptTokenIDs: Self.tokens(14), maximumTokenCount: 15)
        #expect(scheduler.nextPlan().entries == [Self.entry(1, 0..<6, [0, 1], logits: false)])
        #expect(scheduler.nextPlan().entries == [Self.entry(1, 6..<12, [0, 1, 2], logits: false)])
        #expect(scheduler.nextPlan().entries == [Self.entry(1, 12..<14, [0, 1, 2, 3], logits: true)])
    }

    @Test func `running streams go first, and a prompt beside them takes a bounded slice`() {
        var scheduler = Self.scheduler(tokens: 64, beside: 3)
        scheduler.submit(RequestID(1), promptTokenIDs: Self.tokens(2), maximumTokenCount: 8)
        _ = scheduler.nextPlan()
        scheduler.append(9, to: RequestID(1))
        scheduler.submit(RequestID(2), promptTokenIDs: Self.tokens(10), maximumTokenCount: 12)
        #expect(
            scheduler.nextPlan().entries == [
                Self.entry(1, 2..<3, [0], logits: true), Self.entry(2, 0..<3, [1], logits: false),
            ])
    }

    @Test func `requests wait for a free place in order of arrival`() {
        var scheduler = Self.scheduler(running: 1)
        for id in 1...3 {
            scheduler.submit(RequestID(UInt64(id)), promptTokenIDs: Self.tokens(1), maximumTokenCount: 2)
        }
        #expect(scheduler.nextPlan().entries.map(\.requestID) == [RequestID(1)])
        #expect(scheduler.waitingCount == 2)
        scheduler.remove(RequestID(2))  // hangs up while it waits
        scheduler.remove(RequestID(1))
        #expect(scheduler.nextPlan().entries.map(\.requestID) == [RequestID(3)])
    }

    @Test func `a request waits until its prompt fits beside the others`() {
        var scheduler = Self.scheduler(running: 4, blocks: 4)
        scheduler.submit(RequestID(1), promptTokenIDs: Self.tokens(9), maximumTokenCount: 12)  // 3 of 4 blocks
        scheduler.submit(RequestID(2), promptTokenIDs: Self.tokens(6), maximumTokenCount: 8)  // 2 blocks
        #expect(scheduler.nextPlan().entries.map(\.requestID) == [RequestID(1)])
        scheduler.remove(RequestID(1))
        #expect(scheduler.nextPlan().entries.map(\.requestID) == [RequestID(2)])
    }

    /// The order in which requests that arrive one after the other run, one at a time.
    static func order(_ turns: [Turn]) -> [Int] {
        var scheduler = Self.scheduler(running: 1)
        for (id, turn) in turns.enumerated() {
            scheduler.submit(RequestID(UInt64(id)), promptTokenIDs: [1], maximumTokenCount: 2, turn: turn)
        }
        var order: [Int] = []
        while let entry = scheduler.nextPlan().entries.first {
            order.append(Int(entry.requestID.rawValue))
            scheduler.remove(entry.requestID)
        }
        return order
    }

    @Test func `clients take turns`() {
        let a = Turn(client: "a"), b = Turn(client: "b"), c = Turn(client: "c")
        #expect(Self.order([a, a, a, a, b, b, c]) == [0, 4, 6, 1, 5, 2, 3])
        #expect(Self.order(Array(repeating: a, count: 5)) == [0, 1, 2, 3, 4])
    }

    @Test func `a smaller priority goes first, whoever had the last turn`() {
        #expect(
            Self.order([
                Turn(client: "a"), Turn(client: "a", priority: 5), Turn(client: "b"), Turn(client: "a", priority: -1),
            ]) == [3, 2, 0, 1])
    }

    @Test func `the youngest gives its place back when the cache is full, and goes on from the same tokens`() {
        var scheduler = Self.scheduler(running: 2, blocks: 4)
        scheduler.submit(RequestID(1), promptTokenIDs: [1], maximumTokenCount: 16)
        scheduler.submit(RequestID(2), promptTokenIDs: [2], maximumTokenCount: 16)
        var lengths: [RequestID: Int] = [RequestID(1): 1, RequestID(2): 1]
        while scheduler.preemptionCount == 0 {
            for entry in scheduler.nextPlan().entries {
                scheduler.append(5, to: entry.requestID)
                lengths[entry.requestID, default: 0] += 1
            }
        }
        #expect(scheduler.runningCount == 1 && scheduler.waitingCount == 1)
        scheduler.remove(RequestID(1))
        let entry = scheduler.nextPlan().entries.first
        // The first block it had was not needed by the other: only what lies behind it is computed again.
        #expect(entry == Self.entry(2, 4..<9, entry?.blocks ?? [], logits: true) && lengths[RequestID(2)] == 9)
        #expect(scheduler.reusedTokenCount(of: RequestID(2)) == 0)  // its own tokens are no find in the prompt
    }

    @Test func `a prompt that was there before costs one block at most`() {
        var scheduler = Self.scheduler(running: 4, blocks: 16)
        scheduler.submit(RequestID(1), promptTokenIDs: Self.tokens(12), maximumTokenCount: 13)
        let first = scheduler.nextPlan().entries
        #expect(first.map(\.positions) == [0..<12])
        scheduler.remove(RequestID(1))
        #expect(scheduler.usedBlockCount == 0 && scheduler.idleBlockCount == 3)
        scheduler.submit(RequestID(2), promptTokenIDs: Self.tokens(12), maximumTokenCount: 13)
        let second = scheduler.nextPlan().entries
        #expect(second.map(\.positions) == [8..<12] && second[0].blocks.prefix(2) == first[0].blocks.prefix(2))
        #expect(scheduler.reusedTokenCount(of: RequestID(2)) == 8)
    }

    @Test func `what a failed request left is not found again`() {
        var scheduler = Self.scheduler(running: 4, blocks: 16)
        for id in 1...2 {
            scheduler.submit(RequestID(UInt64(id)), promptTokenIDs: Self.tokens(12), maximumTokenCount: 13)
            #expect(scheduler.nextPlan().entries.map(\.positions) == [0..<12])
            scheduler.remove(RequestID(UInt64(id)), forgetting: true)
            #expect(scheduler.idleBlockCount == 0)
        }
    }

    @Test func `prefixes that nobody uses can be dropped, and those in use stay`() {
        var scheduler = Self.scheduler()
        for id: UInt64 in [1, 2] {
            scheduler.submit(RequestID(id), promptTokenIDs: Self.tokens(5 + Int(id)), maximumTokenCount: 8)
        }
        _ = scheduler.nextPlan()
        scheduler.remove(RequestID(1))
        #expect(scheduler.idleBlockCount == 1 && scheduler.usedBlockCount == 2)
        // Blocks 2 and 3 are in use by the second request.
        #expect(scheduler.dropIdleBlocks() == [0..<2, 4..<8])
        #expect(scheduler.idleBlockCount == 0 && scheduler.usedBlockCount == 2)
        #expect(scheduler.dropIdleBlocks() == [0..<2, 4..<8])
        scheduler.submit(RequestID(3), promptTokenIDs: Self.tokens(6), maximumTokenCount: 8)
        scheduler.append(9, to: RequestID(2))
        #expect(
            scheduler.nextPlan()
                == BatchPlan(entries: [
                    Self.entry(2, 7..<8, [2, 3], logits: true), Self.entry(3, 0..<6, [0, 1], logits: true),
                ]))
    }

    @Test func `a halved budget makes the steps to come smaller`() {
        var scheduler = Self.scheduler(tokens: 8)
        scheduler.submit(RequestID(1), promptTokenIDs: Self.tokens(20), maximumTokenCount: 21)
        #expect(scheduler.nextPlan().tokenCount == 8)
        scheduler.budget = scheduler.budget.halved
        #expect(scheduler.nextPlan().tokenCount == 4)
        #expect(
            StepBudget(tokenCount: 1, promptTokenCountBesideGeneration: 1).halved
                == StepBudget(tokenCount: 1, promptTokenCountBesideGeneration: 1))
    }

    @Test func `the same prompt twice at once is computed together only until the first step is over`() {
        var scheduler = Self.scheduler(tokens: 16, beside: 16, running: 2, blocks: 32)
        for id in 1...2 {
            scheduler.submit(RequestID(UInt64(id)), promptTokenIDs: Self.tokens(40), maximumTokenCount: 41)
        }
        #expect(scheduler.nextPlan().entries.map(\.positions) == [0..<16])
        #expect(scheduler.nextPlan().entries.map(\.positions) == [16..<32])
        #expect(scheduler.nextPlan().entries.map(\.positions) == [32..<40, 32..<40])
        #expect(scheduler.usedBlockCount == 12)
    }

    @Test(arguments: 0..<60)
    func `in random company every token is computed on top of exactly the tokens before it`(_ seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        func random(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
        var scheduler = Self.scheduler(
            tokens: random(1...20), beside: random(1...8), running: random(1...6), blocks: random(16...24))
        var memory = SimulatedCache()
        var left: [RequestID: (tokens: [Int32], maximum: Int)] = [:]
        // Few different tokens, so that prompts often begin alike.
        func token() -> Int32 { Int32(random(0...9) == 0 ? 1 : 0) }
        for id in 0..<UInt64(40) {
            let maximum = random(2...60), prompt = (0..<random(1...maximum)).map { _ in token() }
            left[RequestID(id)] = (prompt, maximum)
            scheduler.submit(RequestID(id), promptTokenIDs: prompt, maximumTokenCount: maximum)
        }
        var steps = 0
        while !left.isEmpty {
            steps += 1
            guard steps < 20_000 else {
                Issue.record("stuck with \(left.count) requests")
                return
            }
            let plan = scheduler.nextPlan()
            #expect(!plan.entries.isEmpty && plan.tokenCount <= scheduler.budget.tokenCount)
            #expect(Set(plan.entries.map(\.requestID)).count == plan.entries.count)
            let known = left
            memory.compute(plan) { known[$0]?.tokens ?? [] }
            for entry in plan.entries {
                guard let request = left[entry.requestID] else {
                    Issue.record("request \(entry.requestID) is done")
                    return
                }
                #expect(entry.wantsLogits == (entry.positions.upperBound == request.tokens.count))
                guard entry.wantsLogits else { continue }
                if request.tokens.count == request.maximum || random(0...50) == 0 {
                    scheduler.remove(entry.requestID, forgetting: random(0...9) == 0)
                    left[entry.requestID] = nil
                } else {
                    let next = token()
                    scheduler.append(next, to: entry.requestID)
                    left[entry.requestID]?.tokens.append(next)
                }
            }
        }
        #expect(scheduler.isIdle && scheduler.usedBlockCount == 0)
    }
}

/// Cache memory in which each slot holds, instead of a key and a value, all the tokens that these would depend on.
struct SimulatedCache {
    private var slots: [Int32: [[Int32]]] = [:]

    /// Checks that every token finds the ones before it, and that no two sequences write to one block.
    mutating func compute(_ plan: BatchPlan, tokens: (RequestID) -> [Int32]) {
        var written: Set<Int32> = []
        for entry in plan.entries {
            let tokens = tokens(entry.requestID)
            let first = entry.positions.lowerBound / 4, last = (entry.positions.upperBound - 1) / 4
            #expect(entry.blocks.count > last && Set(entry.blocks).count == entry.blocks.count)
            for block in entry.blocks[first...last] { #expect(written.insert(block).inserted) }
            for position in 0..<entry.positions.lowerBound {
                let slot = slots[entry.blocks[position / 4]]?[position % 4]
                #expect(slot == Array(tokens[...position]), "position \(position) of \(entry.requestID)")
            }
        }
        for entry in plan.entries {
            let tokens = tokens(entry.requestID)
            #expect(Set(entry.blocks[..<(entry.positions.lowerBound / 4)]).isDisjoint(with: written))
            for position in entry.positions {
                slots[entry.blocks[position / 4], default: Array(repeating: [], count: 4)][position % 4] =
                    Array(tokens[...position])
            }
        }
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

    @Test func `the block used longest ago goes first, and of one text its end`() throws {
        var pool = CacheBlockPool(blockCount: 4, tokensPerBlock: 2)
        func text(_ tokens: [Int32], keep: Bool = false) -> [Int32] {
            var table: [Int32] = []
            #expect(pool.extend(&table, toHold: tokens.count))
            var prefix = PrefixID.empty
            for (index, start) in stride(from: 0, to: tokens.count, by: 2).enumerated() {
                (table[index], prefix) = pool.publish(table[index], holding: tokens[start..<start + 2], behind: prefix)
            }
            if !keep { pool.release(table) }
            return table
        }
        let first = text([1, 1, 2, 2]), second = text([3, 3, 4, 4])
        #expect(pool.freeCount == 4 && pool.idleCount == 4 && pool.evictionCount == 0)
        let again = pool.take([1, 1], behind: .empty)  // used again: now the youngest
        pool.release([try #require(again).block])
        var table: [Int32] = []
        #expect(pool.extend(&table, toHold: 6) && table == [first[1], second[1], second[0]])
        let gone = pool.take([3, 3], behind: .empty), kept = pool.take([1, 1], behind: .empty)
        #expect(pool.evictionCount == 3 && gone == nil && kept?.block == first[0])
    }

    @Test func `equal blocks become one`() {
        var pool = CacheBlockPool(blockCount: 2, tokensPerBlock: 2)
        var a: [Int32] = [], b: [Int32] = []
        #expect(pool.extend(&a, toHold: 2) && pool.extend(&b, toHold: 2) && a != b)
        let first = pool.publish(a[0], holding: [7, 8], behind: .empty)
        let second = pool.publish(b[0], holding: [7, 8], behind: .empty)
        #expect(first == second && first.block == a[0] && pool.usedCount == 1)
        pool.release([first.block])
        #expect(pool.usedCount == 1)
        pool.release([second.block])
        #expect(pool.usedCount == 0 && pool.idleCount == 1)
    }
}
