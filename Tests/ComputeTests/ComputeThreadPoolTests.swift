import Compute
import Synchronization
import Testing

@Suite("Worker pool")
struct ComputeThreadPoolTests {
    /// How often each item ran.
    final class Tally: Sendable {
        let counts: Mutex<[Int]>
        init(_ count: Int) { counts = Mutex(Array(repeating: 0, count: count)) }
        func add(_ item: Int) { counts.withLock { $0[item] += 1 } }
    }

    @Test(.timeLimit(.minutes(1)), arguments: [1, 2, 5], [0, 1, 2, 3, 64, 1000])
    func `runs every item exactly once`(threads: Int, items: Int) {
        let pool = ComputeThreadPool(threadCount: threads, pinned: false)
        for _ in 0..<20 {
            let tally = Tally(items)
            pool.forEach(items) { tally.add($0) }
            #expect(tally.counts.withLock { $0 } == Array(repeating: 1, count: items))
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `wakes workers that have gone to sleep`() async throws {
        let pool = ComputeThreadPool(threadCount: 3, pinned: false)
        for _ in 0..<5 {
            try await Task.sleep(for: .milliseconds(20))  // spins are over by then
            let tally = Tally(100)
            pool.forEach(100) { tally.add($0) }
            #expect(tally.counts.withLock { $0.reduce(0, +) } == 100)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a hundred thousand small calls lose nothing`() {
        let pool = ComputeThreadPool(threadCount: 2, pinned: false)
        let sum = Atomic<Int>(0)
        for _ in 0..<100_000 { pool.forEach(3) { sum.add($0 + 1, ordering: .relaxed) } }
        #expect(sum.load(ordering: .relaxed) == 600_000)
    }

    @Test(.timeLimit(.minutes(1)))
    func `more items than a ticket can number all run`() {
        let pool = ComputeThreadPool(threadCount: 2, pinned: false)
        let sum = Atomic<Int>(0)
        let count = 1 << 20 + 1
        pool.forEach(count) { sum.add($0, ordering: .relaxed) }
        #expect(sum.load(ordering: .relaxed) == count * (count - 1) / 2)
    }

    @Test(.timeLimit(.minutes(1)))
    func `many pools start and end`() {
        for _ in 0..<200 {
            let pool = ComputeThreadPool(threadCount: 4, pinned: true)
            pool.forEach(4) { _ in }
        }
    }
}
