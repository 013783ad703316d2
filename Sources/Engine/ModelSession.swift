internal import Compute
internal import TransformerModels

/// A model and one sequence of tokens, driven by hand: for benchmarks, traces and parity checks.
package final class ModelSession {
    private let loaded: LoadedModel
    private let cache: any DeviceCache
    private let blocks: [Int32]
    private let contextLength: Int
    private var tokenCount = 0

    /// Far beyond any model's; keeps sums of positions far from overflow.
    private static let maximumContextLength = 1 << 24

    /// - Throws: As `InferenceEngine.load`; the context may be longer than the model was made for, since only speed or numbers
    ///   are asked.
    package init(_ source: ModelSource, options: EngineOptions) throws(EngineError) {
        loaded = try LoadedModel(source, options: options)
        contextLength = options.contextLength ?? min(loaded.model.configuration.contextLength, 4096)
        guard (1...Self.maximumContextLength).contains(contextLength) else {
            throw EngineError(
                code: .invalidRequest,
                message: "a context length must be from 1 to \(Self.maximumContextLength), found \(contextLength)",
                field: "context_length")
        }
        try loaded.checkMemory(contextLength: contextLength, parallelCount: 1)
        let count = (contextLength + CacheGeometry.tokensPerBlock - 1) / CacheGeometry.tokensPerBlock
        do { cache = try loaded.model.makeCache(blockCount: count) } catch {
            throw EngineError(error, file: "\(source)")
        }
        blocks = (0..<Int32(clamping: count)).map { $0 }
        if loaded.threadsArePinned { AllowedCPUs.keepCallingThread(toCPUOf: 0) }
    }

    package var vocabularySize: Int { loaded.model.configuration.vocabularySize }
    package var instructionSetName: String { loaded.backend.instructionSet.rawValue }
    package var threadCount: Int { loaded.backend.pool.threadCount }
    /// Bytes of weights that a decoded token reads.
    package var weightByteCount: Int { loaded.model.weightByteCount }
    package var cacheByteCountPerToken: Int { loaded.cacheByteCountPerToken }
    /// Multiply-adds over weights for one token of a prompt.
    package var multiplyAccumulatesPerToken: Int { loaded.model.multiplyAddsPerToken }

    /// Forgets all tokens.
    package func reset() { tokenCount = 0 }

    /// Appends tokens to the sequence.
    ///
    /// - Returns: Logits `[T, V]`, or `[1, V]` of the last token only.
    /// - Throws: `.invalidRequest` for ids outside the vocabulary, `.contextLengthExceeded`.
    package func forward(_ tokenIDs: [Int32], allLogits: Bool) throws(EngineError) -> [Float] {
        try forward(tokenIDs, allLogits: allLogits, observer: nil)
    }

    /// A forward pass over a fresh sequence, with statistics of every step.
    package func trace(_ tokenIDs: [Int32]) throws(EngineError) -> ModelTrace {
        reset()
        var steps: [TraceStep] = []
        // A prompt longer than a pass would give each step several times.
        guard tokenIDs.count <= LoadedModel.maximumBatchCount else {
            throw EngineError(
                code: .invalidRequest,
                message: "a trace takes at most \(LoadedModel.maximumBatchCount) tokens, found \(tokenIDs.count)")
        }
        // Logits come a few rows at a time: what stands behind the layers is put together before it is described.
        var behind: [(step: String, values: [Float])] = []
        let logits = try forward(tokenIDs, allLogits: true) { layer, step, values in
            if layer == nil, !steps.isEmpty {
                if let index = behind.firstIndex(where: { $0.step == step }) {
                    behind[index].values += values
                } else {
                    behind.append((step, values))
                }
            } else {
                steps.append(TraceStep(layer: layer, step: step, statistics: TensorStatistics(values)))
            }
        }
        steps += behind.map { TraceStep(layer: nil, step: $0.step, statistics: TensorStatistics($0.values)) }
        return ModelTrace(steps: steps, logits: logits)
    }

    private func forward(
        _ tokenIDs: [Int32], allLogits: Bool, observer: ForwardObserver?
    ) throws(EngineError) -> [Float] {
        if let stranger = tokenIDs.first(where: { $0 < 0 || Int($0) >= vocabularySize }) {
            throw EngineError(
                code: .invalidRequest,
                message: "token \(stranger) is not in the vocabulary of 0...\(vocabularySize - 1)")
        }
        guard tokenCount + tokenIDs.count <= contextLength else {
            throw EngineError(
                code: .contextLengthExceeded,
                message: "\(tokenCount + tokenIDs.count) tokens do not fit a context of \(contextLength); "
                    + "give a larger --context-length")
        }
        var logits: [Float] = []
        for start in stride(from: 0, to: tokenIDs.count, by: LoadedModel.maximumBatchCount) {
            let part = Array(tokenIDs[start..<min(start + LoadedModel.maximumBatchCount, tokenIDs.count)])
            let isLast = start + part.count == tokenIDs.count
            let slice = SequenceSlice(tokens: 0..<part.count, startPosition: tokenCount, blocks: blocks)
            let rows = allLogits ? Array(part.indices) : isLast ? [part.count - 1] : []
            logits +=
                loaded.model.forward(
                    Batch(tokenIDs: part, sequences: [slice], logitRows: rows), cache: cache, observer: observer
                ).values
            tokenCount += part.count
        }
        return logits
    }
}
