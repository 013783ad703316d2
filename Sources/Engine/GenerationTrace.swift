internal import TransformerModels

/// How finely the time of a generation is measured; each level has what the ones before it have.
public enum TraceLevel: String, Sendable, CaseIterable {
    /// Each token of the answer.
    case brick
    /// Each forward pass that computed something for the request.
    case step
    /// Each layer of each pass.
    case layer
}

/// Where the time of a generation went, as measured while it ran. All times are since the request was submitted, or durations.
public struct GenerationTrace: Sendable, Equatable {
    public struct Token: Sendable, Equatable {
        /// When the token was chosen.
        public var time: Duration
        /// Since the token before; since submission for the first.
        public var duration: Duration

        public init(time: Duration, duration: Duration) {
            self.time = time
            self.duration = duration
        }
    }

    public struct Step: Sendable, Equatable {
        /// When the pass began.
        public var time: Duration
        /// Of the whole pass, with all requests in it.
        public var duration: Duration
        /// The request's own tokens in it.
        public var tokenCount: Int
        public var batchTokenCount: Int
        public var batchRequestCount: Int
        /// With `.layer` only.
        public var parts: Parts?

        public init(
            time: Duration, duration: Duration, tokenCount: Int, batchTokenCount: Int, batchRequestCount: Int,
            parts: Parts? = nil
        ) {
            self.time = time
            self.duration = duration
            self.tokenCount = tokenCount
            self.batchTokenCount = batchTokenCount
            self.batchRequestCount = batchRequestCount
            self.parts = parts
        }
    }

    /// The parts of a pass; they add up to its duration but for what lies between them.
    public struct Parts: Sendable, Equatable {
        public var embedding: Duration
        /// One for each layer, in order.
        public var layers: [Duration]
        public var logits: Duration

        public init(embedding: Duration, layers: [Duration], logits: Duration) {
            self.embedding = embedding
            self.layers = layers
            self.logits = logits
        }
    }

    /// Passes and tokens beyond these are not kept: a report must not outgrow its answer's memory.
    public static let maximumCount = 10_000

    public let level: TraceLevel
    /// Until the first pass began.
    public var queueWait: Duration?
    public var tokens: [Token] = []
    public var steps: [Step] = []
    /// Whether there were more passes or tokens than are kept.
    public var isTruncated = false

    public init(level: TraceLevel) { self.level = level }

    mutating func append(_ step: Step, _ timer: ForwardTimer?) {
        if queueWait == nil { queueWait = step.time }
        guard level != .brick else { return }
        guard steps.count < Self.maximumCount else { return isTruncated = true }
        var step = step
        if level == .layer, let timer {
            step.parts = Parts(embedding: timer.embedding, layers: timer.layers, logits: timer.logits)
        }
        steps.append(step)
    }

    mutating func appendToken(at time: Duration) {
        guard tokens.count < Self.maximumCount else { return isTruncated = true }
        tokens.append(Token(time: time, duration: time - (tokens.last?.time ?? .zero)))
    }
}
