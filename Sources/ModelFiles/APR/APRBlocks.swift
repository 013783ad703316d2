/// The two quantized types that only APR has, in plain Swift: to numbers, to what the engine has kernels for, and from numbers.
///
/// ```
/// AprQ4, 32 elements:      scale f16 | 16 bytes: byte j has element 2j low, 2j + 1 high          (18 bytes; x = (q − 8) · scale)
/// AprQ8, the whole tensor: scale f32 | a signed byte per element                                 (4 + n bytes; x = q · scale)
/// ```
package enum APRBlocks {
    // MARK: AprQ4

    /// The same numbers as Q4_0, bit for bit: that has elements j and j + 16 in byte j.
    ///
    /// - Parameter blocks: Whole blocks, 18 bytes each.
    static func q4_0(ofAprQ4 blocks: UnsafeRawBufferPointer) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: blocks.count)
        for start in stride(from: 0, to: blocks.count - 17, by: 18) {
            let scale = soundScale(unsafe blocks.loadUnaligned(fromByteOffset: start, as: UInt16.self))
            result[start] = UInt8(truncatingIfNeeded: scale)
            result[start + 1] = UInt8(truncatingIfNeeded: scale >> 8)
            for index in 0..<16 {
                // Elements 2j and 2j + 1 of the first half go low, those of the second half high.
                let (low, high) = unsafe (blocks[start + 2 + index / 2], blocks[start + 2 + 8 + index / 2])
                let shift = UInt8(index & 1) * 4
                result[start + 2 + index] = low >> shift & 0xF | (high >> shift & 0xF) << 4
            }
        }
        return result
    }

    /// - Parameter count: Elements; the last block may hold fewer than 32.
    static func values(ofAprQ4 blocks: UnsafeRawBufferPointer, count: Int) -> [Float] {
        (0..<count).map { index in
            let start = index / 32 * 18
            let scale = float(ofHalf: soundScale(unsafe blocks.loadUnaligned(fromByteOffset: start, as: UInt16.self)))
            let byte = unsafe blocks[start + 2 + index % 32 / 2]
            return Float(Int(byte >> (UInt8(index & 1) * 4) & 0xF) - 8) * scale
        }
    }

    /// The scale of each block is its largest magnitude / 7; the last block is filled up with zeros.
    package static func aprQ4(of values: [Float]) -> [UInt8] {
        var bytes: [UInt8] = []
        for start in stride(from: 0, to: values.count, by: 32) {
            let block = values[start..<min(start + 32, values.count)]
            let half = soundScale(half(of: largestMagnitude(of: block) / 7))
            let scale = float(ofHalf: half)
            bytes.append(littleEndian: half)
            var halves = [UInt8](repeating: 8, count: 32)
            for (index, value) in block.enumerated() where scale > 0 {
                halves[index] = UInt8(level(value / scale, atMost: 7) + 8)
            }
            for pair in 0..<16 { bytes.append(halves[2 * pair] | halves[2 * pair + 1] << 4) }
        }
        return bytes
    }

    /// NaN, infinities and numbers below the normal ones stand for 0.
    private static func soundScale(_ half: UInt16) -> UInt16 {
        let exponent = UInt16(littleEndian: half) >> 10 & 0x1F
        return exponent == 0 || exponent == 31 ? 0 : UInt16(littleEndian: half)
    }

    // MARK: AprQ8

    /// The scale; NaN and infinities stand for 0.
    static func scale(ofAprQ8 bytes: UnsafeRawBufferPointer) -> Float {
        let scale = Float(bitPattern: UInt32(littleEndian: unsafe bytes.loadUnaligned(as: UInt32.self)))
        return scale.isFinite ? scale : 0
    }

    static func values(ofAprQ8 bytes: UnsafeRawBufferPointer) -> [Float] {
        let scale = unsafe scale(ofAprQ8: bytes)
        return (4..<bytes.count).map { Float(Int8(bitPattern: unsafe bytes[$0])) * scale }
    }

    /// Blocks of Q8_0, which all get the one scale, rounded to f16: every number becomes at most 2⁻¹¹ of itself larger or
    /// smaller, all by the same part.
    ///
    /// - Precondition: The count of elements is a multiple of 32.
    static func q8_0(ofAprQ8 bytes: UnsafeRawBufferPointer) -> [UInt8] {
        let scale = half(of: unsafe scale(ofAprQ8: bytes))
        var result: [UInt8] = []
        result.reserveCapacity((bytes.count - 4) / 32 * 34)
        for start in stride(from: 4, to: bytes.count, by: 32) {
            result.append(littleEndian: scale)
            unsafe result.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[start..<start + 32]))
        }
        return result
    }

    /// Whether f16 has the scale as a normal number, so that rounding it costs no more than 2⁻¹¹ of it.
    static func scaleFitsHalf(_ scale: Float) -> Bool { scale == 0 || (0x1p-14...65_504).contains(scale.magnitude) }

    /// The scale is the largest magnitude / 127.
    package static func aprQ8(of values: [Float]) -> [UInt8] {
        let scale = largestMagnitude(of: values[...]) / 127
        var bytes: [UInt8] = []
        bytes.append(littleEndian: scale.bitPattern)
        for value in values {
            bytes.append(UInt8(bitPattern: Int8(scale > 0 ? level(value / scale, atMost: 127) : 0)))
        }
        return bytes
    }

    /// Of the numbers among the values.
    private static func largestMagnitude(of values: ArraySlice<Float>) -> Float {
        var largest: Float = 0
        for value in values where value.isFinite { largest = max(largest, value.magnitude) }
        return largest
    }

    /// The nearest whole number within the bounds; 0 for NaN.
    private static func level(_ value: Float, atMost most: Int) -> Int {
        value.isNaN ? 0 : Int(min(max(value.rounded(.toNearestOrAwayFromZero), Float(-most)), Float(most)))
    }

    // MARK: f16

    /// - Precondition: The number is normal or 0.
    private static func float(ofHalf half: UInt16) -> Float {
        guard half & 0x7FFF != 0 else { return 0 }
        let magnitude = UInt32(half & 0x7FFF) << 13 + 112 << 23
        return Float(bitPattern: magnitude | UInt32(half & 0x8000) << 16)
    }

    /// Rounds to nearest, ties to even; 0 for what lies below the normal numbers or beyond all.
    private static func half(of value: Float) -> UInt16 {
        guard value.isFinite, (0x1p-14..<65_520).contains(value.magnitude) else { return 0 }
        let bits = value.bitPattern & 0x7FFF_FFFF - 112 << 23
        let rounded = (bits + 0xFFF + bits >> 13 & 1) >> 13
        return UInt16(truncatingIfNeeded: rounded | value.bitPattern >> 16 & 0x8000)
    }
}
