import Compute
import Foundation
import Tensors
import TestSupport
import Testing

#if os(Linux)
@Suite("Memory of the key/value cache")
struct CacheMemoryTests {
    /// Bytes of the process's own memory that are in RAM.
    static func residentByteCount() throws -> Int {
        let text = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let match = try #require(text.firstMatch(of: /RssAnon:\s+(\d+) kB/))
        return (Int(match.1) ?? 0) * 1024
    }

    @Test func `blocks that are discarded give their pages back, and their neighbours keep theirs`() throws {
        let backend = BackendSupport.backend(.scalar)
        // 32 tokens of 64 layers, 8 heads of 64 channels, keys and values in float16: 4 MiB a block.
        let geometry = CacheGeometry(
            layerCount: 64, keyValueHeadCount: 8, headDimension: 64, blockCount: 16, elementType: .float16)
        let cache = try backend.makeCache(geometry)
        let count = 16 * CacheGeometry.tokensPerBlock, width = 8 * 64
        var random = SeededGenerator(seed: 5)
        let values = (0..<count * width).map { _ in Float.random(in: -1...1, using: &random) }
        let buffer = try BackendSupport.buffer(values, backend), output = try backend.makeBuffer(count: width)
        let all = SequenceSlice(tokens: 0..<count, startPosition: 0, blocks: Array(0..<16))
        for layer in 0..<geometry.layerCount {
            backend.store(keys: buffer, values: buffer, in: cache, layer: layer, sequences: [all])
        }
        // One more token behind 63 that lie in the first and the last block.
        let query = try BackendSupport.buffer(Array(values.prefix(width)), backend)
        func attended(_ layer: Int) -> [UInt32] {
            backend.attend(
                queries: query, headCount: 8, scale: 0.125, cache: cache, layer: layer,
                sequences: [SequenceSlice(tokens: 0..<1, startPosition: 63, blocks: [0, 15])], into: output)
            return backend.read(output, count: width).bitPatterns
        }
        let before = try (attended(0), attended(63), Self.residentByteCount())
        cache.discard(1..<15)
        let after = try Self.residentByteCount()
        // Of 56 MiB, beside what other tests do meanwhile.
        #expect(before.2 - after > 40 << 20, "\(before.2) → \(after)")
        #expect(attended(0) == before.0 && attended(63) == before.1)
        #expect(before.0.contains { $0 != 0 })
        // They can be written again.
        backend.store(keys: buffer, values: buffer, in: cache, layer: 0, sequences: [all])
        cache.discard(3..<3)
        #expect(attended(0) == before.0)
    }
}
#endif
