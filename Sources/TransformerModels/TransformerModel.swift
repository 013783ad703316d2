package import Compute
package import ModelFiles
package import Tensors

/// A decoder of the Llama kind: a batch of tokens in, logits out. Keys and values go to a cache that the caller divides up.
///
/// One thread at a time uses a model. The bits of a token's logits depend on the tokens before it in its sequence and on nothing
/// else: not on its company in the batch, the pieces its prompt came in, or the number of threads.
package final class TransformerModel: Sendable {
    package let configuration: TransformerConfiguration
    package let architecture: Architecture
    package let backend: any ComputeBackend
    /// Tokens that one batch may have.
    package let maximumBatchCount: Int

    private let embedding: any DeviceMatrix  // [V, C]
    private let blocks: [TransformerBlock]
    private let finalNorm: any DeviceBuffer  // [C]
    private let unembedding: any DeviceMatrix  // [V, C], the embedding itself where the file has no other
    private let rotary: RotaryEmbedding
    private let buffers: StepBuffers
    private let file: any ModelFile

    /// - Parameter quantization: Makes matrices smaller; nil uses them as the file has them.
    /// - Throws: `TransformerModelError` naming the file and the key or tensor that stands in the way.
    package convenience init(
        file: any ModelFile, backend: any ComputeBackend, maximumBatchCount: Int,
        quantization: QuantizationAtLoad? = nil
    ) throws(TransformerModelError) {
        try self.init(
            file: file, backend: backend, maximumBatchCount: maximumBatchCount, quantization: quantization,
            problems: nil)
    }

    /// Everything about a file that keeps it from being a model that runs here, as far as it can be told without computing.
    package static func problems(of file: any ModelFile) -> [TransformerModelError] {
        let problems = WeightProblems()
        let backend = CPUBackend(
            instructionSet: .scalar, pool: ComputeThreadPool(threadCount: 1, pinned: false))
        do {
            _ = try TransformerModel(
                file: file, backend: backend, maximumBatchCount: 1, quantization: nil, problems: problems)
            return problems.errors
        } catch { return problems.errors + [error] }
    }

    private init(
        file: any ModelFile, backend: any ComputeBackend, maximumBatchCount: Int, quantization: QuantizationAtLoad?,
        problems: WeightProblems?
    ) throws(TransformerModelError) {
        self.file = file
        self.backend = backend
        self.maximumBatchCount = maximumBatchCount
        let (architecture, c) = try Self.configuration(of: file)
        self.architecture = architecture
        configuration = c

        var loader = WeightLoader(file: file, backend: backend, quantization: quantization, problems: problems)
        let isTied = !loader.has("output.weight")
        embedding = try loader.matrix(
            "token_embd.weight", rows: c.vocabularySize, columns: c.hiddenSize, isOutput: isTied)
        var blocks: [TransformerBlock] = []
        for layer in 0..<c.layerCount {
            blocks.append(
                try TransformerBlock(layer: layer, architecture: architecture, configuration: c, loader: &loader))
        }
        self.blocks = blocks
        finalNorm = try loader.vector("output_norm.weight", count: c.hiddenSize)
        unembedding =
            isTied
            ? embedding
            : try loader.matrix("output.weight", rows: c.vocabularySize, columns: c.hiddenSize, isOutput: true)
        rotary = try Self.rotary(c, loader: &loader)
        try loader.checkAllUsed()
        do {
            buffers = try StepBuffers(configuration: c, tokenCount: maximumBatchCount, backend: backend)
        } catch { throw .compute(file: file.path, error) }
    }

    /// What a file says of its model, without a look at the weights.
    static func configuration(
        of file: any ModelFile
    ) throws(TransformerModelError) -> (Architecture, TransformerConfiguration) {
        let name: String
        do { name = try file.metadata.requiredString("general.architecture") } catch { throw .file(error) }
        guard let architecture = Architecture.named(name) else {
            throw .unsupportedArchitecture(file: file.path, name)
        }
        guard let table = file.entry(named: "token_embd.weight"), let rows = table.shape.dimensions.first else {
            throw .missingTensor(file: file.path, "token_embd.weight")
        }
        do {
            return (
                architecture, try TransformerConfiguration(file.metadata, architecture: name, vocabularySize: rows)
            )
        } catch { throw .file(error) }
    }

    private static func rotary(
        _ c: TransformerConfiguration, loader: inout WeightLoader
    ) throws(TransformerModelError) -> RotaryEmbedding {
        let factors = try loader.optionalVector("rope_freqs.weight", count: c.rotaryDimension / 2)
        let values = factors.map { loader.backend.read($0, count: $0.count) }
        guard values?.allSatisfy({ $0.isFinite && $0 > 0 }) ?? true else {
            throw .invalidValue(
                file: loader.file.path, tensor: "rope_freqs.weight", expected: "finite numbers above 0")
        }
        return RotaryEmbedding(
            dimension: c.rotaryDimension, base: c.rotaryBase, scaling: c.rotaryScaling, factors: values)
    }

    /// Bytes of the weights that one decoded token reads.
    package var weightByteCount: Int {
        blocks.flatMap(\.matrices).reduce(unembedding.byteCount) { $0 + $1.byteCount }
    }

    /// Bytes of the activations of one step.
    package var activationByteCount: Int {
        4 * StepBuffers.valueCount(configuration: configuration, tokenCount: maximumBatchCount)
    }

    /// Multiply-adds of the products over weights for one token, without the logits, which a prompt's tokens do not need.
    package var multiplyAddsPerToken: MultiplyAdds { MultiplyAdds(blocks.flatMap(\.matrices)) }

    /// Multiply-adds for one row of logits.
    package var multiplyAddsPerLogitRow: MultiplyAdds { MultiplyAdds([unembedding]) }

    /// How many multiply-adds are of int8 and how many of float32: it depends on the weights' types.
    package struct MultiplyAdds: Sendable {
        package let int8: Int
        package let float: Int

        init(_ matrices: [any DeviceMatrix]) {
            let counts = Dictionary(grouping: matrices) { $0.elementType.blockFormat.elementsPerBlock > 1 }
                .mapValues { $0.reduce(0) { $0 + $1.rows * $1.columns } }
            int8 = counts[true] ?? 0
            float = counts[false] ?? 0
        }
    }

    /// Unless told otherwise, keys and values are kept as exactly as the weights that make them: float32 beside float32 weights,
    /// float16 beside all others.
    package var usualCacheType: ElementType {
        Self.usualCacheType(besides: blocks.first.map { [$0.key.elementType, $0.value.elementType] } ?? [])
    }

    static func usualCacheType(besides types: [ElementType]) -> ElementType {
        !types.isEmpty && types.allSatisfy { $0 == .float32 } ? .float32 : .float16
    }

    /// - Parameter type: One of `CacheFormat.supported`; nil for `usualCacheType`.
    package func makeCache(blockCount: Int, type: ElementType? = nil) throws(ComputeError) -> any DeviceCache {
        try backend.makeCache(configuration.cacheGeometry(blockCount: blockCount, type: type ?? usualCacheType))
    }

    /// One pass over the batch's tokens; the cache gains their keys and values.
    ///
    /// - Precondition: At most `maximumBatchCount` tokens, all ids within the vocabulary; each sequence's blocks have room.
    package func forward(
        _ batch: Batch, cache: any DeviceCache, observer: ForwardObserver? = nil, timer: ForwardTimer? = nil
    ) -> Logits {
        let c = configuration, count = batch.tokenIDs.count, b = buffers
        precondition(
            count > 0 && count <= maximumBatchCount, "forward: \(count) tokens, at most \(maximumBatchCount)")
        let angles = rotary.angles(of: batch.sequences, tokenCount: count)
        let step = ForwardStep(model: self, batch: batch, cache: cache, angles: angles, observer: observer)
        backend.embed(batch.tokenIDs, from: embedding, into: b.residual)
        step.observe(nil, "embedding", b.residual, width: c.hiddenSize)
        timer?.endEmbedding()
        for (layer, block) in blocks.enumerated() {
            step.attention(layer, block)
            step.feedForward(layer, block)
            timer?.endLayer()
        }
        defer { timer?.endLogits() }
        return logits(of: batch, step)
    }

    private func logits(of batch: Batch, _ step: ForwardStep) -> Logits {
        let c = configuration, b = buffers
        var values: [Float] = []
        values.reserveCapacity(batch.logitRows.count * c.vocabularySize)
        for start in stride(from: 0, to: batch.logitRows.count, by: StepBuffers.logitRowCount) {
            let rows = Array(batch.logitRows[start..<min(start + StepBuffers.logitRowCount, batch.logitRows.count)])
            backend.gather(rows: rows, width: c.hiddenSize, from: b.residual, into: b.normalized)
            backend.normalize(
                b.normalized, rows: rows.count, weight: finalNorm, epsilon: c.normEpsilon, into: b.normalized)
            step.observe(nil, "final norm", b.normalized, count: rows.count * c.hiddenSize)
            backend.multiply(
                [MatrixProduct(weights: unembedding, output: b.logits)], input: b.normalized, tokenCount: rows.count)
            step.observe(nil, "logits", b.logits, count: rows.count * c.vocabularySize)
            values += backend.read(b.logits, count: rows.count * c.vocabularySize)
        }
        return Logits(rowCount: batch.logitRows.count, vocabularySize: c.vocabularySize, values: values)
    }

    /// One pass's own values, and the two halves of a layer.
    private struct ForwardStep {
        let model: TransformerModel
        let batch: Batch
        let cache: any DeviceCache
        let angles: RotaryAngles
        let observer: ForwardObserver?

        func attention(_ layer: Int, _ block: TransformerBlock) {
            let c = model.configuration, b = model.buffers, backend = model.backend, count = batch.tokenIDs.count
            let queryWidth = c.headCount * c.headDimension, keyWidth = c.keyValueHeadCount * c.headDimension
            let pairing = c.rotaryPairing ?? model.architecture.rotaryPairing
            backend.normalize(
                b.residual, rows: count, weight: block.attentionNorm, epsilon: c.normEpsilon, into: b.normalized)
            observe(layer, "attention norm", b.normalized, width: c.hiddenSize)
            backend.multiply(
                [
                    MatrixProduct(weights: block.query, bias: block.queryBias, output: b.queries),
                    MatrixProduct(weights: block.key, bias: block.keyBias, output: b.keys),
                    MatrixProduct(weights: block.value, bias: block.valueBias, output: b.values),
                ], input: b.normalized, tokenCount: count)
            if let queryNorm = block.queryNorm, let keyNorm = block.keyNorm {
                backend.normalize(
                    b.queries, rows: count * c.headCount, weight: queryNorm, epsilon: c.normEpsilon, into: b.queries)
                backend.normalize(
                    b.keys, rows: count * c.keyValueHeadCount, weight: keyNorm, epsilon: c.normEpsilon, into: b.keys)
            }
            backend.rotate(
                b.queries, headCount: c.headCount, headDimension: c.headDimension, angles: angles, pairing: pairing)
            backend.rotate(
                b.keys, headCount: c.keyValueHeadCount, headDimension: c.headDimension, angles: angles,
                pairing: pairing)
            observe(layer, "queries", b.queries, width: queryWidth)
            observe(layer, "keys", b.keys, width: keyWidth)
            observe(layer, "values", b.values, width: keyWidth)
            backend.store(keys: b.keys, values: b.values, in: cache, layer: layer, sequences: batch.sequences)
            backend.attend(
                queries: b.queries, headCount: c.headCount, scale: 1 / Float(c.headDimension).squareRoot(),
                cache: cache, layer: layer, sequences: batch.sequences, into: b.attended)
            observe(layer, "attention", b.attended, width: queryWidth)
            backend.multiply(
                [MatrixProduct(weights: block.output, bias: block.outputBias, output: b.projected)],
                input: b.attended, tokenCount: count)
            observe(layer, "attention output", b.projected, width: c.hiddenSize)
            backend.add(b.projected, to: b.residual, count: count * c.hiddenSize)
        }

        func feedForward(_ layer: Int, _ block: TransformerBlock) {
            let c = model.configuration, b = model.buffers, backend = model.backend, count = batch.tokenIDs.count
            backend.normalize(
                b.residual, rows: count, weight: block.feedForwardNorm, epsilon: c.normEpsilon, into: b.normalized)
            observe(layer, "feed-forward norm", b.normalized, width: c.hiddenSize)
            backend.multiply(
                [
                    MatrixProduct(weights: block.gate, output: b.gate),
                    MatrixProduct(weights: block.up, output: b.up),
                ], input: b.normalized, tokenCount: count)
            backend.multiplySiLU(gate: b.gate, up: b.up, count: count * c.feedForwardSize, into: b.gate)
            observe(layer, "feed-forward gated", b.gate, width: c.feedForwardSize)
            backend.multiply(
                [MatrixProduct(weights: block.down, output: b.projected)], input: b.gate, tokenCount: count)
            observe(layer, "feed-forward output", b.projected, width: c.hiddenSize)
            backend.add(b.projected, to: b.residual, count: count * c.hiddenSize)
            observe(layer, "residual", b.residual, width: c.hiddenSize)
        }

        func observe(_ layer: Int?, _ step: String, _ buffer: any DeviceBuffer, width: Int) {
            observe(layer, step, buffer, count: batch.tokenIDs.count * width)
        }

        func observe(_ layer: Int?, _ step: String, _ buffer: any DeviceBuffer, count: Int) {
            guard let observer else { return }
            observer(layer, step, model.backend.read(buffer, count: count))
        }
    }
}

