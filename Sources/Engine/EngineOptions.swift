internal import ChatTemplates

/// How a model is loaded and how much runs at once.
public struct EngineOptions: Sendable, Equatable {
    /// Tokens of prompt and answer together that one request may use; nil takes what the model was made for, or less where the
    /// machine's memory does not allow it.
    public var contextLength: Int?
    /// Bytes of keys and values that all requests share; nil takes what `parallelCount` whole contexts need. With less, requests
    /// wait for room, and the youngest may be computed again; its answer stays the same.
    public var cacheByteCount: Int?
    /// The type of keys and values; nil takes float32 beside float32 weights and float16 beside all others. Half of the bytes, as
    /// with `.q8_0`, hold twice the tokens, and are read in half of the time.
    public var cacheType: CacheType?
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

    /// Makes the weights smaller while they are loaded; nil uses them where they lie, in the types that the file has.
    public var quantization: WeightQuantization?

    /// How the model writes calls of tools: a name of `toolCallParserNames`; nil goes by its chat template.
    public var toolCallParser: String?
    /// How the model sets its reasoning off: a name of `reasoningParserNames`; nil goes by its chat template.
    public var reasoningParser: String?

    public static var toolCallParserNames: [String] { AnswerConventions.toolCallParserNames }
    public static var reasoningParserNames: [String] { AnswerConventions.reasoningParserNames }

    public init() {}
}

/// A type for weights that are quantized while a model is loaded. Vectors stay as they are, and so do matrices that are no
/// larger already or whose rows do not fill blocks.
public enum WeightQuantization: String, Sendable, CaseIterable {
    case q8_0
    case q6K = "q6_k"
    case q5K = "q5_k"
    case q5_1
    case q5_0
    case q4K = "q4_k"
    case q4_1
    case q4_0
}

/// How far quantization at loading has come.
public struct LoadingProgress: Sendable, Equatable {
    /// Bytes of the file.
    public let completedByteCount: Int
    public let totalByteCount: Int
}
