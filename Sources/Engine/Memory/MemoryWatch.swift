/// Looks at the system's memory now and then, on the engine's thread.
struct MemoryWatch {
    private let read: @Sendable () -> MemoryReading?
    private var pressure: MemoryPressure
    private var next: ContinuousClock.Instant?
    /// Of the last look; nil where the system does not say.
    private(set) var reading: MemoryReading?

    init(_ faults: EngineFaults) {
        read = faults.memory ?? { MemoryReading.current() }
        pressure = MemoryPressure(policy: faults.memoryPolicy)
    }

    var isUnderPressure: Bool { pressure.isOn }
    /// How long the thread may sleep without missing a look.
    var interval: Duration { pressure.policy.interval }

    /// - Returns: Whether there was a look; at most one per interval.
    mutating func look(at now: ContinuousClock.Instant = .now) -> (looked: Bool, change: MemoryPressure.Change?) {
        if let next, now < next { return (false, nil) }
        next = now + pressure.policy.interval
        reading = read()
        return (true, reading.flatMap { pressure.update($0, at: now) })
    }
}
