import Benchmark
import Compute
import Tensors

/// Attention behind 512 and 4096 tokens: of one token, where reading the cache is the work, and of a prompt's 64.
func registerAttention() {
    for depth in [512, 4096] {
        let cache = FilledCache(depth: depth)
        register("attention at \(depth), 1 token", Rate.bytesRead, amount: cache.byteCountPerLayer) {
            try cache.attention(tokenCount: 1)
        }
        let keysSeen = (1...64).reduce(0) { $0 + depth + $1 }
        register(
            "attention at \(depth), 64 tokens", Rate.multiplyAdds,
            amount: 2 * keysSeen * Geometry.headCount * Geometry.headDimension
        ) {
            try cache.attention(tokenCount: 64)
        }
    }
}

/// One sequence's keys and values in so many layers that a round through them comes from memory.
private struct FilledCache {
    let depth: Int

    private static let stepTokenCount = 64
    private static let valuesPerToken = Geometry.keyValueHeadCount * Geometry.headDimension

    /// Keys and values of the tokens before, in float16.
    var byteCountPerLayer: Int { depth * 2 * Self.valuesPerToken * 2 }
    private var layerCount: Int { Geometry.coldByteCount / byteCountPerLayer }
    private var blocks: [Int32] { Array(0..<Int32((depth + Self.stepTokenCount) / CacheGeometry.tokensPerBlock)) }

    /// Attention of the `tokenCount` tokens behind `depth` others, each time in the next layer.
    func attention(tokenCount: Int) throws -> () -> any DeviceBuffer {
        let backend = try CPUBackend.make()
        let cache = try fill(backend)
        let count = tokenCount * Geometry.headCount * Geometry.headDimension
        let queries = try backend.makeRandomBuffer(count: count, seed: 3)
        let output = try backend.makeBuffer(count: count)
        let sequences = [SequenceSlice(tokens: 0..<tokenCount, startPosition: depth, blocks: blocks)]
        let scale = 1 / Float(Geometry.headDimension).squareRoot()
        var layer = 0
        return {
            backend.attend(
                queries: queries, headCount: Geometry.headCount, scale: scale, cache: cache, layer: layer,
                sequences: sequences, into: output)
            layer = (layer + 1) % layerCount
            return output
        }
    }

    private func fill(_ backend: CPUBackend) throws -> any DeviceCache {
        let cache = try backend.makeCache(
            CacheGeometry(
                layerCount: layerCount, keyValueHeadCount: Geometry.keyValueHeadCount,
                headDimension: Geometry.headDimension, blockCount: blocks.count, elementType: .float16))
        let tokenCount = depth + Self.stepTokenCount
        let keys = try backend.makeRandomBuffer(count: tokenCount * Self.valuesPerToken, seed: 1)
        let values = try backend.makeRandomBuffer(count: tokenCount * Self.valuesPerToken, seed: 2)
        for layer in 0..<layerCount {
            backend.store(
                keys: keys, values: values, in: cache, layer: layer,
                sequences: [SequenceSlice(tokens: 0..<tokenCount, startPosition: 0, blocks: blocks)])
        }
        return cache
    }
}
