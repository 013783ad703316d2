import RealizarCLI
import TestSupport
import Testing

@Suite("The rank test")
struct RankTestTests {
    /// From SciPy 1.17's `mannwhitneyu`: exact without ties, otherwise asymptotic with its corrections.
    static let references: [([Double], [Double], Double)] = [
        ([1, 2, 3, 4, 5], [6, 7, 8, 9, 10], 0.007936507936507936), ([1.5, 3, 4, 8], [2, 5, 6, 7], 0.6857142857142857),
        ([5, 1, 9, 2, 8], [3, 4, 6, 7], 1), ([1, 2, 2, 3], [2, 3, 4, 4, 5], 0.07854585095119067),
        ((0..<30).map { Double($0) * 2 }, (10..<50).map { Double($0) + 0.5 }, 0.8169866466110407),
        ([3, 3, 3], [3, 3, 3], 1),
    ]

    @Test(arguments: references)
    func `gives the reference's probability`(first: [Double], second: [Double], expected: Double) {
        #expect(abs(RankTest.pValue(first, second) - expected) < 1e-9)
    }

    @Test func `does not depend on the order of values or samples, nor on their scale`() {
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<200 {
            let first = (0..<Int.random(in: 1...12, using: &generator)).map { _ in
                Double.random(in: 0...1, using: &generator)
            }
            let second = (0..<Int.random(in: 1...12, using: &generator)).map { _ in
                Double.random(in: 0...1, using: &generator)
            }
            let p = RankTest.pValue(first, second)
            #expect(p > 0 && p <= 1)
            #expect(p == RankTest.pValue(second, first))
            #expect(p == RankTest.pValue(first.shuffled(using: &generator), second.map { $0 }))
            #expect(p == RankTest.pValue(first.map { $0 * 8 }, second.map { $0 * 8 }))
            #expect(p >= RankTest.smallestPValue(first.count, second.count))
        }
    }

    @Test func `rejects a true hypothesis about as often as its probability says`() {
        var generator = SeededGenerator(seed: 6)
        var rejected = 0
        for _ in 0..<4000 {
            let values = (0..<10).map { _ in Double.random(in: 0...1, using: &generator) }
            if RankTest.pValue(Array(values[..<5]), Array(values[5...])) < 0.05 { rejected += 1 }
        }
        // The exact size of the test for 5 and 5 is 8/252; three standard deviations of 4000 draws are 0.0083.
        #expect(abs(Double(rejected) / 4000 - 8.0 / 252) < 0.0083)
    }

    @Test func `the median is the middle value or the mean of the two`() {
        #expect(RankTest.median([3, 1, 2]) == 2)
        #expect(RankTest.median([4, 1, 2, 3]) == 2.5)
        #expect(RankTest.median([]) == 0)
    }
}
