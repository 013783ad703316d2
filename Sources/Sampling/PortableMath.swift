/// Exponential and logarithm from additions, multiplications and divisions alone.
///
/// The C library's versions differ in the last bit between systems, which is enough to choose another token for the same seed.
/// IEEE 754 fixes the basic operations, and Swift never fuses or reorders them, so these agree everywhere.
package enum PortableMath {
    // ln 2 in two parts: the first has 11 trailing zero bits, so that its product with an exponent is exact.
    static let ln2High = 0x1.62e42fefa3800p-1
    static let ln2Low = 0x1.ef35793c76730p-45
    static let log2e = 0x1.71547652b82fep0

    /// eˣ for x ≤ 709 with a relative error below 4 · 10⁻¹⁶; 0 where it falls below the normal range (x < −708).
    ///
    /// x = n · ln 2 + r with |r| ≤ ½ ln 2; eʳ by its Taylor series, whose first omitted term, r¹⁴/14!, is below 5 · 10⁻¹⁸.
    @inline(__always)
    package static func exponential(_ x: Double) -> Double {
        guard x >= -708 else { return 0 }
        let shifter = 0x1.8p52  // adding it rounds to an integer, which then stands in the low bits
        let shifted = x * log2e + shifter
        let n = shifted - shifter
        let r = (x - n * ln2High) - n * ln2Low
        var series = 1.0 / 6_227_020_800
        series = series * r + 1.0 / 479_001_600
        series = series * r + 1.0 / 39_916_800
        series = series * r + 1.0 / 3_628_800
        series = series * r + 1.0 / 362_880
        series = series * r + 1.0 / 40320
        series = series * r + 1.0 / 5040
        series = series * r + 1.0 / 720
        series = series * r + 1.0 / 120
        series = series * r + 1.0 / 24
        series = series * r + 1.0 / 6
        series = series * r + 0.5
        series = series * r + 1
        series = series * r + 1
        return series * Double(bitPattern: (shifted.bitPattern &+ 1023) << 52)
    }

    /// ln x for normal x > 0, within 2 · 10⁻¹⁶ of the larger of 1 and |ln x|.
    ///
    /// Newton's step for eʸ = x is y + (x·e⁻ʸ − 1); on the significand in [1, 2) four steps from 0.7 (m − 1) reach the last bits.
    package static func logarithm(_ x: Double) -> Double {
        let significand = x.significand
        var y = (significand - 1) * 0.7
        for _ in 0..<4 { y += significand * exponential(-y) - 1 }
        let exponent = Double(x.exponent)
        return exponent * ln2High + (exponent * ln2Low + y)
    }
}
