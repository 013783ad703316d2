internal import ChatTemplates
internal import ModelFiles
internal import Tensors
internal import Tokenization

/// What loading a model would give and cost, told by its file without touching the weights.
public struct ModelProspect: Sendable, Equatable {
    /// As `InferenceEngine.modelName`.
    public var modelName: String
    /// As `InferenceEngine.information`.
    public var information: ModelInformation
    /// Bytes of weights, cache and activations together.
    public var byteCount: Int

    public init(modelName: String, information: ModelInformation, byteCount: Int) {
        self.modelName = modelName
        self.information = information
        self.byteCount = byteCount
    }

    /// Looks at a model as `InferenceEngine.load(_:options:)` would load it.
    ///
    /// - Throws: What loading would throw, as far as the file's beginning tells: `.invalidModel`, `.unsupportedModel`, or
    ///   `.invalidRequest` for a context that the cache or this machine cannot hold.
    @concurrent
    public static func of(
        _ source: ModelSource, options: EngineOptions
    ) async throws(EngineError) -> ModelProspect {
        try await BlockingWork.run { () throws(EngineError) in try ModelProspect(source, options: options) }
    }

    private init(_ source: ModelSource, options: EngineOptions) throws(EngineError) {
        let file: any ModelFile
        do { file = try openModel(source) } catch { throw EngineError(error) }
        let memory = try MemoryEstimate(file, contextLength: nil, cacheType: options.cacheType)
        // What quantized weights would take is known when they are loaded; the file's own types would count too much.
        let plan = try CachePlan(
            options: options, trainedContextLength: memory.contextLength, byteCountPerToken: memory.cachePerToken,
            residentByteCount: memory.scratch)
        let tokenizer = try makeTokenizer(of: file)
        let template = try LoadedModel.chatTemplate(of: file, tokenizer: tokenizer)
        let conventions = try LoadedModel.conventions(of: file, options: options)
        let architecture: String?
        do { architecture = try file.metadata.string("general.architecture") } catch { throw EngineError(error) }
        modelName = InferenceEngine.name(source, file)
        information = ModelInformation(
            architecture: architecture ?? "",
            parameterCount: file.tensors.reduce(0) { $0 &+ ($1.shape.elementCount ?? 0) },
            byteCount: memory.weights, contextLength: plan.contextLength, vocabularySize: tokenizer.vocabularySize,
            chatTemplateProblem: template.problem, bringsChatTemplate: template.isThere,
            toolCallParser: conventions.toolCalls?.name, reasoningParser: conventions.reasoning?.name,
            created: InferenceEngine.modificationTime(of: source))
        byteCount = memory.weights &+ memory.scratch &+ plan.byteCount(perToken: memory.cachePerToken)
    }
}
