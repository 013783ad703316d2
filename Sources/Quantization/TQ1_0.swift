package import Tensors

/// 256 numbers of three levels with one scale: `value = d · (t − 1)`, five of the `t` in a byte.
///
/// ```
/// 32 bytes: t[32k + i], k in 0…4 | 16 bytes: t[160 + 16k + i], k in 0…4 | 4 bytes: t[240 + 4k + i], k in 0…3 | d f16
///                                                                                                              (54 bytes)
/// ```
///
/// A byte is the fraction `Σ t[k] · 3^(−k − 1)` in units of 1/256, rounded up: times 3^k, modulo 256, times 3, the upper byte is
/// t[k]. Encoding: `d` is the largest magnitude, the others go to the nearest level.
package enum TQ1_0: QuantizedBlockCodec {
    package static let elementType = ElementType.tq1_0

    /// Bytes that hold as many digits of as many runs of numbers.
    private static let runs: [(start: Int, byteCount: Int, digitCount: Int, firstValue: Int)] = [
        (0, 32, 5, 0), (32, 16, 5, 160), (48, 4, 4, 240),
    ]
    private static let powers: [5 of UInt8] = [1, 3, 9, 27, 81]
    private static let shared = 52

    static func decodeBlock(_ block: Span<UInt8>, into values: inout MutableSpan<Float>) {
        let scale = block.half(at: shared)
        for run in runs {
            for digit in 0..<run.digitCount {
                for index in 0..<run.byteCount {
                    let fraction = block[run.start + index] &* powers[digit]
                    let t = (UInt16(fraction) * 3) >> 8
                    values[run.firstValue + digit * run.byteCount + index] = scale * Float(Int(t) - 1)
                }
            }
        }
    }

    static func encodeBlock(_ values: Span<Float>, into block: inout MutableSpan<UInt8>) {
        let largest = values.farthestFromZero(in: 0..<256).magnitude
        block.store(half: largest, at: shared)
        for run in runs {
            for index in 0..<run.byteCount {
                var digits = 0
                for digit in 0..<5 {
                    guard digit < run.digitCount else {
                        digits *= 3
                        continue
                    }
                    let value = values[run.firstValue + digit * run.byteCount + index]
                    digits = digits * 3 + nearestLevel(value * inverse(largest), in: -1...1) + 1
                }
                block[run.start + index] = UInt8((digits * 256 + 242) / 243)
            }
        }
    }
}
