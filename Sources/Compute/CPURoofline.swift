internal import CKernels
internal import Synchronization

/// Bounds of the CPU: memory bandwidth for reading, and int8 multiply-adds.
package struct CPURoofline: Sendable {
    package let readBytesPerSecond: Double
    package let multiplyAddsPerSecond: Double

    /// Together 512 MB: with half of that, part of each reading still comes out of a server's last-level cache.
    private static let partCount = 512
    private static let partByteCount = 1 << 20
    private static let dotsPerPart = 1 << 17
    private static let repetitionCount = 5

    /// - Parameter threadCount: As many as the measured work uses.
    package static func measure(threadCount: Int) -> CPURoofline {
        let pool = ComputeThreadPool(
            threadCount: threadCount, pinned: threadCount == AllowedCPUs.count)
        let kernels = (InstructionSet.available.first ?? .scalar).kernels
        let sum = Atomic<Int32>(0)  // keeps results, so that no work can be left out

        let dotSeconds = fastest {
            pool.forEach(partCount) { part in
                sum.bitwiseXor(kernels.dot_peak(Int64(dotsPerPart), Int32(part) + 1), ordering: .relaxed)
            }
        }
        var readSeconds = Double.infinity
        if let memory = try? AlignedMemory<UInt8>(count: partCount * partByteCount, purpose: "a measurement") {
            pool.forEach(partCount) { part in
                (memory.pointer + part * partByteCount).update(repeating: UInt8(part & 0xFF), count: partByteCount)
            }
            readSeconds = fastest {
                pool.forEach(partCount) { part in
                    let result = kernels.read_bytes(memory.pointer + part * partByteCount, Int64(partByteCount))
                    sum.bitwiseXor(result, ordering: .relaxed)
                }
            }
        }
        return CPURoofline(
            readBytesPerSecond: Double(partCount * partByteCount) / readSeconds,
            multiplyAddsPerSecond: Double(partCount * dotsPerPart * 64) / dotSeconds)
    }

    private static func fastest(_ body: () -> Void) -> Double {
        (0..<repetitionCount).map { _ in
            let start = ContinuousClock.now
            body()
            return (ContinuousClock.now - start) / .seconds(1)
        }.min() ?? .infinity
    }
}
