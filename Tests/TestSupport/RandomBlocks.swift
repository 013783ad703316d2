/// Rows of quantized weights made of random bytes: every level and small scale occurs, and no value is infinite or NaN.
package enum RandomBlocks {
    /// One row of `blockCount` blocks.
    ///
    /// - Parameters:
    ///   - elementType: As files name it, with a row in `layouts`. The plain numbers are blocks of one.
    ///   - seed: The same seed gives the same row.
    /// - Precondition: `elementType` is one of those.
    package static func row(elementType: String, blockCount: Int, seed: UInt64) -> [UInt8] {
        guard let layout = layouts[elementType] else {
            preconditionFailure("RandomBlocks: no layout of \(elementType)")
        }
        var generator = SeededGenerator(seed: seed)
        return (0..<blockCount).flatMap { _ in layout.block(using: &generator) }
    }

    /// What of a block is a number, and may not be just any bytes.
    private struct Layout: Sendable {
        let byteCount: Int
        var numbers: [Number] = []

        init(_ byteCount: Int, _ numbers: Number...) {
            self.byteCount = byteCount
            self.numbers = numbers
        }

        func block(using generator: inout SeededGenerator) -> [UInt8] {
            var bytes = (0..<byteCount).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
            for number in numbers { number.store(in: &bytes, using: &generator) }
            return bytes
        }
    }

    /// `largest` is the largest magnitude of a scale: such that values stay within about ±2.
    private enum Number: Sendable {
        /// Binary16, at a byte.
        case half(Int, largest: Float)
        /// Binary16, four bits at a time, as the upper ones of four words of 16 bits that begin at a byte.
        case scatteredHalf(Int, largest: Float)
        /// A power of two in units of 2⁻¹²⁸, at byte 0.
        case exponent(ClosedRange<UInt8>)
        /// All of the block: binary32 or as much of its upper bytes as there is room for.
        case float
        /// All of the block: binary64.
        case double
        /// All of the block: a float of 8 bits below 2.
        case smallFloat

        func store(in bytes: inout [UInt8], using generator: inout SeededGenerator) {
            switch self {
            case .half(let offset, let largest):
                let half = Self.halfBits(generator.unitFloat() * largest)
                bytes.replaceSubrange(offset..<offset + 2, with: GGUFBuilder.little(half))
            case .scatteredHalf(let offset, let largest):
                let half = Self.halfBits(generator.unitFloat() * largest)
                for word in 0..<4 {
                    let upper = UInt8(half >> UInt16(4 * word) & 0x0F)
                    bytes[offset + 2 * word + 1] = bytes[offset + 2 * word + 1] & 0x0F | upper << 4
                }
            case .exponent(let range): bytes[0] = range.lowerBound + bytes[0] % UInt8(range.count)
            case .float: bytes = GGUFBuilder.little(generator.unitFloat().bitPattern).suffix(bytes.count)
            case .double: bytes = GGUFBuilder.little(Double(generator.unitFloat()).bitPattern)
            case .smallFloat: bytes[0] &= 0xBF
            }
        }

        /// Truncated to binary16, with what is below its normal numbers as 0.
        private static func halfBits(_ value: Float) -> UInt16 {
            guard value.magnitude >= 0x1p-14 else { return 0 }
            let sign = UInt16(truncatingIfNeeded: value.bitPattern >> 16) & 0x8000
            return sign | UInt16(truncatingIfNeeded: (value.magnitude.bitPattern - 112 << 23) >> 13)
        }
    }

    private static let layouts: [String: Layout] = [
        "F64": Layout(8, .double),
        "F32": Layout(4, .float),
        "F16": Layout(2, .half(0, largest: 1)),
        "BF16": Layout(2, .float),
        "F8_E4M3": Layout(1, .smallFloat),
        "F8_E5M2": Layout(1, .smallFloat),
        "Q8_0": Layout(34, .half(0, largest: 1.0 / 128)),
        "Q4_0": Layout(18, .half(0, largest: 1.0 / 8)),
        "Q4_1": Layout(20, .half(0, largest: 1.0 / 16), .half(2, largest: 1)),
        "Q5_0": Layout(22, .half(0, largest: 1.0 / 16)),
        "Q5_1": Layout(24, .half(0, largest: 1.0 / 32), .half(2, largest: 1)),
        "IQ4_NL": Layout(18, .half(0, largest: 1.0 / 64)),
        "MXFP4": Layout(17, .exponent(118...126)),
        "Q2_K": Layout(84, .half(80, largest: 1.0 / 32), .half(82, largest: 1.0 / 16)),
        "Q3_K": Layout(110, .half(108, largest: 1.0 / 64)),
        "Q4_K": Layout(144, .half(0, largest: 1.0 / 1024), .half(2, largest: 1.0 / 64)),
        "Q5_K": Layout(176, .half(0, largest: 1.0 / 2048), .half(2, largest: 1.0 / 64)),
        "Q6_K": Layout(210, .half(208, largest: 1.0 / 4096)),
        "IQ4_XS": Layout(136, .half(0, largest: 1.0 / 2048)),
        "TQ1_0": Layout(54, .half(52, largest: 1)),
        "TQ2_0": Layout(66, .half(64, largest: 1)),
        "IQ1_S": Layout(50, .half(0, largest: 1.0 / 8)),
        "IQ1_M": Layout(56, .scatteredHalf(48, largest: 1.0 / 8)),
        "IQ2_XXS": Layout(66, .half(0, largest: 1.0 / 64)),
        "IQ2_XS": Layout(74, .half(0, largest: 1.0 / 64)),
        "IQ2_S": Layout(82, .half(0, largest: 1.0 / 64)),
        "IQ3_XXS": Layout(98, .half(0, largest: 1.0 / 256)),
        "IQ3_S": Layout(110, .half(0, largest: 1.0 / 256)),
    ]
}
