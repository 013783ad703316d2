/// The levels that four bits stand for in the formats whose steps are not even: entries of one level.
extension LevelGrid {
    /// IQ4_NL and IQ4_XS: dense around zero, as weights are.
    ///
    /// Source: ggml-common.h in github.com/ggml-org/ggml.
    package static let iq4 = LevelGrid(levels: [
        -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113,
    ])

    /// Twice the numbers of E2M1, a float of 4 bits: sign, exponent 2, significand 1. Code 8 is −0, here 0.
    ///
    /// Source: OCP Microscaling Formats (MX) Specification 1.0, section 5.3.3.
    package static let e2m1 = LevelGrid(levels: [0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12])

    /// The level of a code.
    @inline(__always)
    subscript(code: UInt8) -> Float { Float(level(0, ofEntry: Int(code))) }

    /// The code whose level is nearest to `value`, the first of equals; 0 for NaN.
    func code(nearestTo value: Float) -> UInt8 {
        var (best, least) = (0, Float.infinity)
        for code in 0..<entryCount {
            let error = (value - Float(levels[code])).magnitude
            if error < least { (best, least) = (code, error) }
        }
        return UInt8(best)
    }
}
