internal import ChatTemplates
package import Compute
package import ModelFiles
package import Tensors
package import Tokenization
package import TransformerModels

/// A model with all that belongs to it, ready to be used by one engine.
package final class LoadedModel: Sendable {
    package let file: any ModelFile
    package let tokenizer: any Tokenizer
    package let model: TransformerModel
    package let backend: CPUBackend
    package let threadsArePinned: Bool
    package let cacheType: ElementType
    let chatTemplate: ChatTemplate?
    /// Why there is no chat template that can be used.
    let chatTemplateProblem: String?
    let bringsChatTemplate: Bool
    /// How the model writes reasoning and calls.
    let conventions: AnswerConventions
    /// Those of their markers that are control tokens of this model.
    let controlMarkers: Set<String>
    private let quantization: WeightQuantization?

    /// Tokens that one forward pass computes at most.
    package static let maximumBatchCount = 512

    /// - Throws: `.invalidModel`, `.unsupportedModel`, or `.invalidRequest` for options that this machine cannot fulfil.
    package init(
        _ source: ModelSource, options: EngineOptions,
        onProgress: @escaping @Sendable (LoadingProgress) -> Void = { _ in }
    ) throws(EngineError) {
        quantization = options.quantization
        let instructionSet: InstructionSet
        do {
            instructionSet = try .choose(options.instructionSet)
        } catch { throw EngineError(code: .invalidRequest, message: "\(error)", field: "instruction_set") }
        let threads = options.threadCount ?? AllowedCPUs.usableCount
        guard (1...1024).contains(threads) else {
            throw EngineError(
                code: .invalidRequest, message: "a thread count must be from 1 to 1024, found \(threads)",
                field: "threads")
        }
        do { file = try openModel(source) } catch { throw EngineError(error) }
        let tokenizer = try makeTokenizer(of: file)
        self.tokenizer = tokenizer
        threadsArePinned = options.pinsThreads && threads > 1 && threads == AllowedCPUs.count
        backend = CPUBackend(
            instructionSet: instructionSet,
            pool: ComputeThreadPool(threadCount: threads, pinned: threadsArePinned))
        do {
            model = try TransformerModel(
                file: file, backend: backend, maximumBatchCount: Self.maximumBatchCount,
                quantization: options.quantization.map { quantization in
                    QuantizationAtLoad(quantization.elementType) {
                        onProgress(LoadingProgress(completedByteCount: $0, totalByteCount: $1))
                    }
                })
        } catch { throw EngineError(error) }
        cacheType = options.cacheType?.elementType ?? model.usualCacheType
        guard tokenizer.vocabularySize <= model.configuration.vocabularySize else {
            throw EngineError(
                code: .invalidModel,
                message: "\(source): the tokenizer has \(tokenizer.vocabularySize) tokens, but token_embd.weight only "
                    + "\(model.configuration.vocabularySize) rows")
        }
        (chatTemplate, chatTemplateProblem, bringsChatTemplate) = try Self.chatTemplate(of: file, tokenizer: tokenizer)
        conventions = try Self.conventions(of: file, options: options)
        controlMarkers = conventions.markers.intersection(Self.controlTexts(of: tokenizer))
    }

    /// - Throws: `.invalidRequest` for a parser of another name than those that exist.
    static func conventions(
        of file: any ModelFile, options: EngineOptions
    ) throws(EngineError) -> AnswerConventions {
        let template: String?
        do { template = try file.metadata.string("tokenizer.chat_template") } catch { throw EngineError(error) }
        do {
            return try AnswerConventions(
                template: template ?? "", toolCallParser: options.toolCallParser,
                reasoningParser: options.reasoningParser)
        } catch { throw EngineError(code: .invalidRequest, message: "\(error)", field: "parser") }
    }

    private static func controlTexts(of tokenizer: any Tokenizer) -> Set<String> {
        let ids = (0..<tokenizer.vocabularySize).lazy.map { Int32($0) }.filter { tokenizer.isControl($0) }
        return Set(ids.map { String(decoding: tokenizer.vocabulary.text(of: Int($0)), as: UTF8.self) })
    }

    /// A broken template does not keep a model from completing text; it is told when a conversation is asked for.
    static func chatTemplate(
        of file: any ModelFile, tokenizer: any Tokenizer
    ) throws(EngineError) -> (ChatTemplate?, problem: String?, isThere: Bool) {
        let source: String?
        do { source = try file.metadata.string("tokenizer.chat_template") } catch { throw EngineError(error) }
        guard let source else { return (nil, "the model has no chat template", false) }
        do {
            return (try ChatTemplate(source: source, of: tokenizer), nil, true)
        } catch { return (nil, "the model's chat template cannot be read: \(error)", true) }
    }

    /// - Throws: `.invalidRequest` where the cache of all requests together would not fit into this machine, with what would.
    func checkMemory(contextLength: Int, parallelCount: Int) throws(EngineError) {
        let perToken = max(cacheByteCountPerToken, 1)
        let (tokens, overflow) = contextLength.multipliedReportingOverflow(by: parallelCount)
        let room = Machine.usableMemoryByteCount / perToken
        guard overflow || tokens > room else { return }
        throw EngineError(
            code: .invalidRequest,
            message: "the cache of \(parallelCount) requests of \(contextLength) tokens does not fit into "
                + "this machine's memory; a context length of \(room / parallelCount) would",
            field: "context_length")
    }

    /// What the model keeps in memory beside its cache that is no page of a mapped file: activations, and weights that were
    /// quantized.
    var residentByteCount: Int {
        model.activationByteCount + (quantization == nil ? 0 : model.weightByteCount)
    }

    /// Keys and values of one token.
    package var cacheByteCountPerToken: Int {
        model.configuration.cacheGeometry(blockCount: 0, type: cacheType).byteCountPerToken
    }

    func makeCache(blockCount: Int) throws(ComputeError) -> any DeviceCache {
        try model.makeCache(blockCount: blockCount, type: cacheType)
    }
}

extension WeightQuantization {
    var elementType: ElementType {
        switch self {
        case .q8_0: .q8_0
        case .q6K: .q6K
        case .q5K: .q5K
        case .q5_1: .q5_1
        case .q5_0: .q5_0
        case .q4K: .q4K
        case .q4_1: .q4_1
        case .q4_0: .q4_0
        }
    }
}
