extension PortableMath {
    /// Eight exponentials at once: the operations of the scalar version in its order, and so bit for bit its results.
    @inline(__always)
    package static func exponential(_ x: SIMD8<Double>) -> SIMD8<Double> {
        let shifter = SIMD8(repeating: 0x1.8p52)
        let shifted = x * log2e + shifter
        let n = shifted - shifter
        let r = (x - n * ln2High) - n * ln2Low
        var series = SIMD8(repeating: 1.0 / 6_227_020_800)
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
        let bits = (unsafeBitCast(shifted, to: SIMD8<UInt64>.self) &+ 1023) &<< 52
        return (series * unsafeBitCast(bits, to: SIMD8<Double>.self)).replacing(with: 0, where: x .< -708)
    }
}
