import Engine
import ModelFiles
import TestSupport
import Testing

@Suite("Types of the cache")
struct CacheTypeTests {
    static func session(_ type: CacheType?) throws -> ModelSession {
        var options = EngineOptions()
        options.cacheType = type
        options.contextLength = 128
        return try ModelSession(.demo, options: options)
    }

    /// The error of logits relative to those over a float32 cache.
    static func error(of type: CacheType) throws -> Float {
        let tokens = (0..<100).map { Int32($0 * 31 % 400 + 5) }
        let exact = try session(.f32).forward(tokens, allLogits: true)
        let found = try session(type).forward(tokens, allLogits: true)
        let error = zip(exact, found).map { ($0 - $1) * ($0 - $1) }.reduce(0, +)
        return (error / exact.map { $0 * $0 }.reduce(0, +)).squareRoot()
    }

    @Test func `float16 is nearest to float32, and the coarser types are not far`() throws {
        let errors = try [CacheType.f16, .bf16, .q8_0].map(Self.error)
        #expect(errors[0] > 0 && errors[0] < errors[1] && errors[0] < errors[2], "\(errors)")
        // 8 bits of keys and values, 2⁻⁸, over four layers.
        #expect(errors.allSatisfy { $0 < 0.05 }, "\(errors)")
    }

    @Test func `without a wish the cache is float16 beside quantized weights`() throws {
        let tokens: [Int32] = [5, 9, 100, 42, 7]
        let usual = try Self.session(nil), half = try Self.session(.f16)
        #expect(usual.cacheType == .f16)
        #expect(try usual.forward(tokens, allLogits: true) == half.forward(tokens, allLogits: true))
    }

    @Test(arguments: CacheType.allCases)
    func `the estimate from the file is what the session has`(_ type: CacheType) throws {
        let estimate = try MemoryEstimate(openModel(.demo), contextLength: 64, cacheType: type)
        let session = try Self.session(type)
        #expect(estimate.cacheType == type && session.cacheType == type)
        #expect(estimate.cachePerToken == session.cacheByteCountPerToken)
        let single = try MemoryEstimate(openModel(.demo), contextLength: 64, cacheType: .f32).cache
        let shares: [CacheType: Double] = [.f32: 1, .f16: 0.5, .bf16: 0.5, .q8_0: 34.0 / 128]
        #expect(Double(estimate.cache) == Double(single) * (shares[type] ?? 0))
    }

    /// The same budget holds nearly twice the tokens.
    @Test func `a budget in bytes holds more tokens of a smaller type`() async throws {
        let file = try openModel(.file(Fixtures.path("models/tiny-qwen2.gguf")))
        let perBlock = try MemoryEstimate(file, contextLength: 32, cacheType: .q8_0).cache
        for (budget, length) in [(3 * perBlock, 96), (3 * perBlock - 1, 64)] {
            let engine = try await EngineSupport.engine {
                $0.cacheType = .q8_0
                $0.cacheByteCount = budget
            }
            #expect(engine.information.contextLength == length)
        }
    }
}
