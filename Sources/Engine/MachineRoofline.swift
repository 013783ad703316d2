internal import Compute

/// What this machine can do at best, measured here and now.
package enum MachineRoofline {
    /// Reads memory far larger than the caches, and does int8 dot products out of registers, on all threads.
    ///
    /// - Returns: Bytes and int8 multiply-adds per second, each the best of several runs.
    package static func measure(
        threadCount: Int
    ) -> (readBytesPerSecond: Double, int8OperationsPerSecond: Double) {
        let bound = CPURoofline.measure(threadCount: threadCount)
        return (bound.readBytesPerSecond, bound.multiplyAddsPerSecond)
    }
}
