import Sampling
import TestSupport
import Testing

@Suite("Choice among a whole vocabulary")
struct WeightTests {
    /// Token i has weight 1 of V: the choice must be uniform in every block, the last and shorter ones included.
    @Test(
        .enabled(if: SamplingSpeedTests.isOptimized, "takes minutes in a debug build"),
        arguments: [7, 8, 1023, 1024, 1025, 2500])
    func `equal logits are chosen equally often, to the last token`(vocabularySize: Int) throws {
        var options = SamplingOptions.greedy
        options.temperature = 1
        options.seed = 9
        var sampler = try Sampler(options: options, vocabularySize: vocabularySize)
        let logits = [Float](repeating: 3, count: vocabularySize)
        let history = TokenHistory(promptTokenIDs: [])
        let drawCount = vocabularySize * 20
        var counts = [Int](repeating: 0, count: vocabularySize)
        for _ in 0..<drawCount { counts[Int(try sampler.sample(logits.span, history: history))] += 1 }
        // 20 expected: none has probability 2 · 10⁻⁹ per token, 60 or more 10⁻¹².
        #expect(counts.allSatisfy { $0 > 0 && $0 < 60 })
    }

    @Test func `a token without weight is never chosen, wherever its neighbours are`() throws {
        var options = SamplingOptions.greedy
        options.temperature = 1
        options.seed = 2
        var logits = [Float](repeating: -.infinity, count: 5000)
        for index in [0, 1023, 1024, 3000, 4095] { logits[index] = 1 }
        var sampler = try Sampler(options: options, vocabularySize: 5000)
        let history = TokenHistory(promptTokenIDs: [])
        var chosen: Set<Int32> = []
        for _ in 0..<500 { chosen.insert(try sampler.sample(logits.span, history: history)) }
        #expect(chosen == [0, 1023, 1024, 3000, 4095])
    }

    @Test(arguments: [10, 1024, 3001])
    func `the probabilities of all tokens add up to 1`(vocabularySize: Int) throws {
        var generator = SeededGenerator(seed: 41)
        let logits = (0..<vocabularySize).map { _ in generator.unitFloat() * 3 }
        let result = try LogProbabilities(logits: logits.span, chosen: 0, topCount: vocabularySize)
        let total = result.top.reduce(0.0) { $0 + exponential($1.logProbability) }
        // Weights add up in another order here; 3001 additions round by less than 10⁻¹².
        #expect(abs(total - 1) < 1e-12)
    }
}
