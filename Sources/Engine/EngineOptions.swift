/// How a model is loaded and how much runs at once.
public struct EngineOptions: Sendable, Equatable {
    /// Tokens of prompt and answer together that one request may use; nil takes what the model was made for, or less where the
    /// machine's memory does not allow it.
    public var contextLength: Int?
    /// Threads that compute; nil takes one per CPU that the process may use.
    public var threadCount: Int?
    /// Requests that run at the same time.
    public var parallelCount = 4
    /// Requests that may wait beside those that run; one more is refused.
    public var maximumQueueLength = 64
    /// Forces a lower instruction set: `avx512`, `avx2`, `neon`, `scalar`.
    public var instructionSet: String?
    /// Keeps each thread to a CPU of its own when there is one for each.
    public var pinsThreads = true

    public init() {}
}
