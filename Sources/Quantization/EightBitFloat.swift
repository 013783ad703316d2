/// What the floats of 8 bits share.
enum EightBitFloat {
    /// The exponent and significand bits nearest to `magnitude`, ties to even.
    ///
    /// - Precondition: `magnitude` is not negative, and not above the format's largest number by half a step or more.
    static func bits(_ magnitude: Float, significandBits: UInt32, bias: UInt32) -> UInt8 {
        let smallestNormal = Float(bitPattern: (128 - bias) << 23)
        if magnitude < smallestNormal {
            // A multiple of the smallest step; 2^significandBits of them are the smallest normal number, and its bits.
            let steps = magnitude / smallestNormal * Float(UInt32(1) << significandBits)
            return UInt8(steps.rounded(.toNearestOrEven))
        }
        let shift = 23 - significandBits
        let bits = magnitude.bitPattern - (127 - bias) << 23
        return UInt8((bits + (1 << (shift - 1) - 1) + (bits >> shift & 1)) >> shift)
    }
}
