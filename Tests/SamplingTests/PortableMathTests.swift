import Sampling
import TestSupport
import Testing

@Suite("Portable exponential and logarithm")
struct PortableMathTests {
    /// From −700 to 0, where weights lie, and up to 1.
    static let points: [Double] = {
        var generator = SeededGenerator(seed: 3)
        let spread = (0..<20_000).map { _ in -Double(generator.next() >> 11) * 0x1p-53 * 700 }
        let near = (0..<20_000).map { _ in Double(generator.unitFloat()) }
        return spread + near + [0, -0.0, -1e-300, -0.5, -1, -708, 1]
    }()

    @Test func `the exponential is within 2 ulp of the C library's`() {
        for x in Self.points {
            let expected = exponential(x)
            #expect(abs(PortableMath.exponential(x) - expected) <= 2 * expected.ulp, "x = \(x)")
        }
        #expect(PortableMath.exponential(0) == 1)
    }

    @Test(arguments: [-708.1, -745, -1e300, -Double.infinity])
    func `below the normal range the exponential is zero`(x: Double) {
        #expect(PortableMath.exponential(x) == 0)
        #expect(PortableMath.exponential(SIMD8(repeating: x)) == SIMD8(repeating: 0))
    }

    @Test func `eight exponentials at once have the bits of one`() {
        for start in stride(from: 0, to: Self.points.count - 7, by: 8) {
            let group = SIMD8(Self.points[start..<start + 8])
            let result = PortableMath.exponential(group)
            for lane in 0..<8 { #expect(result[lane] == PortableMath.exponential(group[lane])) }
        }
    }

    @Test func `the logarithm is within its bound of the C library's`() {
        var generator = SeededGenerator(seed: 5)
        let values = (0..<20_000).map { _ in exponential(Double(generator.unitFloat()) * 300) }
        for x in values + [1, 2, 0.5, 0.05, 1e-300, .leastNormalMagnitude, 131_072] {
            let expected = logarithm(x)
            let bound = 2e-16 * max(1, abs(expected))
            #expect(abs(PortableMath.logarithm(x) - expected) <= bound, "x = \(x)")
        }
    }
}
