/// When a request that failed is tried again: after pauses that double, each a little longer or shorter by chance so that many
/// clients that lost one hub do not come back in step.
///
/// A value without a clock: chance is passed in, and the caller waits.
package struct Backoff: Sendable, Equatable {
    package struct Policy: Sendable, Equatable {
        /// Attempts in a row that got nowhere, the first one included.
        package var attemptCount = 5
        package var firstPause: Duration = .milliseconds(500)
        package var longestPause: Duration = .seconds(8)
        /// What a hub may ask to wait (`Retry-After`); for longer nobody sits and watches.
        package var longestAskedPause: Duration = .seconds(120)
        /// A pause is up to so much longer or shorter.
        package var jitter = 0.25

        package init() {}
    }

    package let policy: Policy
    /// The attempt that is being made, from 1.
    package private(set) var attempt = 1
    private var nextPause: Duration

    package init(policy: Policy = Policy()) {
        self.policy = policy
        nextPause = policy.firstPause
    }

    /// An attempt failed, though it got further than the one before: the count begins anew.
    package mutating func noteProgress() {
        attempt = 0
        nextPause = policy.firstPause
    }

    /// An attempt failed.
    ///
    /// - Parameters:
    ///   - asked: What the hub asks to wait at least.
    ///   - chance: From 0 to 1, places the pause between its bounds.
    /// - Returns: The pause before the next attempt; nil where there is none.
    package mutating func pause(asked: Duration?, chance: Double) -> Duration? {
        guard attempt < policy.attemptCount, asked ?? .zero <= policy.longestAskedPause else { return nil }
        attempt += 1
        let pause = nextPause * (1 + policy.jitter * (2 * min(max(chance, 0), 1) - 1))
        nextPause = min(nextPause * 2, policy.longestPause)
        return max(pause, asked ?? .zero)
    }
}

/// A request that is going to be made again, for whoever watches.
package struct RetryNotice: Sendable, Equatable {
    /// In a few words.
    package let reason: String
    /// The attempt to come, of so many in a row.
    package let attempt: Int
    package let attemptCount: Int
    package let pause: Duration
}
