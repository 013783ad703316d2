import Compute
import Foundation
import ModelFiles
import Tensors
import TestSupport
import TransformerModels

/// A model with a cache of one sequence.
final class ModelRun {
    let model: TransformerModel
    private let cache: any DeviceCache
    private let blocks: [Int32]

    init(
        _ file: any ModelFile, _ instructionSet: InstructionSet = .available[0], threads: Int = 1,
        maximumBatchCount: Int = 64, cacheType: ElementType? = nil
    ) throws {
        model = try TransformerModel(
            file: file,
            backend: CPUBackend(
                instructionSet: instructionSet, pool: ComputeThreadPool(threadCount: threads, pinned: false)),
            maximumBatchCount: maximumBatchCount)
        let count = model.configuration.contextLength / CacheGeometry.tokensPerBlock + 1
        cache = try model.makeCache(blockCount: count, type: cacheType)
        blocks = (0..<Int32(count)).reversed().map { $0 }
    }

    convenience init(path: String, _ instructionSet: InstructionSet = .available[0], threads: Int = 1) throws {
        try self.init(openModelFile(path: path), instructionSet, threads: threads)
    }

    /// Logits `[T, V]` of tokens that stand at `start`.
    func forward(_ tokenIDs: [Int32], at start: Int) -> [Float] {
        model.forward(
            Batch(
                tokenIDs: tokenIDs,
                sequences: [SequenceSlice(tokens: 0..<tokenIDs.count, startPosition: start, blocks: blocks)],
                logitRows: Array(tokenIDs.indices)),
            cache: cache
        ).values
    }

    /// The same in pieces.
    func forward(_ tokenIDs: [Int32], pieces: [Int]) -> [Float] {
        var logits: [Float] = [], start = 0
        for count in pieces {
            logits += forward(Array(tokenIDs[start..<start + count]), at: start)
            start += count
        }
        return logits
    }

    /// The likeliest tokens after a prompt.
    func greedy(after tokenIDs: [Int32], count: Int) -> [Int32] {
        var logits = forward(tokenIDs, at: 0).suffix(model.configuration.vocabularySize)
        var chosen: [Int32] = []
        for step in 0..<count {
            let best = logits.enumerated().max { $0.element < $1.element }?.offset ?? 0
            chosen.append(Int32(best))
            logits = forward([Int32(best)], at: tokenIDs.count + step)[...]
        }
        return chosen
    }
}

/// Logits by another implementation.
struct ReferenceLogits {
    let tokenIDs: [Int32]
    let logits: [Float]
    let greedy: [Int32]

    /// `Fixtures/models/NAME.logits`: 40 ids, then logits `[40, V]`.
    init(fixture name: String) throws {
        let values = Self.floats(try Fixtures.bytes("models/\(name).logits")[...])
        tokenIDs = values.prefix(40).map { Int32($0) }
        logits = Array(values.dropFirst(40))
        greedy = []
    }

    /// `reference.json` and `logits.npy` of a folder.
    init(folder: String) throws {
        struct Reference: Decodable {
            let tokens: [Int32]
            let greedy: [Int32]
        }
        let json = try Data(contentsOf: URL(fileURLWithPath: folder + "/reference.json"))
        let reference = try JSONDecoder().decode(Reference.self, from: json)
        tokenIDs = reference.tokens
        greedy = reference.greedy
        let npy = [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder + "/logits.npy")))
        let headerLength = Int(npy[8]) | Int(npy[9]) << 8  // NumPy's format 1.0
        logits = Self.floats(npy[(10 + headerLength)...])
    }

    private static func floats(_ bytes: ArraySlice<UInt8>) -> [Float] {
        stride(from: bytes.startIndex, to: bytes.endIndex - 3, by: 4).map { at in
            Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[at + $1]) << (8 * UInt32($1)) })
        }
    }

    /// The largest difference, and how many rows have the same likeliest token.
    func compare(_ found: [Float]) -> (largest: Float, agreeing: Int) {
        let size = logits.count / tokenIDs.count
        var largest: Float = found.count == logits.count ? 0 : .infinity, agreeing = 0
        for row in tokenIDs.indices where found.count == logits.count {
            let a = logits[row * size..<(row + 1) * size], b = found[row * size..<(row + 1) * size]
            largest = max(largest, zip(a, b).map { ($0 - $1).magnitude }.max() ?? .infinity)
            let best = { (row: ArraySlice<Float>) in row.firstIndex(of: row.max() ?? .nan).map { $0 - row.startIndex } }
            if best(a) == best(b) { agreeing += 1 }
        }
        return (largest, agreeing)
    }
}
