/// What a server or command needs of an engine; `InferenceEngine` is the real one, tests script another.
public protocol TextGenerator: Sendable {
    /// What clients call the model.
    var modelName: String { get }

    var information: ModelInformation { get }

    /// Numbers of this moment, for `/metrics`.
    var statistics: EngineStatistics { get }

    /// Admits a request and streams its events. Dropping the stream, or cancelling the task that reads it, cancels the
    /// generation within one step.
    ///
    /// - Throws: `EngineError` with `.invalidRequest`, `.contextLengthExceeded`, `.queueFull` or `.shuttingDown` before
    ///   anything is generated. The stream itself throws `EngineError` too.
    func generate(_ request: GenerationRequest) async throws(EngineError) -> AsyncThrowingStream<
        GenerationEvent, any Error
    >

    /// The ids of `text`. With `special`, the tokens that begin a text are added and special tokens are recognised.
    func tokenize(_ text: String, special: Bool) -> [Int32]

    /// The text of `tokenIDs`; special tokens are left out unless `special`. Bytes that are no UTF-8 become U+FFFD.
    ///
    /// - Throws: `EngineError.invalidRequest` for an id outside the vocabulary.
    func detokenize(_ tokenIDs: [Int32], special: Bool) throws(EngineError) -> String
}

/// What a loaded model is.
public struct ModelInformation: Sendable, Equatable {
    public var architecture: String
    public var parameterCount: Int
    /// Bytes of the tensors.
    public var byteCount: Int
    /// Tokens of prompt and answer together that one request may use.
    public var contextLength: Int
    public var vocabularySize: Int
    /// Why the model cannot hold a conversation: it brings no chat template, or one that cannot be read; nil where it can.
    public var chatTemplateProblem: String?
    /// Whether the model brings a chat template at all.
    public var bringsChatTemplate: Bool
    /// Whether the model brings a chat template that this engine can use.
    public var hasChatTemplate: Bool { chatTemplateProblem == nil }
    /// Seconds since 1970 of the file's last change.
    public var created: Int

    public init(
        architecture: String, parameterCount: Int, byteCount: Int, contextLength: Int, vocabularySize: Int,
        chatTemplateProblem: String? = nil, bringsChatTemplate: Bool = true, created: Int
    ) {
        self.architecture = architecture
        self.parameterCount = parameterCount
        self.byteCount = byteCount
        self.contextLength = contextLength
        self.vocabularySize = vocabularySize
        self.chatTemplateProblem = chatTemplateProblem
        self.bringsChatTemplate = bringsChatTemplate
        self.created = created
    }
}

/// Counters since start and gauges of this moment.
public struct EngineStatistics: Sendable, Equatable {
    public var runningCount = 0
    public var waitingCount = 0
    public var finishedCount = 0
    public var cancelledCount = 0
    public var refusedCount = 0
    public var failedCount = 0
    /// Tokens of prompts that were computed.
    public var promptTokenCount = 0
    /// Tokens of prompts that were not computed, since the cache had them; of finished requests.
    public var cachedPromptTokenCount = 0
    public var generatedTokenCount = 0
    public var stepCount = 0
    public var prefillSeconds = 0.0
    public var decodeSeconds = 0.0
    public var cacheBlockCount = 0
    /// Blocks that running requests use.
    public var usedCacheBlockCount = 0
    /// Blocks that nobody uses and whose tokens would be found again.
    public var idleCacheBlockCount = 0
    public var evictedCacheBlockCount = 0
    /// How often a running request gave its place back, to be computed again later.
    public var preemptionCount = 0

    public init() {}
}
