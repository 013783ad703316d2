public import ChatTemplates
public import Sampling

/// What is to be continued, and how.
public struct GenerationRequest: Sendable {
    /// Text as it stands, token ids, or a conversation that the model's own template turns into a prompt.
    public enum Prompt: Sendable {
        case text(String)
        case tokenIDs([Int32])
        case chat([ChatMessage])
    }

    public var prompt: Prompt
    /// What the model may call in a conversation; its calls come as events of their own.
    public var tools: [ToolDefinition]
    public var options: GenerationOptions
    public var admission: AdmissionOptions

    public init(
        prompt: Prompt, tools: [ToolDefinition] = [], options: GenerationOptions = GenerationOptions(),
        admission: AdmissionOptions = AdmissionOptions()
    ) {
        self.prompt = prompt
        self.tools = tools
        self.options = options
        self.admission = admission
    }
}

/// Limits and choices of one generation.
public struct GenerationOptions: Sendable, Equatable {
    /// At most this many tokens are generated; nil goes on to the end of the context. 0 gives an empty answer.
    public var maximumTokenCount: Int?
    public var sampling = SamplingOptions()
    /// The answer ends before the first of these; they may span tokens and are never part of the answer. In an answer with
    /// reasoning and calls only its text is searched.
    public var stopSequences: [String] = []
    /// Log-probabilities of each chosen token and of this many likeliest ones (0...20); nil reports none.
    public var topLogProbabilityCount: Int?
    /// The answer ends behind so many calls of tools.
    public var maximumToolCallCount: Int?
    /// How finely the generation's time is measured; nil measures nothing.
    public var traceLevel: TraceLevel?
    /// Goes on past the model's end-of-generation tokens (for measurements).
    public var ignoresEndOfGeneration = false

    public init() {}
}
