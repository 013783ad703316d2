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
