import Sampling
import Testing

@Suite("Generator")
struct Xoshiro256Tests {
    /// Expected values: Tools/sampling_golden.py.
    @Test func `seed 42 gives the published algorithm's numbers`() {
        var generator = Xoshiro256(seed: 42)
        #expect(
            (0..<4).map { _ in generator.next() } == [
                1_546_998_764_402_558_742, 6_990_951_692_964_543_102, 12_544_586_762_248_559_009,
                17_057_574_109_182_124_193,
            ])
    }

    @Test func `unit numbers lie in 0..<1 and average one half`() {
        var generator = Xoshiro256(seed: 1)
        let values = (0..<100_000).map { _ in generator.nextUnit() }
        #expect(values.allSatisfy { (0..<1).contains($0) })
        // The mean's standard deviation is 0.29 / √100000 = 0.0009; five of them.
        #expect(abs(values.reduce(0, +) / 100_000 - 0.5) < 0.0046)
    }
}
