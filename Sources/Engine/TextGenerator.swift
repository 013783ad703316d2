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

    /// Cancels what runs, refuses what comes, and returns when nothing is computed any more.
    func shutDown() async
}

extension TextGenerator {
    /// Nothing, for a generator that owns nothing.
    public func shutDown() async {}
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
    /// The name of the parser for calls of tools; nil where the model's answers have none.
    public var toolCallParser: String?
    /// The name of the parser for reasoning; nil where the model's answers have none.
    public var reasoningParser: String?
    /// Seconds since 1970 of the file's last change.
    public var created: Int

    public init(
        architecture: String, parameterCount: Int, byteCount: Int, contextLength: Int, vocabularySize: Int,
        chatTemplateProblem: String? = nil, bringsChatTemplate: Bool = true, toolCallParser: String? = nil,
        reasoningParser: String? = nil, created: Int
    ) {
        self.architecture = architecture
        self.parameterCount = parameterCount
        self.byteCount = byteCount
        self.contextLength = contextLength
        self.vocabularySize = vocabularySize
        self.chatTemplateProblem = chatTemplateProblem
        self.bringsChatTemplate = bringsChatTemplate
        self.toolCallParser = toolCallParser
        self.reasoningParser = reasoningParser
        self.created = created
    }
}
