import Quantization
import Tensors
import TestSupport
import Testing

/// Against the `gguf` Python package 0.19.0; Tools/fixtures/make_block_fixtures.py wrote the files.
@Suite("Block formats against gguf-py")
struct BlockFixtureTests {
    /// F32 has no arithmetic to compare; F64 and the floats of 8 bits are not the package's, see PlainNumberTests.
    static let decoded = BlockCodecs.supported.filter {
        ![.float32, .float64, .float8E4M3, .float8E5M2].contains($0)
    }
    /// gguf-py has no encoders of K-quants and of those with grids or uneven levels.
    static let encoded: [ElementType] = [
        .float16, .bfloat16, .q8_0, .q4_0, .q4_1, .q5_0, .q5_1, .mxfp4, .tq1_0, .tq2_0,
    ]

    @Test(arguments: decoded)
    func `decodes to the same bits`(type: ElementType) throws {
        let file = try Fixtures.bytes("blocks/\(type).decoded")
        let format = type.blockFormat
        let bytesPerBlock = format.bytesPerBlock + 4 * format.elementsPerBlock
        try #require(!file.isEmpty && file.count.isMultiple(of: bytesPerBlock))
        let blockCount = file.count / bytesPerBlock
        let blocks = Array(file.prefix(blockCount * format.bytesPerBlock))
        let expected = floatBits(Array(file.dropFirst(blocks.count)))
        let values = decode(blocks, as: type)
        #expect(values.count == expected.count)
        for index in values.indices where values[index].bitPattern != expected[index] {
            Issue.record("\(type)[\(index)]: \(values[index]), expected \(Float(bitPattern: expected[index]))")
            break
        }
    }

    @Test(arguments: encoded)
    func `encodes to the same bytes`(type: ElementType) throws {
        let values = floatBits(try Fixtures.bytes("blocks/values.f32")).map { Float(bitPattern: $0) }
        let expected = try Fixtures.bytes("blocks/\(type).encoded")
        let bytes = encode(values, as: type, .plain)
        #expect(bytes.count == expected.count)
        let difference = zip(bytes, expected).enumerated().first { $1.0 != $1.1 }
        #expect(difference == nil, "byte, (ours, expected)")
    }

    private func floatBits(_ bytes: [UInt8]) -> [UInt32] {
        stride(from: 0, to: bytes.count, by: 4).map { start in
            (0..<4).reduce(0) { $0 | UInt32(bytes[start + $1]) << (8 * $1) }
        }
    }
}

func decode(_ bytes: [UInt8], as type: ElementType) -> [Float] {
    let format = type.blockFormat
    var values = [Float](repeating: .nan, count: bytes.count / format.bytesPerBlock * format.elementsPerBlock)
    var span = values.mutableSpan
    dequantize(bytes.span.bytes, as: type, into: &span)
    return values
}

func encode(_ values: [Float], as type: ElementType, _ method: EncodingMethod = .plain) -> [UInt8] {
    let format = type.blockFormat
    var bytes = [UInt8](repeating: 0xA5, count: values.count / format.elementsPerBlock * format.bytesPerBlock)
    var span = bytes.mutableSpan
    quantize(values.span, as: type, method: method, into: &span)
    return bytes
}
