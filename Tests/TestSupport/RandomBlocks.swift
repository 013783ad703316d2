/// Rows of quantized weights made of random bytes: every level and small scale occurs, and no value is infinite or NaN.
package enum RandomBlocks {
    /// One row of `blockCount` blocks.
    ///
    /// - Parameters:
    ///   - elementType: As files name it: `F32`, `F16`, `BF16`, `Q8_0`, `Q4_0`, `Q4_1`, `Q5_0`, `Q5_1`, `Q4_K`, `Q5_K`
    ///     or `Q6_K`. The plain numbers are blocks of one.
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
        /// Offsets of binary16 numbers, each with its largest magnitude: scales such that values stay within about ±2.
        var halves: [(offset: Int, largest: Float)] = []
        /// A binary32 number of which the first `byteCount` upper bytes are kept: 4 for F32, 2 for BF16.
        var isFloat = false

        func block(using generator: inout SeededGenerator) -> [UInt8] {
            if isFloat {
                let bytes = GGUFBuilder.little(generator.unitFloat().bitPattern)
                return Array(bytes.suffix(byteCount))
            }
            var bytes = (0..<byteCount).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
            for (offset, largest) in halves {
                let half = halfBits(generator.unitFloat() * largest)
                bytes.replaceSubrange(offset..<offset + 2, with: GGUFBuilder.little(half))
            }
            return bytes
        }

        /// Truncated to binary16, with what is below its normal numbers as 0.
        private func halfBits(_ value: Float) -> UInt16 {
            guard value.magnitude >= 0x1p-14 else { return 0 }
            let sign = UInt16(truncatingIfNeeded: value.bitPattern >> 16) & 0x8000
            return sign | UInt16(truncatingIfNeeded: (value.magnitude.bitPattern - 112 << 23) >> 13)
        }
    }

    private static let layouts: [String: Layout] = [
        "F32": Layout(byteCount: 4, isFloat: true),
        "F16": Layout(byteCount: 2, halves: [(0, 1)]),
        "BF16": Layout(byteCount: 2, isFloat: true),
        "Q8_0": Layout(byteCount: 34, halves: [(0, 1.0 / 128)]),
        "Q4_0": Layout(byteCount: 18, halves: [(0, 1.0 / 8)]),
        "Q4_1": Layout(byteCount: 20, halves: [(0, 1.0 / 16), (2, 1)]),
        "Q5_0": Layout(byteCount: 22, halves: [(0, 1.0 / 16)]),
        "Q5_1": Layout(byteCount: 24, halves: [(0, 1.0 / 32), (2, 1)]),
        "Q4_K": Layout(byteCount: 144, halves: [(0, 1.0 / 1024), (2, 1.0 / 64)]),
        "Q5_K": Layout(byteCount: 176, halves: [(0, 1.0 / 2048), (2, 1.0 / 64)]),
        "Q6_K": Layout(byteCount: 210, halves: [(208, 1.0 / 4096)]),
    ]
}
