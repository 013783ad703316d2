import Compute
import ModelFiles
import Tensors
import TestSupport
import TransformerModels

/// A model whose cache many sequences share, in blocks handed out at random.
final class SplitRun {
    private let model: TransformerModel
    private let cache: any DeviceCache
    /// Blocks that no sequence has; they hold what earlier plans left in them.
    private var free: [Int32]
    private var generator: SeededGenerator

    init(
        _ file: any ModelFile, _ instructionSet: InstructionSet, threads: Int, seed: UInt64,
        cacheType: ElementType? = nil
    ) throws {
        model = try TransformerModel(
            file: file,
            backend: CPUBackend(
                instructionSet: instructionSet, pool: ComputeThreadPool(threadCount: threads, pinned: false)),
            maximumBatchCount: SplitPlan.tokensPerStep)
        let blockCount = 6 * (SplitPlan.longest / CacheGeometry.tokensPerBlock + 1)
        cache = try model.makeCache(blockCount: blockCount, type: cacheType)
        free = Array(0..<Int32(blockCount))
        generator = SeededGenerator(seed: seed)
    }

    /// Bits of the logits `[T, V]` of each sequence.
    func logitBits(of plan: SplitPlan) -> [[UInt32]] {
        var blocks = plan.sequences.map { _ in [Int32]() }, bits = plan.sequences.map { _ in [UInt32]() }
        free.shuffle(using: &generator)
        for step in plan.steps {
            var tokenIDs: [Int32] = [], slices: [SequenceSlice] = []
            for piece in step {
                while blocks[piece.sequence].count * CacheGeometry.tokensPerBlock < piece.range.upperBound {
                    blocks[piece.sequence].append(free.removeLast())
                }
                let first = tokenIDs.count
                tokenIDs += plan.sequences[piece.sequence][piece.range]
                slices.append(
                    SequenceSlice(
                        tokens: first..<tokenIDs.count, startPosition: piece.range.lowerBound,
                        blocks: blocks[piece.sequence]))
            }
            let rows = tokenIDs.indices.shuffled(using: &generator)
            let logits = model.forward(
                Batch(tokenIDs: tokenIDs, sequences: slices, logitRows: rows), cache: cache)
            var ofToken = tokenIDs.map { _ in [UInt32]() }
            for (index, row) in rows.enumerated() { ofToken[row] = logits.row(index).map(\.bitPattern) }
            for (piece, slice) in zip(step, slices) { bits[piece.sequence] += ofToken[slice.tokens].joined() }
        }
        free += blocks.joined()
        return bits
    }
}
