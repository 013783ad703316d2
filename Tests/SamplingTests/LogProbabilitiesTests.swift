import Sampling
import TestSupport
import Testing

@Suite("Log-probabilities")
struct LogProbabilitiesTests {
    @Test(arguments: [1, 5, 100, 32_000], [0, 1, 20])
    func `agree with the log-softmax of the C library`(vocabularySize: Int, topCount: Int) throws {
        var generator = SeededGenerator(seed: 31)
        let logits = (0..<vocabularySize).map { _ in generator.unitFloat() * 20 }
        let chosen = Int32(vocabularySize / 2)
        let result = try LogProbabilities(logits: logits.span, chosen: chosen, topCount: topCount)
        let total = logarithm(logits.reduce(0.0) { $0 + exponential(Double($1) - 20) }) + 20
        // 32 000 additions round by at most 32 000 · 2⁻⁵³ relative, far below this.
        #expect(abs(result.chosen.logProbability - (Double(logits[Int(chosen)]) - total)) < 1e-10)
        #expect(result.chosen.tokenID == chosen)
        let ranking = logits.indices.sorted { logits[$0] > logits[$1] || logits[$0] == logits[$1] && $0 < $1 }
        #expect(result.top.map(\.tokenID) == ranking.prefix(topCount).map { Int32($0) })
        for entry in result.top {
            #expect(abs(entry.logProbability - (Double(logits[Int(entry.tokenID)]) - total)) < 1e-10)
        }
    }

    @Test func `extreme logits neither overflow nor vanish`() throws {
        let limit = Float.greatestFiniteMagnitude
        let result = try LogProbabilities(logits: [limit, limit, -limit].span, chosen: 2, topCount: 1)
        #expect(abs(result.top[0].logProbability - logarithm(0.5)) < 1e-15)
        #expect(result.chosen.logProbability.isFinite)
    }

    @Test func `the probabilities of a small vocabulary add up to 1`() throws {
        let logits: [Float] = [-1000, 1000, 999, 998.5, 0]
        let top = try LogProbabilities(logits: logits.span, chosen: 0, topCount: 5).top
        #expect(abs(top.reduce(0.0) { $0 + exponential($1.logProbability) } - 1) < 1e-14)
    }

    @Test func `NaN is refused with its place`() throws {
        let logits: [Float] = [0, 1, .nan, .nan]
        let error = try #require(throws: SamplingError.self) {
            try LogProbabilities(logits: logits.span, chosen: 0, topCount: 2)
        }
        #expect(error.problem == .invalidLogits(position: 2))
    }
}
