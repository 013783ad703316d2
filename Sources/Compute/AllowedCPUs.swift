internal import CKernels

/// The CPUs that this process may use, as they were before any thread was kept to one of them.
package enum AllowedCPUs {
    private static let limit = 1024

    /// Read once, and early: threads inherit what their creator is kept to.
    private static let numbers: [Int32] = ofCallingThread

    private static var ofCallingThread: [Int32] {
        [Int32](unsafeUninitializedCapacity: limit) { buffer, count in
            count = buffer.baseAddress.map { Int(ck_allowed_cpus($0, Int32(limit))) } ?? 0
        }
    }

    /// By affinity; at least 1.
    package static var count: Int { numbers.isEmpty ? Int(ck_online_cpu_count()) : numbers.count }

    /// How many threads can run at the same time: the CPUs, or fewer where a control group grants less time than that.
    package static var usableCount: Int { min(count, max(1, ControlGroup.cpuCount ?? count)) }

    /// Keeps the calling thread to the index-th CPU, or lets it use all of them. Where the system has no such call, nothing
    /// happens.
    package static func keepCallingThread(toCPUOf index: Int?) {
        guard let index else {
            _ = ck_keep_to_cpus(numbers, Int32(numbers.count))
            return
        }
        guard numbers.indices.contains(index) else { return }
        _ = ck_keep_to_cpus([numbers[index]], 1)
    }

    /// Keeps the calling thread to the index-th CPU for as long as `body` takes.
    static func keepingCallingThread<Result>(toCPUOf index: Int, _ body: () -> Result) -> Result {
        _ = numbers  // before this thread is kept to one of them
        let before = ofCallingThread
        keepCallingThread(toCPUOf: index)
        defer { _ = ck_keep_to_cpus(before, Int32(before.count)) }
        return body()
    }
}
