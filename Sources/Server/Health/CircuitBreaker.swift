/// Decides whether a model that keeps failing is asked at all.
///
/// Closed: everybody is let in. After `faultCount` faults in a row within `window` it opens: nobody is let in for a while. Then
/// one request probes; if it succeeds the circuit closes, if it fails the next wait is twice as long.
///
/// A value without a clock: times and chance are passed in.
package struct CircuitBreaker: Sendable, Equatable {
    package struct Policy: Sendable, Equatable {
        package var faultCount = 5
        package var window: Duration = .seconds(60)
        package var firstDelay: Duration = .seconds(1)
        /// Bound of the waits before their jitter.
        package var maximumDelay: Duration = .seconds(60)
        /// A probe that has not ended after this makes room for another one.
        package var probeTimeout: Duration = .seconds(120)
        /// A wait is up to so much longer or shorter, so that clients of many servers do not come back in step.
        package var jitter = 0.2

        package init() {}
    }

    package enum Admission: Sendable, Equatable {
        case admitted
        /// The one request that finds out; its number goes back with its outcome.
        case probe(Int)
        case refused(retryAfter: Duration)
    }

    package enum Outcome: Sendable, Equatable {
        case success, fault
        /// It says nothing of the model: the client left, the request was wrong or late.
        case neither
    }

    package enum Change: Sendable, Equatable {
        case opened(delay: Duration), closed
    }

    package enum State: Sendable, Equatable {
        case closed
        case open(until: ContinuousClock.Instant)
        case probing(Int, since: ContinuousClock.Instant)
    }

    package let policy: Policy
    package private(set) var state = State.closed
    /// How often it opened, probes that failed included.
    package private(set) var openingCount = 0
    /// Of the last faults in a row.
    private var faults: [ContinuousClock.Instant] = []
    private var nextDelay: Duration
    private var probeCount = 0

    package init(policy: Policy = Policy()) {
        self.policy = policy
        nextDelay = policy.firstDelay
    }

    package mutating func admit(at now: ContinuousClock.Instant) -> Admission {
        switch state {
        case .closed: return .admitted
        case .open(let until) where now < until: return .refused(retryAfter: until - now)
        case .probing(_, let since) where now < since + policy.probeTimeout:
            return .refused(retryAfter: policy.firstDelay)
        case .open, .probing:
            probeCount += 1
            state = .probing(probeCount, since: now)
            return .probe(probeCount)
        }
    }

    /// - Parameters:
    ///   - admission: How the request that ended was let in.
    ///   - chance: From 0 to 1, places the wait between its bounds.
    package mutating func note(
        _ outcome: Outcome, of admission: Admission, at now: ContinuousClock.Instant, chance: Double
    ) -> Change? {
        switch (state, admission) {
        case (.closed, .admitted): return noteClosed(outcome, at: now, chance: chance)
        case (.probing(let current, _), .probe(let number)) where current == number:
            switch outcome {
            case .success:
                self = CircuitBreaker(policy: policy, openingCount: openingCount, probeCount: probeCount)
                return .closed
            case .fault: return open(at: now, chance: chance)
            case .neither:
                // Somebody else finds out, at once.
                state = .open(until: now)
                return nil
            }
        // Of before it opened, or a probe that another one has replaced: too old to say anything.
        default: return nil
        }
    }

    private mutating func noteClosed(
        _ outcome: Outcome, at now: ContinuousClock.Instant, chance: Double
    ) -> Change? {
        switch outcome {
        case .neither: return nil
        case .success:
            faults = []
            return nil
        case .fault:
            faults = faults.filter { now - $0 < policy.window } + [now]
            return faults.count < policy.faultCount ? nil : open(at: now, chance: chance)
        }
    }

    private mutating func open(at now: ContinuousClock.Instant, chance: Double) -> Change {
        let delay = nextDelay * (1 + policy.jitter * (2 * min(max(chance, 0), 1) - 1))
        nextDelay = min(nextDelay * 2, policy.maximumDelay)
        faults = []
        openingCount += 1
        state = .open(until: now + delay)
        return .opened(delay: delay)
    }

    private init(policy: Policy, openingCount: Int, probeCount: Int) {
        self.init(policy: policy)
        self.openingCount = openingCount
        self.probeCount = probeCount
    }
}
