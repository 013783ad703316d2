internal import CKernels
internal import Synchronization

/// Bounds of the CPU: memory bandwidth for reading, and multiply-adds of int8 and of float32.
package struct CPURoofline: Sendable {
    package let readBytesPerSecond: Double
    package let int8MultiplyAddsPerSecond: Double
    package let floatMultiplyAddsPerSecond: Double

    /// Together 512 MB: with half of that, part of each reading still comes out of a server's last-level cache.
    private static let partCount = 512
    private static let partByteCount = 1 << 20
    private static let dotsPerPart = 1 << 17
    private static let repetitionCount = 5

    /// Reads memory far larger than the caches, and multiplies out of registers, on all threads; each the best of several runs.
    ///
    /// - Parameters:
    ///   - threadCount: As many as the measured work uses.
    ///   - instructionSet: The one that the measured work uses.
    package static func measure(threadCount: Int, instructionSet: InstructionSet) -> CPURoofline {
        let pinned = threadCount == AllowedCPUs.count
        let pool = ComputeThreadPool(threadCount: threadCount, pinned: pinned)
        // A caller that shares a worker's CPU would halve what is measured.
        return pinned
            ? AllowedCPUs.keepingCallingThread(toCPUOf: 0) { measure(on: pool, instructionSet.kernels) }
            : measure(on: pool, instructionSet.kernels)
    }

    private static func measure(on pool: ComputeThreadPool, _ kernels: ck_kernels) -> CPURoofline {
        let sum = Atomic<Int32>(0)  // keeps results, so that no work can be left out

        let dotSeconds = fastest {
            pool.forEach(partCount) { part in
                sum.bitwiseXor(kernels.dot_peak(Int64(dotsPerPart), Int32(part) + 1), ordering: .relaxed)
            }
        }
        let floatSeconds = fastest {
            pool.forEach(partCount) { part in
                sum.bitwiseXor(kernels.float_peak(Int64(dotsPerPart), Float(part) / 1024), ordering: .relaxed)
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
            int8MultiplyAddsPerSecond: Double(partCount * dotsPerPart * 64) / dotSeconds,
            floatMultiplyAddsPerSecond: Double(partCount * dotsPerPart * 16) / floatSeconds)
    }

    private static func fastest(_ body: () -> Void) -> Double {
        (0..<repetitionCount).map { _ in
            let start = ContinuousClock.now
            body()
            return (ContinuousClock.now - start) / .seconds(1)
        }.min() ?? .infinity
    }
}
