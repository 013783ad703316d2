/// An error that a user sees: what kind, and a sentence that says what to do.
public struct EngineError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Kinds may be added; match with a default.
    public struct Code: Sendable, Equatable, CustomStringConvertible {
        public let description: String

        /// A file cannot be read as a model.
        public static let invalidModel = Code(description: "invalid_model")
        /// A well-formed model that this engine cannot run (architecture, tensor type, tokenizer), by name.
        public static let unsupportedModel = Code(description: "unsupported_model")
        /// A field of the request is out of range or makes no sense.
        public static let invalidRequest = Code(description: "invalid_request")
        /// The prompt does not fit the context.
        public static let contextLengthExceeded = Code(description: "context_length_exceeded")
        /// The waiting queue is full; try again later.
        public static let queueFull = Code(description: "queue_full")
        /// The request did not have its turn in time; try again later.
        public static let queueTimeout = Code(description: "queue_timeout")
        /// The request's own time, or the server's for requests, was over.
        public static let deadlineExceeded = Code(description: "deadline_exceeded")
        /// The engine is shutting down.
        public static let shuttingDown = Code(description: "shutting_down")
        /// The engine failed during generation (for example, NaN logits).
        public static let generationFailed = Code(description: "generation_failed")
    }

    public let code: Code
    public let message: String
    /// The request field at fault, where there is one (OpenAI's `param`).
    public let field: String?

    public init(code: Code, message: String, field: String? = nil) {
        self.code = code
        self.message = message
        self.field = field
    }

    public var description: String { message }
}
