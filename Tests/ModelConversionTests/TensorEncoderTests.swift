import ModelConversion
import ModelFiles
import Quantization
import Tensors
import TestSupport
import Testing

@Suite("Encoding tensors")
struct TensorEncoderTests {
    /// Several pieces of several slices, the last of them short.
    static let shape = Shape([41, 32 * 1024 + 256])

    @Test(arguments: [ElementType.float16, .bfloat16, .q8_0, .q4K, .q5_0], [1, 2, 5])
    func `bytes are those of the codec, whatever the number of threads`(type: ElementType, threadCount: Int) throws {
        let values = Self.values()
        let file = try Self.model(values, shape: Self.shape)
        let written = try Self.bytes(of: "x", in: file, as: type, threadCount: threadCount)
        #expect(written == encode(values, as: type))
    }

    @Test
    func `a type that is kept is copied`() throws {
        let values = Self.values()
        let file = try Self.model(values, shape: Self.shape)
        #expect(
            try Self.bytes(of: "x", in: file, as: .float32, threadCount: 2)
                == Array(file.view(of: file.tensors[0]).bytes))
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity], [ElementType.q4K, .float16])
    func `a number that is none is refused by name and place`(value: Float, type: ElementType) throws {
        var values = Self.values()
        values[900_000] = value
        values[1_200_000] = value
        let file = try Self.model(values, shape: Self.shape)
        #expect(
            throws: ModelFileError(
                file: "memory.gguf", subject: .tensor("x"),
                problem: .invalid(
                    expected: "finite numbers that \(type) can hold",
                    found: "\(value) at element 900000; 'realizar verify' tells more"))
        ) { try Self.bytes(of: "x", in: file, as: type, threadCount: 2) }
    }

    @Test
    func `a number beyond half precision is refused for F16 and kept for BF16`() throws {
        let file = try Self.model([1, 70_000, 3, 4], shape: Shape([4]))
        #expect(throws: ModelFileError.self) { try Self.bytes(of: "x", in: file, as: .float16, threadCount: 1) }
        #expect(
            try Self.bytes(of: "x", in: file, as: .bfloat16, threadCount: 1)
                == encode([1, 70_000, 3, 4], as: .bfloat16))
    }

    @Test
    func `rows that do not fill blocks, and types without a codec, are refused`() throws {
        let file = try Self.model([Float](repeating: 1, count: 48), shape: Shape([3, 16]))
        #expect(throws: ModelFileError.self) { try Self.bytes(of: "x", in: file, as: .q8_0, threadCount: 1) }
        #expect(throws: ModelFileError.self) { try Self.bytes(of: "x", in: file, as: .int32, threadCount: 1) }
    }

    @Test
    func `what is quantized already is only quantized again where that is asked for`() throws {
        var builder = GGUFBuilder()
        builder.addTensor("blk.0.attn_q.weight", dimensions: [32, 2], type: 8, data: [UInt8](repeating: 1, count: 68))
        let file = try openModelFile(contents: builder.build(), path: "memory.gguf")
        let mix = try #require(QuantizationMix.named("Q4_0"))
        let encoder = TensorEncoder(threadCount: 1)
        let error = #expect(throws: ModelFileError.self) {
            try ModelDraft(file, for: .gguf, encodedAs: EncodingOptions(mix: mix), by: encoder)
        }
        #expect(error?.description.contains("tensor 'blk.0.attn_q.weight'") == true)
        #expect(error?.description.contains("--allow-requantize") == true)
        let allowed = EncodingOptions(mix: mix, allowsRequantizing: true)
        #expect(try ModelDraft(file, for: .gguf, encodedAs: allowed, by: encoder).tensors[0].elementType == .q4_0)
    }

    private static func values() -> [Float] {
        var generator = SeededGenerator(seed: 5)
        return (0..<(shape.elementCount ?? 0)).map { _ in generator.unitFloat() }
    }

    private static func model(_ values: [Float], shape: Shape) throws -> any ModelFile {
        var builder = GGUFBuilder()
        builder.addTensor("x", shape: shape.dimensions, values: values)
        return try openModelFile(contents: builder.build(), path: "memory.gguf")
    }

    private static func bytes(
        of name: String, in file: any ModelFile, as type: ElementType, threadCount: Int
    ) throws -> [UInt8] {
        let entry = try #require(file.entry(named: name))
        let draft = try TensorEncoder(threadCount: threadCount).draft(of: file.view(of: entry), in: file.path, as: type)
        let folder = try ScratchFolder()
        let draftFile = ModelDraft(metadata: Metadata(file: "draft"), tensors: [draft])
        try GGUFWriter(draftFile).write(to: folder.path("x.gguf"), sources: [], observer: .silent)
        let written = try openModelFile(path: folder.path("x.gguf"))
        return Array(written.view(of: written.tensors[0]).bytes)
    }
}

private func encode(_ values: [Float], as type: ElementType) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: type.blockFormat.byteCount(elementCount: values.count) ?? 0)
    var span = bytes.mutableSpan
    quantize(values.span, as: type, into: &span)
    return bytes
}
