/// IEEE 754 binary16 as bits. `Float16` would do the same, one library call per element on x86-64, and is not on every platform.
enum HalfFloat {
    /// The exact value of 16 bits; NaN keeps its sign and payload.
    ///
    /// Shifted into place, the bits are a float32 with the exponent too small by 112, subnormal or not; the product puts that
    /// right and is exact.
    @inline(__always)
    static func float(_ half: UInt16) -> Float {
        let magnitude = UInt32(half & 0x7FFF) << 13
        let isInfiniteOrNaN = magnitude >= 0x7C00 << 13
        let bits = (Float(bitPattern: magnitude) * 0x1p112).bitPattern
        let sign = UInt32(half & 0x8000) << 16
        return Float(bitPattern: sign | (isInfiniteOrNaN ? magnitude | 0x7F80_0000 : bits))
    }

    /// The nearest half, ties to even; infinity from 65520 on; NaN becomes a quiet NaN.
    static func bits(_ float: Float) -> UInt16 {
        let sign = UInt16(truncatingIfNeeded: float.bitPattern >> 16) & 0x8000
        let magnitude = float.magnitude
        if magnitude.isNaN { return sign | 0x7E00 }
        if magnitude >= 65520 { return sign | 0x7C00 }
        if magnitude < 0x1p-14 {
            // A multiple of 2⁻²⁴: the units of 0.5 are 2⁻²⁴, so the sum rounds to them and shows the multiple in its bits.
            return sign | UInt16(truncatingIfNeeded: (magnitude + 0.5).bitPattern &- Float(0.5).bitPattern)
        }
        let bits = magnitude.bitPattern &- 112 << 23
        return sign | UInt16(truncatingIfNeeded: (bits &+ 0xFFF &+ (bits >> 13 & 1)) >> 13)
    }
}

extension HalfFloat {
    /// What `value` is once it has been stored.
    static func rounded(_ value: Float) -> Float { float(bits(value)) }
}

extension Span<UInt8> {
    /// The little-endian 16 bits at `offset`.
    @inline(__always)
    func bits16(at offset: Int) -> UInt16 { UInt16(self[offset]) | UInt16(self[offset + 1]) << 8 }

    /// The little-endian 32 bits at `offset`.
    @inline(__always)
    func bits32(at offset: Int) -> UInt32 { UInt32(bits16(at: offset)) | UInt32(bits16(at: offset + 2)) << 16 }

    /// The binary16 number at `offset`.
    @inline(__always)
    func half(at offset: Int) -> Float { HalfFloat.float(bits16(at: offset)) }
}

extension MutableSpan<UInt8> {
    mutating func store(bits16: UInt16, at offset: Int) {
        self[offset] = UInt8(truncatingIfNeeded: bits16)
        self[offset + 1] = UInt8(truncatingIfNeeded: bits16 >> 8)
    }

    mutating func store(bits32: UInt32, at offset: Int) {
        store(bits16: UInt16(truncatingIfNeeded: bits32), at: offset)
        store(bits16: UInt16(truncatingIfNeeded: bits32 >> 16), at: offset + 2)
    }

    /// Stores the binary16 numbers nearest to the first `count` lanes, `stride` bytes apart.
    ///
    /// - Returns: What the stored numbers decode to; 0 in the other lanes.
    mutating func store(halves values: Lanes, count: Int, stride: Int, at offset: Int) -> Lanes {
        var stored = Lanes()
        for lane in 0..<count { stored[lane] = store(half: values[lane], at: lane * stride + offset) }
        return stored
    }

    /// Stores the binary16 number nearest to `value`.
    ///
    /// - Returns: What the stored number decodes to.
    @discardableResult
    mutating func store(half value: Float, at offset: Int) -> Float {
        let bits = HalfFloat.bits(value)
        store(bits16: bits, at: offset)
        return HalfFloat.float(bits)
    }
}
