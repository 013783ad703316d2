internal import CKernels
internal import Synchronization

#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// A fixed set of threads that work through numbered items together with the caller.
///
/// Each thread begins with a range of neighbouring items of its own, so that what it reads lies behind one another; a thread that
/// is done takes items off the ends of the others' ranges, so that a slow or interrupted one does fewer, and the caller waits
/// only for items that somebody has begun. Between two calls the workers spin for about half a millisecond (a forward pass has its next
/// operation by then), yielding now and then, and sleep after that.
package final class ComputeThreadPool: Sendable {
    /// Threads that work, the caller included.
    package let threadCount: Int
    private let state: WorkState
    private let workers: [pthread_t]

    /// - Parameters:
    ///   - threadCount: Threads that work, the caller included; at least 1.
    ///   - pinned: Whether worker i keeps to the i-th CPU of those allowed. Without it a worker woken from sleep tends to land on
    ///     the caller's CPU and spin in its way.
    package init(threadCount: Int, pinned: Bool) {
        precondition(threadCount >= 1, "ComputeThreadPool: \(threadCount) threads")
        self.threadCount = threadCount
        let state = WorkState(threadCount: threadCount)
        self.state = state
        // A thread that cannot be started is no loss but of speed: the others do its share.
        workers = (1..<max(threadCount, 1)).compactMap { index in
            ComputeThread.start {
                AllowedCPUs.keepCallingThread(toCPUOf: pinned ? index : nil)
                state.work(as: index)
            }
        }
    }

    deinit {
        state.stop()
        for worker in workers { pthread_join(worker, nil) }
    }

    /// Items that one round can number.
    private static let maximumItemCount = 1 << 20 - 1

    /// Calls `body` once for each item in `0..<count`, in any order, on all threads; returns when all are done.
    ///
    /// - Precondition: Only one call at a time.
    package func forEach(_ count: Int, _ body: (Int) -> Void) {
        guard count > 1, !workers.isEmpty else {
            for item in 0..<max(count, 0) { body(item) }
            return
        }
        // More items than that go in several rounds.
        for start in stride(from: 0, to: count, by: Self.maximumItemCount) {
            withoutActuallyEscaping({ body(start + $0) }) {
                state.run(min(Self.maximumItemCount, count - start), $0)
            }
        }
    }
}

/// What the caller and the workers share; outlives the pool until its last worker has left.
private final class WorkState: @unchecked Sendable {  // the ranges order every access to `body`
    private let ranges: [ItemRange]
    private let completed = Atomic<Int>(0)
    /// What sleepers wait on: changes with every ring.
    private let bell = UnsafeMutablePointer<Atomic<UInt32>>.allocate(capacity: 1)
    private let sleeperCount = Atomic<Int>(0)
    private let isStopping = Atomic<Bool>(false)
    private var body: (Int) -> Void = { _ in }

    private static let spinCount = 20_000
    private static let spinsPerYield = 512

    init(threadCount: Int) {
        ranges = (0..<threadCount).map { _ in ItemRange() }
        bell.initialize(to: Atomic(0))
    }

    deinit { bell.deinitialize(count: 1).deallocate() }

    func run(_ count: Int, _ body: @escaping (Int) -> Void) {
        self.body = body
        completed.store(0, ordering: .relaxed)
        for (thread, range) in ranges.enumerated() {
            range.set(count * thread / ranges.count..<count * (thread + 1) / ranges.count)
        }
        if sleeperCount.load(ordering: .sequentiallyConsistent) > 0 { ring() }
        takeItems(as: 0)
        var spins = 0
        while completed.load(ordering: .acquiring) < count {
            ck_pause()
            spins += 1
            if spins.isMultiple(of: Self.spinsPerYield) { sched_yield() }
        }
        self.body = { _ in }
    }

    func stop() {
        isStopping.store(true, ordering: .sequentiallyConsistent)
        ring()
    }

    func work(as thread: Int) {
        while !isStopping.load(ordering: .acquiring) {
            takeItems(as: thread)
            var spins = 0
            while !hasItems, spins < Self.spinCount {
                ck_pause()
                spins += 1
                if spins.isMultiple(of: Self.spinsPerYield) { sched_yield() }
            }
            if !hasItems { sleep() }
        }
    }

    private func takeItems(as thread: Int) {
        while let item = ranges[thread].takeFirst() { complete(item) }
        for other in 1..<ranges.count {
            while let item = ranges[(thread + other) % ranges.count].takeLast() { complete(item) }
        }
    }

    private func complete(_ item: Int) {
        body(item)
        completed.add(1, ordering: .releasing)
    }

    private var hasItems: Bool { ranges.contains { !$0.isEmpty } }

    private func sleep() {
        let seen = bell.pointee.load(ordering: .sequentiallyConsistent)
        sleeperCount.add(1, ordering: .sequentiallyConsistent)
        if !hasItems, !isStopping.load(ordering: .sequentiallyConsistent) {
            ck_wait(UnsafeRawPointer(bell).assumingMemoryBound(to: UInt32.self), seen)
        }
        sleeperCount.subtract(1, ordering: .sequentiallyConsistent)
    }

    private func ring() {
        bell.pointee.add(1, ordering: .sequentiallyConsistent)
        ck_wake_all(UnsafeRawPointer(bell).assumingMemoryBound(to: UInt32.self))
    }
}

/// The items of one thread that nobody has taken yet.
private final class ItemRange: Sendable {
    /// generation (24 bits) | end (20 bits) | next item (20 bits). An item is taken by exchanging the value that was read for one
    /// without it, so an item of an older generation can never be taken.
    private let bits = Atomic<UInt64>(0)

    /// - Precondition: All items that were here are taken.
    func set(_ items: Range<Int>) {
        precondition(items.upperBound < 1 << 20, "ComputeThreadPool: \(items.upperBound) items")
        let generation = (bits.load(ordering: .relaxed) >> 40) &+ 1
        let ends = UInt64(items.upperBound) << 20 | UInt64(items.lowerBound)
        bits.store(generation << 40 | ends, ordering: .sequentiallyConsistent)
    }

    var isEmpty: Bool {
        let seen = bits.load(ordering: .sequentiallyConsistent)
        return Self.next(seen) >= Self.end(seen)
    }

    func takeFirst() -> Int? {
        while true {
            let seen = bits.load(ordering: .acquiring)
            guard Self.next(seen) < Self.end(seen) else { return nil }
            if exchange(seen, for: seen + 1) { return Self.next(seen) }
        }
    }

    func takeLast() -> Int? {
        while true {
            let seen = bits.load(ordering: .acquiring)
            guard Self.next(seen) < Self.end(seen) else { return nil }
            if exchange(seen, for: seen - (1 << 20)) { return Self.end(seen) - 1 }
        }
    }

    private func exchange(_ seen: UInt64, for desired: UInt64) -> Bool {
        bits.weakCompareExchange(expected: seen, desired: desired, ordering: .acquiringAndReleasing).exchanged
    }

    private static func next(_ bits: UInt64) -> Int { Int(bits & 0xFFFFF) }
    private static func end(_ bits: UInt64) -> Int { Int(bits >> 20 & 0xFFFFF) }
}
