internal import ChatTemplates
internal import Compute
internal import ModelFiles
internal import Scheduling
internal import Tensors
internal import Tokenization
internal import TransformerModels

#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// A loaded model that generates text for many callers at once.
///
/// ```swift
/// let engine = try await InferenceEngine.load(path: "model.gguf")
/// for try await event in try await engine.generate(GenerationRequest(prompt: .text("Once upon a time"))) {
///     if case .text(let chunk) = event { print(chunk.text, terminator: "") }
/// }
/// ```
///
/// Leaving the loop early, or cancelling its task, cancels the generation; so does letting go of the engine itself. The same request gives the same tokens whatever else
/// runs beside it.
public final class InferenceEngine: TextGenerator {
    public let modelName: String
    public let information: ModelInformation
    /// How long loading took.
    public let loadDuration: Duration
    /// For people: `cpu (avx512, 2 threads)`.
    public var backendDescription: String { loaded.backend.description }

    private let loaded: LoadedModel
    private let loop: EngineLoop

    /// Tokens of prompts that one step computes while other requests generate.
    private static let promptTokenCountBesideGeneration = 128

    private init(
        _ source: ModelSource, options: EngineOptions, faults: EngineFaults = EngineFaults(),
        onProgress: @escaping @Sendable (LoadingProgress) -> Void
    ) throws(EngineError) {
        let start = ContinuousClock.now
        for (field, count) in [("parallel", options.parallelCount), ("max_queue", options.maximumQueueLength)] {
            guard (field == "parallel" ? 1...LoadedModel.maximumBatchCount : 0...1 << 20).contains(count) else {
                throw EngineError(code: .invalidRequest, message: "\(field) cannot be \(count)", field: field)
            }
        }
        let loaded = try LoadedModel(source, options: options, onProgress: onProgress)
        self.loaded = loaded
        let plan = try CachePlan(
            options: options, trainedContextLength: loaded.model.configuration.contextLength,
            byteCountPerToken: loaded.cacheByteCountPerToken, residentByteCount: loaded.residentByteCount)
        modelName = Self.name(source, loaded.file)
        information = Self.information(loaded, contextLength: plan.contextLength, source)
        let scheduler = Scheduler(
            budget: StepBudget(
                tokenCount: LoadedModel.maximumBatchCount,
                promptTokenCountBesideGeneration: Self.promptTokenCountBesideGeneration),
            maximumRunningCount: options.parallelCount,
            pool: CacheBlockPool(blockCount: plan.blockCount, tokensPerBlock: CacheGeometry.tokensPerBlock))
        let cache: any DeviceCache
        do { cache = try loaded.makeCache(blockCount: plan.blockCount) } catch {
            throw EngineError(error, file: "\(source)")
        }
        loop = try EngineLoop(
            loaded: loaded, scheduler: scheduler, cache: cache,
            maximumActiveCount: options.parallelCount + options.maximumQueueLength, faults: faults)
        loadDuration = ContinuousClock.now - start
    }

    deinit { loop.close() }

    /// Opens a model and prepares it; weights stay where the file has them, unless they are to be quantized.
    ///
    /// - Parameter onProgress: Told after each matrix that was quantized.
    /// - Throws: `EngineError` that names the file and what stands in the way.
    @concurrent
    public static func load(
        _ source: ModelSource, options: EngineOptions = EngineOptions(),
        onProgress: @escaping @Sendable (LoadingProgress) -> Void = { _ in }
    ) async throws(EngineError) -> InferenceEngine {
        try await BlockingWork.run { () throws(EngineError) in
            try InferenceEngine(source, options: options, onProgress: onProgress)
        }
    }

    /// The same, with faults for tests.
    @concurrent
    package static func load(
        _ source: ModelSource, options: EngineOptions, faults: EngineFaults
    ) async throws(EngineError) -> InferenceEngine {
        try InferenceEngine(source, options: options, faults: faults, onProgress: { _ in })
    }

    /// The same for a `.gguf` file, or the first of a split set.
    @concurrent
    public static func load(
        path: String, options: EngineOptions = EngineOptions()
    ) async throws(EngineError) -> InferenceEngine {
        try await load(.file(path), options: options)
    }