/// Activations of one step, reserved once for the largest batch.
struct StepBuffers: Sendable {
    /// Rows of logits that are computed at a time.
    static let logitRowCount = 16

    let residual: any DeviceBuffer  // [T, C]
    let normalized: any DeviceBuffer  // [T, C]
    let projected: any DeviceBuffer  // [T, C]
    let queries: any DeviceBuffer  // [T, H, D]
    let attended: any DeviceBuffer  // [T, H, D]
    let keys: any DeviceBuffer  // [T, K, D]
    let values: any DeviceBuffer  // [T, K, D]
    let gate: any DeviceBuffer  // [T, F]
    let up: any DeviceBuffer  // [T, F]
    let logits: any DeviceBuffer  // [16, V]

    /// Of all of them together, in float32 values.
    static func valueCount(configuration c: TransformerConfiguration, tokenCount: Int) -> Int {
        let queryWidth = c.headCount * c.headDimension, keyWidth = c.keyValueHeadCount * c.headDimension
        let perToken = 2 * c.hiddenSize + 2 * queryWidth + 2 * keyWidth + 2 * c.feedForwardSize
        return tokenCount * perToken + max(tokenCount, logitRowCount) * c.hiddenSize + logitRowCount * c.vocabularySize
    }

    init(
        configuration c: TransformerConfiguration, tokenCount: Int, backend: any ComputeBackend
    ) throws(ComputeError) {
        let queryWidth = c.headCount * c.headDimension, keyWidth = c.keyValueHeadCount * c.headDimension
        residual = try backend.makeBuffer(count: tokenCount * c.hiddenSize)
        normalized = try backend.makeBuffer(count: max(tokenCount, Self.logitRowCount) * c.hiddenSize)
        projected = try backend.makeBuffer(count: tokenCount * c.hiddenSize)
        queries = try backend.makeBuffer(count: tokenCount * queryWidth)
        attended = try backend.makeBuffer(count: tokenCount * queryWidth)
        keys = try backend.makeBuffer(count: tokenCount * keyWidth)
        values = try backend.makeBuffer(count: tokenCount * keyWidth)
        gate = try backend.makeBuffer(count: tokenCount * c.feedForwardSize)
        up = try backend.makeBuffer(count: tokenCount * c.feedForwardSize)
        logits = try backend.makeBuffer(count: Self.logitRowCount * c.vocabularySize)
    }
}
