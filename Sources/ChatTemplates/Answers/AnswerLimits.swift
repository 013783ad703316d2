/// What one answer may cost beside its text.
package struct AnswerLimits: Sendable, Equatable {
    /// Bytes that are held back until it is clear what they are; more are given out as what they are so far.
    package var pendingByteCount = 64 << 10
    /// Calls of one answer. Behind the last one the answer is at its end.
    package var callCount = 128

    package init() {}
}
