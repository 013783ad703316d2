import Quantization
import Tensors
import TestSupport
import Testing

/// Against the definitions of the formats, pattern by pattern.
@Suite("Plain numbers of 8 and of 64 bits")
struct PlainNumberTests {
    /// `(−1)^s · 2^(e − bias) · (1 + m / 2^bits)`, or `2^(1 − bias) · m / 2^bits` for e = 0: OCP 8-bit Floating Point
    /// Specification 1.0, section 5.1.
    static func defined(_ byte: UInt8, significandBits: Int, bias: Int) -> Double {
        let steps = 1 << significandBits
        let exponent = Int(byte & 0x7F) >> significandBits
        let fraction = Double(Int(byte & 0x7F) % steps) / Double(steps)
        let magnitude =
            exponent == 0
            ? fraction * Double(sign: .plus, exponent: 1 - bias, significand: 1)
            : (1 + fraction) * Double(sign: .plus, exponent: exponent - bias, significand: 1)
        return byte & 0x80 == 0 ? magnitude : -magnitude
    }

    @Test
    func `E4M3 decodes all 256 patterns`() {
        let values = decode((0...255).map { UInt8($0) }, as: .float8E4M3)
        for byte in UInt8.min...UInt8.max {
            let value = values[Int(byte)]
            if byte & 0x7F == 0x7F {
                #expect(value.isNaN && value.sign == (byte < 0x80 ? .plus : .minus))
            } else {
                let expected = Float(Self.defined(byte, significandBits: 3, bias: 7))
                #expect(value.bitPattern == expected.bitPattern, "\(byte): \(value), expected \(expected)")
            }
        }
        // Table 1 of the specification.
        #expect(values[0x7E] == 448 && values[0x01] == 0x1p-9 && values[0x08] == 0x1p-6)
    }

    @Test
    func `E5M2 decodes all 256 patterns`() {
        let values = decode((0...255).map { UInt8($0) }, as: .float8E5M2)
        for byte in UInt8.min...UInt8.max {
            let value = values[Int(byte)], magnitude = byte & 0x7F
            if magnitude > 0x7C {
                #expect(value.isNaN)
            } else if magnitude == 0x7C {
                #expect(value == (byte < 0x80 ? Float.infinity : -.infinity))
            } else {
                let expected = Float(Self.defined(byte, significandBits: 2, bias: 15))
                #expect(value.bitPattern == expected.bitPattern, "\(byte): \(value), expected \(expected)")
            }
        }
        #expect(values[0x7B] == 57344 && values[0x01] == 0x1p-16 && values[0x04] == 0x1p-14)
    }

    @Test(arguments: [(ElementType.float8E4M3, UInt8(0x7E)), (.float8E5M2, 0x7B)])
    func `every number encodes to itself, and boundaries between neighbours to the even one`(
        type: ElementType, largest: UInt8
    ) {
        for byte in UInt8.min..<largest {
            let pair = decode([byte, byte + 1], as: type)
            let middle = (pair[0] + pair[1]) / 2
            let even = byte.isMultiple(of: 2) ? byte : byte + 1
            let candidates = [pair[0], -pair[0], middle, middle.nextDown, middle.nextUp, -middle.nextUp]
            #expect(
                encode(candidates, as: type) == [byte, byte | 0x80, even, byte, byte + 1, (byte + 1) | 0x80],
                "between \(pair[0]) and \(pair[1])")
        }
    }

    @Test
    func `what is too large becomes the largest number of E4M3, and infinity in E5M2`() {
        let values: [Float] = [464, 1e30, .infinity, -.infinity]
        #expect(decode(encode(values, as: .float8E4M3), as: .float8E4M3) == [448, 448, 448, -448])
        let wide: [Float] = [61439, 61440, .infinity, -.infinity]
        #expect(
            decode(encode(wide, as: .float8E5M2), as: .float8E5M2) == [57344, .infinity, .infinity, -.infinity])
    }

    @Test(arguments: [ElementType.float8E4M3, .float8E5M2, .float64])
    func `NaN stays NaN`(type: ElementType) {
        let nans = [Float.nan, -.nan, .signalingNaN, Float(bitPattern: 0x7F80_0001)]
        #expect(decode(encode(nans, as: type), as: type).allSatisfy { $0.isNaN })
    }

    @Test
    func `doubles round to the nearest float`() {
        let numbers: [Double] = [1.0 / 3, 1 + 0x1p-24, 1 + 0x1p-24 + 0x1p-40, -0.0, 1e300, 1e-300, .infinity, 3e-45]
        let bytes = numbers.flatMap { GGUFBuilder.little($0.bitPattern) }
        #expect(decode(bytes, as: .float64).map(\.bitPattern) == numbers.map { Float($0).bitPattern })
    }
}
