internal import CKernels
internal import Synchronization

#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// A fixed set of threads that work through numbered items together with the caller.
///
/// Items are taken one by one from a shared ticket, so that a slow or interrupted thread takes fewer; the caller waits only for
/// items that somebody has begun. Between two calls the workers spin for about half a millisecond (a forward pass has its next
/// operation by then), yielding now and then, and sleep after that.
package final class ComputeThreadPool: Sendable {
    /// Threads that work, the caller included.
    package let threadCount: Int
    private let state = WorkState()
    private let workers: [pthread_t]

    /// - Parameters:
    ///   - threadCount: Threads that work, the caller included; at least 1.
    ///   - pinned: Whether worker i keeps to the i-th CPU of those allowed. Without it a worker woken from sleep tends to land on
    ///     the caller's CPU and spin in its way.
    package init(threadCount: Int, pinned: Bool) {
        precondition(threadCount >= 1, "ComputeThreadPool: \(threadCount) threads")
        self.threadCount = threadCount
        let state = state
        // A thread that cannot be started is no loss but of speed: the others do its share.
        workers = (1..<max(threadCount, 1)).compactMap { index in
            ComputeThread.start {
                AllowedCPUs.keepCallingThread(toCPUOf: pinned ? index : nil)
                state.work()
            }
        }
    }

    deinit {
        state.stop()
        for worker in workers { pthread_join(worker, nil) }
    }

    /// Items that one round's ticket can number.
    private static let maximumItemCount = 1 << 20 - 1

    /// Calls `body` once for each item in `0..<count`, in any order, on all threads; returns when all are done.
    ///
    /// - Precondition: Only one call at a time.
    package func forEach(_ count: Int, _ body: (Int) -> Void) {
        guard count > 1, !workers.isEmpty else {
            for item in 0..<max(count, 0) { body(item) }
            return
        }
        // More items than a ticket can number go in several rounds.
        for start in stride(from: 0, to: count, by: Self.maximumItemCount) {
            withoutActuallyEscaping({ body(start + $0) }) {
                state.run(min(Self.maximumItemCount, count - start), $0)
            }
        }
    }
}

/// What the caller and the workers share; outlives the pool until its last worker has left.
private final class WorkState: @unchecked Sendable {  // the ticket orders every access to `body`
    /// generation (24 bits) | item count (20 bits) | next item (20 bits). A worker takes an item by exchanging the ticket it
    /// read for the next one, so an item of an older generation can never be taken.
    private let ticket = Atomic<UInt64>(0)
    private let completed = Atomic<Int>(0)
    /// What sleepers wait on: changes with every ring.
    private let bell = UnsafeMutablePointer<Atomic<UInt32>>.allocate(capacity: 1)
    private let sleeperCount = Atomic<Int>(0)
    private let isStopping = Atomic<Bool>(false)
    private var body: (Int) -> Void = { _ in }

    private static let spinCount = 20_000
    private static let spinsPerYield = 512

    init() { bell.initialize(to: Atomic(0)) }
    deinit { bell.deinitialize(count: 1).deallocate() }

    func run(_ count: Int, _ body: @escaping (Int) -> Void) {
        precondition(count < 1 << 20, "ComputeThreadPool: \(count) items")
        self.body = body
        completed.store(0, ordering: .relaxed)
        let generation = (ticket.load(ordering: .relaxed) >> 40) &+ 1
        ticket.store(generation << 40 | UInt64(count) << 20, ordering: .sequentiallyConsistent)
        if sleeperCount.load(ordering: .sequentiallyConsistent) > 0 { ring() }
        takeItems()
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

    func work() {
        while !isStopping.load(ordering: .acquiring) {
            takeItems()
            var spins = 0
            while !hasItems, spins < Self.spinCount {
                ck_pause()
                spins += 1
                if spins.isMultiple(of: Self.spinsPerYield) { sched_yield() }
            }
            if !hasItems { sleep() }
        }
    }

    private func takeItems() {
        while true {
            let seen = ticket.load(ordering: .acquiring)
            let item = seen & 0xFFFFF
            guard item < (seen >> 20) & 0xFFFFF else { return }
            let (taken, _) = ticket.weakCompareExchange(
                expected: seen, desired: seen + 1, ordering: .acquiringAndReleasing)
            guard taken else { continue }
            body(Int(item))
            completed.add(1, ordering: .releasing)
        }
    }

    private var hasItems: Bool {
        let seen = ticket.load(ordering: .sequentiallyConsistent)
        return seen & 0xFFFFF < (seen >> 20) & 0xFFFFF
    }

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
