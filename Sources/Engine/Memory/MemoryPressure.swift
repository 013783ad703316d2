/// Decides when memory is so scarce that an engine makes do with less, and when it is over.
///
/// It begins at once and ends late: what is given back must not be taken again at the next breath.
package struct MemoryPressure: Sendable, Equatable {
    package struct Policy: Sendable, Equatable {
        /// Between two looks at the system's numbers.
        package var interval: Duration = .seconds(2)
        /// Less than this part of the memory available begins it.
        package var scarceShare = 0.05
        /// So much of the time waited for memory begins it too, where not more than `calmShare` twice over is available: a stall
        /// beside plenty of memory is somebody else's, behind a limit of their own.
        package var stalledShare = 0.1
        /// More than this must be available to end it,
        package var calmShare = 0.1
        /// for so long without a break.
        package var calmDuration: Duration = .seconds(30)

        package init() {}
    }

    package enum Change: Sendable, Equatable {
        case began, ended
    }

    package let policy: Policy
    package private(set) var isOn = false
    private var calmSince: ContinuousClock.Instant?

    package init(policy: Policy = Policy()) { self.policy = policy }

    package mutating func update(_ reading: MemoryReading, at now: ContinuousClock.Instant) -> Change? {
        let isStalled = reading.stalledShare >= policy.stalledShare
        guard isOn else {
            guard
                reading.availableShare < policy.scarceShare
                    || isStalled && reading.availableShare < 2 * policy.calmShare
            else { return nil }
            isOn = true
            calmSince = nil
            return .began
        }
        guard reading.availableShare > policy.calmShare, !isStalled else {
            calmSince = nil
            return nil
        }
        let since = calmSince ?? now
        calmSince = since
        guard now - since >= policy.calmDuration else { return nil }
        isOn = false
        return .ended
    }
}
