import ModelFiles
import Tensors
import TestSupport
import Testing

/// Against files written by the `gguf` Python package 0.19.0 (Tools/fixtures/make_gguf_fixtures.py).
@Suite("GGUF tensors")
struct GGUFTensorTests {
    /// gguf-py has other sizes for two types than the format; the others are not of GGUF.
    static let unwritten: Set<ElementType> = [
        .q8_1, .q8K, .uint8, .uint16, .uint32, .uint64, .bool, .float8E4M3, .float8E5M2,
    ]
    static let written = ElementType.allCases.filter { !unwritten.contains($0) }

    @Test(arguments: written)
    func `a tensor of every type has its shape and bytes`(type: ElementType) throws {
        let model = try openModelFile(path: Fixtures.path("gguf/tensor-types.gguf"))
        #expect(model.tensors.count == Self.written.count)
        let entry = try #require(model.entry(named: "tensor.\(type)"))
        #expect(entry.elementType == type)
        #expect(entry.shape == Shape([2, 2 * type.blockFormat.elementsPerBlock]))
        let view = model.view(of: entry)
        let bytes = Array(view.bytes)
        try #require(bytes.count == 4 * type.blockFormat.bytesPerBlock)
        // Byte i is (i + the type's number) mod 256.
        #expect(bytes == bytes.indices.map { bytes[0] &+ UInt8(truncatingIfNeeded: $0) })
        #expect(view.shape == entry.shape && view.elementType == type && view.name == entry.name)
    }

    @Test(arguments: [("small.gguf", "GGUF v3"), ("alignment-64.gguf", "GGUF v3"), ("version-2.gguf", "GGUF v2")])
    func `alignment and version are honoured`(name: String, format: String) throws {
        let model = try openModelFile(path: Fixtures.path("gguf/\(name)"))
        #expect(model.formatName == format)
        #expect(model.path == Fixtures.path("gguf/\(name)"))
        #expect(model.tensors.map(\.name) == ["matrix", "vector"])
        let matrix = model.view(of: model.tensors[0])
        #expect(matrix.shape == Shape([3, 5]))
        #expect(matrix.bytes.bindMemory(to: Float.self).elementsEqual((0..<15).map(Float.init)))
        let vector = model.view(of: model.tensors[1])
        #expect(Array(vector.bytes) == [0, 0, 0, 0x3C, 0, 0x40, 0, 0x42])
        let alignment = name.contains("64") ? 64 : 32
        #expect(model.tensors.allSatisfy { $0.byteRange.lowerBound.isMultiple(of: alignment) })
        #expect(try model.metadata.strings("test.tokens") == ["a", "bc", "def"])
    }

    @Test(arguments: zip([UInt32(9), 15], [ElementType.q8_1, .q8K]))
    func `the types that gguf-py sizes otherwise have the format's sizes`(id: UInt32, type: ElementType) throws {
        var builder = GGUFBuilder()
        let byteCount = 2 * type.blockFormat.bytesPerBlock
        builder.addTensor(
            "x", dimensions: [UInt64(2 * type.blockFormat.elementsPerBlock)], type: id,
            data: [UInt8](repeating: 1, count: byteCount))
        let model = try openModelFile(contents: builder.build(), path: "built.gguf")
        #expect(model.tensors[0].elementType == type)
        #expect(model.tensors[0].byteRange.count == byteCount)
    }

    @Test
    func `no type number stands for an 8-bit float`() {
        for id in UInt32(0)..<256 {
            var builder = GGUFBuilder()
            builder.addTensor("x", dimensions: [256], type: id, data: [UInt8](repeating: 1, count: 2048))
            guard let model = try? openModelFile(contents: builder.build(), path: "built.gguf") else { continue }
            #expect(![.float8E4M3, .float8E5M2].contains(model.tensors[0].elementType), "type \(id)")
        }
    }

    @Test
    func `a row that ends inside a block is refused, whatever the type`() throws {
        var blockTypes: [ElementType] = []
        for id in UInt32(0)..<256 {
            func open(_ columns: Int) throws -> ElementType {
                var builder = GGUFBuilder()
                let data = [UInt8](repeating: 1, count: 8 * columns)
                builder.addTensor("x", dimensions: [UInt64(columns)], type: id, data: data)
                return try openModelFile(contents: builder.build(), path: "built.gguf").tensors[0].elementType
            }
            guard let type = try? open(256), type.blockFormat.elementsPerBlock > 1 else { continue }
            blockTypes.append(type)
            let expected = "rows of a multiple of \(type.blockFormat.elementsPerBlock) elements for \(type), found "
            for columns in [255, 257, 1, type.blockFormat.elementsPerBlock / 2] {
                let error = #expect(throws: ModelFileError.self) { try open(columns) }
                #expect(error?.description.hasSuffix(expected + "\(columns)") == true, "\(type), \(columns)")
            }
        }
        #expect(Set(blockTypes) == Set(ElementType.allCases.filter { $0.blockFormat.elementsPerBlock > 1 }))
    }

    @Test
    func `a view outlives its file object`() throws {
        var view: TensorView?
        do {
            let model = try openModelFile(path: Fixtures.path("gguf/small.gguf"))
            view = model.view(of: model.tensors[1])
        }
        #expect(view.map { Array($0.bytes.prefix(4)) } == [0, 0, 0, 0x3C])
    }

    @Test
    func `tensors may lie in any order and leave gaps`() throws {
        var builder = GGUFBuilder()
        builder.addTensor("late", dimensions: [8], type: 0, offset: 64, data: [UInt8](repeating: 1, count: 32))
        builder.addTensor("early", dimensions: [4], type: 0, offset: 0, data: [UInt8](repeating: 2, count: 64))
        let model = try openModelFile(contents: builder.build(), path: "built.gguf")
        #expect(model.tensors.map(\.name) == ["late", "early"])
        #expect(model.tensors[0].byteRange.lowerBound - model.tensors[1].byteRange.lowerBound == 64)
    }

    @Test
    func `another file's entry stops the program`() async {
        await #expect(processExitsWith: .failure) {
            let small = try openModelFile(path: Fixtures.path("gguf/small.gguf"))
            let other = try openModelFile(path: Fixtures.path("gguf/alignment-64.gguf"))
            _ = small.view(of: other.tensors[0])
        }
    }
}
