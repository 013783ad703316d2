import Benchmark
import Compute

/// What sharing work costs by itself: items without work, as few as there are threads, and as many as a product has.
func registerPool() {
    for itemsPerThread in [1, 8] {
        let threadCount = AllowedCPUs.usableCount
        register(
            "forEach, \(itemsPerThread) empty item\(itemsPerThread == 1 ? "" : "s") a thread", Rate.items,
            amount: itemsPerThread * threadCount, runs: .kilo
        ) {
            let pool = ComputeThreadPool(threadCount: threadCount, pinned: true)
            return { pool.forEach(itemsPerThread * threadCount) { blackHole($0) } }
        }
    }
}
