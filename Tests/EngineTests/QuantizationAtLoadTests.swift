import Engine
import Foundation
import Synchronization
import TestSupport
import Testing

@Suite("Quantization while loading")
struct QuantizationAtLoadTests {
    @Test(arguments: WeightQuantization.allCases)
    func `smaller weights give about the same logits and report their progress`(_ type: WeightQuantization) throws {
        let tokens: [Int32] = [5, 9, 100, 42, 7]
        let exact = try ModelSession(.demo, options: EngineOptions()).forward(tokens, allLogits: true)
        var options = EngineOptions()
        options.quantization = type
        let seen = Mutex<[LoadingProgress]>([])
        let session = try ModelSession(.demo, options: options) { progress in seen.withLock { $0.append(progress) } }
        let found = try session.forward(tokens, allLogits: true)
        let error = zip(exact, found).map { ($0 - $1) * ($0 - $1) }.reduce(0, +)
        let scale = exact.map { $0 * $0 }.reduce(0, +)
        // The largest of these types has steps of 1/15 of a group's span.
        #expect((error / scale).squareRoot() < 0.2, "\((error / scale).squareRoot())")
        let progress = seen.withLock { $0 }
        #expect(progress.last.map { $0.completedByteCount == $0.totalByteCount } ?? false)
        #expect(zip(progress, progress.dropFirst()).allSatisfy { $0.completedByteCount < $1.completedByteCount })
        #expect(session.weightByteCount > 0)
    }

    @Test(.enabled(if: SharedData.folder("parity") != nil, "\(SharedData.absent)"))
    func `float32 weights become a quarter and less, vectors stay`() throws {
        let folder = try #require(SharedData.folder("parity/qwen3")) + "/hf"
        var options = EngineOptions()
        let whole = try ModelSession(.file(folder), options: options)
        options.quantization = .q8_0
        let quantized = try ModelSession(.file(folder), options: options)
        let ratio = Double(quantized.weightByteCount) / Double(whole.weightByteCount)
        #expect(ratio > 0.26 && ratio < 0.27, "\(ratio)")  // 34 bytes for 32 values
        let tokens: [Int32] = [1, 2, 3, 4]
        let (a, b) = (try whole.forward(tokens, allLogits: false), try quantized.forward(tokens, allLogits: false))
        let error = zip(a, b).map { ($0 - $1) * ($0 - $1) }.reduce(0, +) / a.map { $0 * $0 }.reduce(0, +)
        // Random weights spread the rounding of weights and activations (1/254 of the largest of 32) over three layers.
        #expect(error > 0 && error.squareRoot() < 0.1, "\(error.squareRoot())")
    }
}
