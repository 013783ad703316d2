import Sampling
import TestSupport
import Testing

@Suite("Filters")
struct FilterTests {
    static let nothing = TokenHistory(promptTokenIDs: [])

    func candidates(_ logits: [Float]) throws -> Candidates {
        var candidates = Candidates(vocabularySize: logits.count)
        try candidates.fill(from: logits.span)
        return candidates
    }

    func survivors(_ logits: [Float], _ processors: any LogitProcessor...) throws -> [Int32] {
        var candidates = try candidates(logits)
        for processor in processors { processor.process(&candidates, history: Self.nothing) }
        return (candidates.ranking ?? candidates.best(logits.count)).map(\.tokenID)
    }

    /// Logits from few values, so that ties are common.
    func logits(_ count: Int, seed: UInt64) -> [Float] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in (generator.unitFloat() * 40).rounded() / 8 }
    }

    /// Ids by falling logit, then rising id, with a full sort.
    func sorted(_ logits: [Float]) -> [Int32] {
        logits.indices.sorted { logits[$0] > logits[$1] || (logits[$0] == logits[$1] && $0 < $1) }.map { Int32($0) }
    }

    @Test(arguments: [1, 16, 40, 100, 1000, 4099], [1, 2, 16, 40, 999, 5000])
    func `top-k keeps exactly the first k of the full ranking`(vocabularySize: Int, count: Int) throws {
        let logits = logits(vocabularySize, seed: UInt64(vocabularySize))
        #expect(try survivors(logits, TopKFilter(count: count)) == Array(sorted(logits).prefix(count)))
    }

    @Test(arguments: [true, false])
    func `top-k ranks sorted vocabularies of any direction`(rising: Bool) throws {
        let logits = (0..<5000).map { Float(rising ? $0 : -$0) }
        #expect(try survivors(logits, TopKFilter(count: 70)) == Array(sorted(logits).prefix(70)))
    }

    @Test(arguments: [0.05, 0.3, 0.5, 0.9, 0.95, 0.999, 1.0], [5, 200, 300, 5000])
    func `top-p keeps the shortest ranking that reaches p`(share: Double, vocabularySize: Int) throws {
        let logits = logits(vocabularySize, seed: 17)
        let kept = try survivors(logits, TopPFilter(share: share))
        let ranking = sorted(logits)
        #expect(kept == Array(ranking.prefix(kept.count)))
        let total = logits.reduce(0.0) { $0 + exponential(Double($1)) }
        let mass = kept.reduce(0.0) { $0 + exponential(Double(logits[Int($1)])) } / total
        let last = try #require(kept.last.map { exponential(Double(logits[Int($0)])) / total })
        // 5000 additions round by at most 5000 · 2⁻⁵³ < 10⁻¹².
        #expect(mass >= share - 1e-12)
        #expect(mass - last < share + 1e-12)
    }

    @Test func `top-p works on what top-k has left`() throws {
        // Weights 4, 2, 1, 1: of the first two, 4/6 = 0.67 reaches 0.6; of all four, 4/8 = 0.5 does not.
        let logits = [4.0, 2, 1, 1].map { Float(logarithm($0)) }
        #expect(try survivors(logits, TopKFilter(count: 2), TopPFilter(share: 0.6)) == [0])
        #expect(try survivors(logits, TopPFilter(share: 0.6)) == [0, 1])
    }

    @Test func `top-p always keeps the likeliest`() throws {
        #expect(try survivors([1, 5, 2], TopPFilter(share: 1e-12)) == [1])
    }

    @Test(arguments: [0.001, 0.05, 0.5, 1.0], [false, true])
    func `min-p keeps tokens at least that share as likely as the likeliest`(share: Double, ranked: Bool) throws {
        let logits = logits(700, seed: 23)
        let largest = Double(logits.max() ?? 0)
        let expected = sorted(logits).filter { exponential(Double(logits[Int($0)]) - largest) >= share - 1e-15 }
        let kept =
            ranked
            ? try survivors(logits, TopKFilter(count: 650), MinPFilter(share: share))
            : try survivors(logits, MinPFilter(share: share))
        #expect(kept == Array(expected.prefix(650)) || !ranked && kept == expected)
    }

    @Test func `min-p of 0 and of the smallest number keep everything`() throws {
        for share in [0, .leastNonzeroMagnitude, 1e-300] {
            #expect(try survivors([0, -500, -600], MinPFilter(share: share)).count == 3)
        }
    }

    @Test func `no filter brings back a banned token`() throws {
        let logits: [Float] = [1, -.infinity, 1, -.infinity]
        #expect(try survivors(logits, TopKFilter(count: 3)) == [0, 2])
        #expect(try survivors(logits, TopPFilter(share: 1)) == [0, 2])
        #expect(try survivors(logits, MinPFilter(share: 1e-300)) == [0, 2])
    }
}
