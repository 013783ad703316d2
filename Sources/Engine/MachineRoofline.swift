internal import Compute

/// What this machine can do at best, measured here and now.
package struct MachineRoofline: Sendable {
    package let readBytesPerSecond: Double
    package let int8MultiplyAddsPerSecond: Double
    package let floatMultiplyAddsPerSecond: Double

    /// On as many threads and with the same instructions as the session uses.
    package static func measure(for session: ModelSession) -> MachineRoofline {
        measure(threadCount: session.threadCount, instructionSet: session.instructionSet)
    }

    /// On the threads and with the instructions that are used where nobody asks for others.
    package static func measure() -> MachineRoofline {
        measure(
            threadCount: AllowedCPUs.usableCount, instructionSet: InstructionSet.available.first ?? .scalar)
    }

    private static func measure(threadCount: Int, instructionSet: InstructionSet) -> MachineRoofline {
        let bound = CPURoofline.measure(threadCount: threadCount, instructionSet: instructionSet)
        return MachineRoofline(
            readBytesPerSecond: bound.readBytesPerSecond, int8MultiplyAddsPerSecond: bound.int8MultiplyAddsPerSecond,
            floatMultiplyAddsPerSecond: bound.floatMultiplyAddsPerSecond)
    }
}

/// What one forward pass reads and computes at least.
package struct StepWork: Sendable, Equatable {
    package let byteCount: Int
    package let int8MultiplyAdds: Int
    package let floatMultiplyAdds: Int

    /// Seconds that the pass takes at least: reading and computing overlap at best.
    package func seconds(on machine: MachineRoofline) -> (reading: Double, computing: Double) {
        (
            Double(byteCount) / machine.readBytesPerSecond,
            Double(int8MultiplyAdds) / machine.int8MultiplyAddsPerSecond
                + Double(floatMultiplyAdds) / machine.floatMultiplyAddsPerSecond
        )
    }
}
