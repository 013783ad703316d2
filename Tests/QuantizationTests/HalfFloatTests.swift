#if !(os(macOS) && arch(x86_64))  // which has no Float16
import Quantization
import Tensors
import Testing

/// Against the standard library's `Float16`.
@Suite("Binary16")
struct HalfFloatTests {
    @Test
    func `all 65,536 patterns decode exactly`() {
        let patterns = (UInt16.min...UInt16.max).flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
        let values = decode(patterns, as: .float16)
        for pattern in UInt16.min...UInt16.max {
            let (value, expected) = (values[Int(pattern)], Float(Float16(bitPattern: pattern)))
            guard expected.isNaN ? !value.isNaN : value.bitPattern != expected.bitPattern else { continue }
            Issue.record("\(pattern): \(value), expected \(expected)")
            return
        }
    }

    @Test
    func `rounding agrees on every boundary between neighbours`() {
        for pattern in UInt16.min..<0x7C00 {
            let lower = Float(Float16(bitPattern: pattern))
            let upper = pattern == 0x7BFF ? 65536 : Float(Float16(bitPattern: pattern + 1))
            let middle = (lower + upper) / 2
            let candidates = [lower, middle.nextDown, middle, middle.nextUp, -middle, -middle.nextUp]
            let bytes = encode(candidates, as: .float16, .plain)
            for (index, value) in candidates.enumerated() {
                let bits = UInt16(bytes[2 * index]) | UInt16(bytes[2 * index + 1]) << 8
                guard bits != Float16(value).bitPattern else { continue }
                Issue.record("\(value): \(bits), expected \(Float16(value).bitPattern)")
                return
            }
        }
    }

    @Test(arguments: [ElementType.float16, .bfloat16])
    func `a NaN stays one, whatever its payload, and infinity stays infinite`(type: ElementType) {
        let nans = [Float.nan, -.nan, .signalingNaN, Float(bitPattern: 0x7F80_0001), Float(bitPattern: 0xFFFF_FFFF)]
        #expect(decode(encode(nans, as: type, .plain), as: type).allSatisfy { $0.isNaN })
        #expect(decode(encode([.infinity, -.infinity], as: type, .plain), as: type) == [.infinity, -.infinity])
    }
}
#endif
