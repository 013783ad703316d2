import Benchmark
import Compute
import Foundation
import Tensors
import TestSupport

extension CPUBackend {
    /// The best kernels of this machine, or those of `REALIZAR_ISA`, on all the CPUs that it may use.
    static func make() throws -> CPUBackend {
        CPUBackend(
            instructionSet: try .choose(ProcessInfo.processInfo.environment["REALIZAR_ISA"]),
            pool: ComputeThreadPool(threadCount: AllowedCPUs.usableCount, pinned: true))
    }

    /// A buffer of random values within ±1.
    func makeRandomBuffer(count: Int, seed: UInt64) throws -> any DeviceBuffer {
        let values = RandomValues.uniform(count: count, seed: seed)
        return try values.withUnsafeBytes { bytes in
            try makeBuffer(
                TensorView(
                    name: "random", elementType: .float32, shape: Shape([count]), bytes: bytes, owner: self))
        }
    }
}

/// RMSNorm of one token and of a prompt's.
func registerNormalization() {
    for tokenCount in [1, 64] {
        register(
            "RMSNorm \(tokenCount)x\(Geometry.width)", Rate.values, amount: tokenCount * Geometry.width, runs: .kilo
        ) {
            let backend = try CPUBackend.make()
            let input = try backend.makeRandomBuffer(count: tokenCount * Geometry.width, seed: 1)
            let weight = try backend.makeRandomBuffer(count: Geometry.width, seed: 2)
            let output = try backend.makeBuffer(count: tokenCount * Geometry.width)
            return {
                backend.normalize(input, rows: tokenCount, weight: weight, epsilon: 1e-5, into: output)
                return output
            }
        }
    }
}
