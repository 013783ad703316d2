import Foundation

/// Runs work on a thread with a stack of 512 KiB, as the threads of a server may have.
func onSmallStack<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
    await withCheckedContinuation { continuation in
        let thread = Thread { continuation.resume(returning: work()) }
        #if DEBUG
        thread.stackSize = 4 << 20  // frames of unoptimised code are several times larger
        #else
        thread.stackSize = 512 << 10
        #endif
        thread.start()
    }
}

/// The processor time that the calling thread has used, in seconds; other threads' load does not count.
func threadSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
