import Compute
import ModelFiles
import TransformerModels

private let backend = CPUBackend(
    instructionSet: .scalar, pool: ComputeThreadPool(threadCount: 1, pinned: false))

/// Opens a model in memory, loads it, and computes two tokens: whatever the file says of its sizes, types and weights, kernels
/// stay inside their buffers.
func computeModel(_ bytes: [UInt8], path: String) {
    guard let file = try? openModelFile(contents: bytes, path: path),
        let model = try? TransformerModel(file: file, backend: backend, maximumBatchCount: 2),
        let cache = try? model.makeCache(blockCount: 1)
    else { return }
    let tokenIDs = [0, Int32(clamping: model.configuration.vocabularySize - 1)]
    let sequence = SequenceSlice(tokens: 0..<2, startPosition: 0, blocks: [0])
    let batch = Batch(tokenIDs: tokenIDs, sequences: [sequence], logitRows: [0, 1])
    let logits = model.forward(batch, cache: cache).values
    precondition(logits.count == 2 * model.configuration.vocabularySize, "\(logits.count) logits")
}