    public var statistics: EngineStatistics { loop.statistics }

    @concurrent
    public func generate(
        _ request: GenerationRequest
    ) async throws(EngineError) -> AsyncThrowingStream<GenerationEvent, any Error> {
        try check(request.options)
        let prompt = try loaded.encode(request)
        guard prompt.tokenIDs.count < information.contextLength else {
            throw EngineError(
                code: .contextLengthExceeded,
                message: "the prompt has \(prompt.tokenIDs.count) tokens, but prompt and answer together may have "
                    + "\(information.contextLength); shorten it, or start with a larger --context-length",
                field: "prompt")
        }
        let generation = try Generation(
            prompt: prompt, options: request.options, contextLength: information.contextLength,
            tokenizer: loaded.tokenizer)
        return try loop.submit(generation, admission: request.admission)
    }

    private func check(_ options: GenerationOptions) throws(EngineError) {
        if let count = options.maximumTokenCount, count < 0 {
            throw EngineError(
                code: .invalidRequest, message: "max_tokens is \(count), but must be 0 or more", field: "max_tokens")
        }
        if let count = options.topLogProbabilityCount, !(0...20).contains(count) {
            throw EngineError(
                code: .invalidRequest, message: "top_logprobs is \(count), but must be from 0 to 20",
                field: "top_logprobs")
        }
        if let count = options.maximumToolCallCount, count < 1 {
            throw EngineError(
                code: .invalidRequest, message: "a limit of \(count) tool calls must be 1 or more",
                field: "parallel_tool_calls")
        }
        if options.stopSequences.contains(where: \.isEmpty) {
            throw EngineError(code: .invalidRequest, message: "a stop sequence is empty", field: "stop")
        }
    }

    public func tokenize(_ text: String, special: Bool) -> [Int32] {
        loaded.tokenizer.encode(text, special: special ? [.recognize, .addBeginAndEnd] : .plain)
    }

    public func detokenize(_ tokenIDs: [Int32], special: Bool) throws(EngineError) -> String {
        do {
            return String(decoding: try loaded.tokenizer.decode(tokenIDs, special: special), as: UTF8.self)
        } catch { throw EngineError(code: .invalidRequest, message: "\(error)", field: "tokens") }
    }

    /// Cancels what runs, refuses what comes, and returns when the engine computes no more.
    public func shutDown() async { await loop.shutDown() }

    /// `models/tiny-Q4_K_M.gguf` → `tiny-Q4_K_M`; a published model has the name of its folder.
    static func name(_ source: ModelSource, _ file: any ModelFile) -> String {
        guard case .file(let path) = source else { return source.description }
        if let model = file as? HuggingFaceModel { return model.name }
        let name = path.split(separator: "/").last.map(String.init) ?? path
        for ending in [".gguf", ".apr"] where name.hasSuffix(ending) { return String(name.dropLast(ending.count)) }
        return name
    }

    private static func information(
        _ loaded: LoadedModel, contextLength: Int, _ source: ModelSource
    ) -> ModelInformation {
        let created = modificationTime(of: source)
        let tensors = loaded.file.tensors
        return ModelInformation(
            architecture: loaded.model.configuration.architecture,
            parameterCount: tensors.reduce(0) { $0 + ($1.shape.elementCount ?? 0) },
            byteCount: tensors.reduce(0) { $0 + $1.byteRange.count }, contextLength: contextLength,
            vocabularySize: loaded.tokenizer.vocabularySize, chatTemplateProblem: loaded.chatTemplateProblem,
            bringsChatTemplate: loaded.bringsChatTemplate, toolCallParser: loaded.conventions.toolCalls?.name,
            reasoningParser: loaded.conventions.reasoning?.name, created: created)
    }

    /// Seconds since 1970; 0 for what is no file.
    static func modificationTime(of source: ModelSource) -> Int {
        var status = stat()
        guard case .file(let path) = source, stat(path, &status) == 0 else { return 0 }
        #if canImport(Glibc)
        return status.st_mtim.tv_sec
        #else
        return status.st_mtimespec.tv_sec
        #endif
    }
}
