import Engine
import ModelFiles
import Realizar
import TestSupport
import Testing

@Suite("Prefix cache", .timeLimit(.minutes(3)))
struct PrefixCacheTests {
    /// Bytes of `count` cache blocks of 32 tokens.
    static func byteCount(
        ofBlocks count: Int, _ name: String = "tiny-qwen2", _ type: CacheType? = nil
    ) throws -> Int {
        let file = try openModel(.file(Fixtures.path("models/\(name).gguf")))
        return try MemoryEstimate(file, contextLength: 32 * count, cacheType: type).cache
    }

    static func request(_ prompt: [Int32], count: Int, seed: Int = 0) -> GenerationRequest {
        EngineSupport.request(.tokenIDs(prompt), count: count) {
            $0.sampling.temperature = seed % 3 == 0 ? 0 : 1
            $0.sampling.topK = 0
            $0.sampling.seed = UInt64(seed)
            $0.topLogProbabilityCount = 2
        }
    }

    @Test(arguments: ["tiny-llama", "tiny-qwen2", "tiny-qwen3"], CacheType.allCases)
    func `a prompt that was there before costs one block at most, and gives the same bits`(
        _ name: String, _ type: CacheType
    ) async throws {
        let engine = try await EngineSupport.engine(name) { $0.cacheType = type }
        let prompt = (0..<100).map { Int32($0 * 7 % 250 + 5) }
        let first = try await EngineSupport.answer(engine, Self.request(prompt, count: 12))
        let computed = engine.statistics.promptTokenCount
        let second = try await EngineSupport.answer(engine, Self.request(prompt, count: 12))
        #expect(first.tokens == second.tokens && first.tokens.count == 12)
        #expect(first.summary?.cachedPromptTokenCount == 0 && second.summary?.cachedPromptTokenCount == 96)
        #expect(computed == 100 && engine.statistics.promptTokenCount == 104)
        // A conversation that goes on: the answer's own tokens are found too.
        let longer = prompt + first.tokenIDs + [9, 9]
        let third = try await EngineSupport.answer(engine, Self.request(longer, count: 3))
        #expect(third.summary?.cachedPromptTokenCount == 96)
        let other = try await EngineSupport.engine(name) { $0.cacheType = type }
        let alone = try await EngineSupport.answer(other, Self.request(longer, count: 3))
        #expect(third.tokens == alone.tokens && alone.summary?.cachedPromptTokenCount == 0)
    }

    @Test(
        arguments: [
            ("tiny-llama", nil), ("tiny-qwen3", nil), ("tiny-qwen3", .q8_0), ("tiny-llama", .bf16),
        ] as [(String, CacheType?)])
    func `two hundred requests in random company give the bits of each alone, with hits, evictions and preemptions`(
        _ name: String, _ type: CacheType?
    ) async throws {
        let budget = try Self.byteCount(ofBlocks: 7, name, type)
        let busy = try await EngineSupport.engine(name) {
            $0.parallelCount = 6
            $0.maximumQueueLength = 200
            $0.cacheByteCount = budget
            $0.cacheType = type
        }
        var generator = SeededGenerator(seed: 13)
        let requests = (0..<200).map { index in
            // Prompts that begin alike in three ways, and end in ways of their own.
            let common = Int32(generator.next() % 3 + 5), length = Int(generator.next() % 90) + 1
            let own = Int(generator.next() % 20)
            let prompt = (0..<length).map { $0 + own < length ? common : Int32(generator.next() % 200 + 5) }
            return Self.request(prompt, count: Int(generator.next() % 38) + 1, seed: index)
        }
        let together = try await withThrowingTaskGroup(of: (Int, [GeneratedToken]).self) { group in
            for (index, request) in requests.enumerated() {
                group.addTask { (index, try await EngineSupport.answer(busy, request).tokens) }
            }
            return try await group.reduce(into: [Int: [GeneratedToken]]()) { $0[$1.0] = $1.1 }
        }
        let statistics = busy.statistics
        #expect(statistics.preemptionCount > 0 && statistics.evictedCacheBlockCount > 0)
        #expect(statistics.cachedPromptTokenCount > 0)
        for (index, request) in requests.enumerated() {
            let alone = try await EngineSupport.engine(name) {
                $0.threadCount = 1
                $0.cacheType = type
            }
            #expect(try await EngineSupport.answer(alone, request).tokens == together[index])
        }
    }

    @Test func `a cache that cannot hold a context is refused with what would`() async throws {
        let three = try Self.byteCount(ofBlocks: 3)
        let error = await #expect(throws: EngineError.self) {
            try await EngineSupport.engine {
                $0.cacheByteCount = three
                $0.contextLength = 128
            }
        }
        let four = try Self.byteCount(ofBlocks: 4)
        #expect(error?.message.contains("holds 96 tokens, not 128") == true)
        #expect(error?.message.contains("cache of \(four) bytes") == true)
        // Without a wish, the context is what the cache holds.
        let engine = try await EngineSupport.engine { $0.cacheByteCount = three }
        #expect(engine.information.contextLength == 96)
        let tiny = await #expect(throws: EngineError.self) {
            try await EngineSupport.engine { $0.cacheByteCount = 100 }
        }
        #expect(tiny?.message.contains("too small") == true)
    }
}
