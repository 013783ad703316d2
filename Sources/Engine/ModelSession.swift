internal import Compute
internal import Tokenization
internal import TransformerModels

/// A model and sequences of tokens, driven by hand: for benchmarks, traces and parity checks.
package final class ModelSession {
    private let loaded: LoadedModel
    private let cache: any DeviceCache
    private let contextLength: Int
    private var sequences: [CachedSequence]

    /// Cache blocks of one sequence, and how many tokens they hold.
    private struct CachedSequence {
        let blocks: [Int32]
        var tokenCount = 0
    }

    /// Far beyond any model's; keeps sums of positions far from overflow.
    private static let maximumContextLength = 1 << 24

    /// - Parameter sequenceCount: How many sequences there are, each with a context of its own.
    /// - Throws: As `InferenceEngine.load`; the context may be longer than the model was made for, since only speed or numbers
    ///   are asked.
    package init(
        _ source: ModelSource, options: EngineOptions, sequenceCount: Int = 1,
        onProgress: @escaping @Sendable (LoadingProgress) -> Void = { _ in }
    ) throws(EngineError) {
        loaded = try LoadedModel(source, options: options, onProgress: onProgress)
        contextLength = options.contextLength ?? min(loaded.model.configuration.contextLength, 4096)
        guard (1...Self.maximumContextLength).contains(contextLength) else {
            throw EngineError(
                code: .invalidRequest,
                message: "a context length must be from 1 to \(Self.maximumContextLength), found \(contextLength)",
                field: "context_length")
        }
        guard (1...LoadedModel.maximumBatchCount).contains(sequenceCount) else {
            throw EngineError(
                code: .invalidRequest,
                message:
                    "at most \(LoadedModel.maximumBatchCount) sequences go through one pass, found \(sequenceCount)")
        }
        try loaded.checkMemory(contextLength: contextLength, parallelCount: sequenceCount)
        let count = (contextLength + CacheGeometry.tokensPerBlock - 1) / CacheGeometry.tokensPerBlock
        do { cache = try loaded.makeCache(blockCount: count * sequenceCount) } catch {
            throw EngineError(error, file: "\(source)")
        }
        sequences = (0..<sequenceCount).map { sequence in
            CachedSequence(blocks: (sequence * count..<(sequence + 1) * count).map { Int32(clamping: $0) })
        }
        if loaded.threadsArePinned { AllowedCPUs.keepCallingThread(toCPUOf: 0) }
    }

    /// A text as tokens: names of special tokens in it are text, and the tokens that the model puts around texts are added.
    func encodeText(_ text: [UInt8]) -> [Int32] {
        loaded.tokenizer.encode(utf8: text, special: [.addBeginAndEnd])
    }

    /// The token that this model puts before texts; nil where it puts none.
    var beginTokenOfTexts: Int32? { loaded.tokenizer.addsBeginToken ? loaded.tokenizer.beginTokenID : nil }

    package var vocabularySize: Int { loaded.model.configuration.vocabularySize }
    package var contextLengthOfModel: Int { loaded.model.configuration.contextLength }
    package var instructionSetName: String { instructionSet.rawValue }
    var instructionSet: InstructionSet { loaded.backend.instructionSet }
    package var threadCount: Int { loaded.backend.pool.threadCount }
    /// Bytes of weights that a decoded token reads.
    package var weightByteCount: Int { loaded.model.weightByteCount }
    package var cacheByteCountPerToken: Int { loaded.cacheByteCountPerToken }
    package var cacheType: CacheType? { CacheType(loaded.cacheType) }

    /// What a pass over tokens of one or more sequences takes at least.
    ///
    /// - Parameters:
    ///   - tokenCount: Tokens that pass through the layers.
    ///   - logitRowCount: Tokens whose logits are computed.
    ///   - cachedTokenCount: Tokens of all sequences together whose keys and values are read.
    package func work(tokenCount: Int, logitRowCount: Int, cachedTokenCount: Int) -> StepWork {
        let layers = loaded.model.multiplyAddsPerToken, logits = loaded.model.multiplyAddsPerLogitRow
        return StepWork(
            byteCount: weightByteCount + cachedTokenCount * cacheByteCountPerToken,
            int8MultiplyAdds: tokenCount * layers.int8 + logitRowCount * logits.int8,
            floatMultiplyAdds: tokenCount * layers.float + logitRowCount * logits.float)
    }

    /// Forgets all tokens.
    package func reset() { rewind(to: 0) }

    /// Forgets what comes behind the first `count` tokens of each sequence.
    package func rewind(to count: Int) {
        for index in sequences.indices {
            sequences[index].tokenCount = min(sequences[index].tokenCount, max(count, 0))
        }
    }

    /// Appends one token to each of the first sequences, all in one pass, as a server does it.
    ///
    /// - Parameter tokenIDs: At most as many as there are sequences, all within the vocabulary.
    /// - Returns: Logits `[S, V]`.
    /// - Throws: As `forward(_:allLogits:)`.
    package func decode(_ tokenIDs: [Int32]) throws(EngineError) -> [Float] {
        try checkVocabulary(tokenIDs)
        guard tokenIDs.count <= sequences.count else {
            throw EngineError(
                code: .invalidRequest, message: "\(tokenIDs.count) tokens for \(sequences.count) sequences")
        }
        var slices: [SequenceSlice] = []
        for index in tokenIDs.indices {
            try checkRoom(for: 1, in: index)
            slices.append(
                SequenceSlice(
                    tokens: index..<index + 1, startPosition: sequences[index].tokenCount,
                    blocks: sequences[index].blocks))
            sequences[index].tokenCount += 1
        }
        return loaded.model.forward(
            Batch(tokenIDs: tokenIDs, sequences: slices, logitRows: Array(tokenIDs.indices)), cache: cache
        ).values
    }

    /// Appends tokens to a sequence.
    ///
    /// - Returns: Logits `[T, V]`, or `[1, V]` of the last token only.
    /// - Throws: `.invalidRequest` for ids outside the vocabulary, `.contextLengthExceeded`.
    package func forward(
        _ tokenIDs: [Int32], allLogits: Bool, sequence: Int = 0
    ) throws(EngineError) -> [Float] {
        try forward(tokenIDs, allLogits: allLogits, sequence: sequence, observer: nil)
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
        let logits = try forward(tokenIDs, allLogits: true, sequence: 0) { layer, step, values in
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

    private func checkVocabulary(_ tokenIDs: [Int32]) throws(EngineError) {
        guard let stranger = tokenIDs.first(where: { $0 < 0 || Int($0) >= vocabularySize }) else { return }
        throw EngineError(
            code: .invalidRequest, message: "token \(stranger) is not in the vocabulary of 0...\(vocabularySize - 1)")
    }

    private func checkRoom(for count: Int, in sequence: Int) throws(EngineError) {
        let needed = sequences[sequence].tokenCount + count
        guard needed > contextLength else { return }
        throw EngineError(
            code: .contextLengthExceeded,
            message: "\(needed) tokens do not fit a context of \(contextLength); give a larger --context-length")
    }

    private func forward(
        _ tokenIDs: [Int32], allLogits: Bool, sequence index: Int, observer: ForwardObserver?
    ) throws(EngineError) -> [Float] {
        precondition(sequences.indices.contains(index), "ModelSession: no sequence \(index) of \(sequences.count)")
        try checkVocabulary(tokenIDs)
        try checkRoom(for: tokenIDs.count, in: index)
        var logits: [Float] = []
        for start in stride(from: 0, to: tokenIDs.count, by: LoadedModel.maximumBatchCount) {
            let part = Array(tokenIDs[start..<min(start + LoadedModel.maximumBatchCount, tokenIDs.count)])
            let isLast = start + part.count == tokenIDs.count
            let slice = SequenceSlice(
                tokens: 0..<part.count, startPosition: sequences[index].tokenCount, blocks: sequences[index].blocks)
            let rows = allLogits ? Array(part.indices) : isLast ? [part.count - 1] : []
            logits +=
                loaded.model.forward(
                    Batch(tokenIDs: part, sequences: [slice], logitRows: rows), cache: cache, observer: observer
                ).values
            sequences[index].tokenCount += part.count
        }
        return logits
    }
}
