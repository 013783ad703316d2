import Foundation
import ModelFiles
import Tensors
import TestSupport
import Testing

@Suite("APR files")
struct APRFileTests {
    static func open(_ change: (inout APRBuilder) -> Void) throws -> any ModelFile {
        var builder = APRBuilder()
        change(&builder)
        return try openModelFile(contents: builder.build(), path: "a.apr")
    }

    static func floats(_ model: any ModelFile, _ name: String) throws -> [Float] {
        let view = model.view(of: try #require(model.entry(named: name)))
        return (0..<view.bytes.count / 4).map { view.bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
    }

    @Test(.enabled(if: SharedData.folder("apr") != nil, "\(SharedData.absent)"))
    func `the worked example is read, and written again byte for byte`() throws {
        let folder = try #require(SharedData.folder("apr"))
        let path = folder + "/apr_v2_min.apr"
        let model = try openModelFile(path: path)
        #expect(model.formatName == "APR v2")
        #expect(try model.metadata.string("general.architecture") == "llama")
        #expect(model.tensors.map(\.name) == ["a", "b"] && model.tensors.map(\.shape) == [Shape([1, 2]), Shape([2])])
        #expect(try Self.floats(model, "a") == [3, 4] && Self.floats(model, "b") == [1, 2])
        let tensors = model.tensors.reversed().map { entry in
            APRWriter.Tensor(name: entry.name, type: .plain(entry.elementType), shape: entry.shape) { put in
                try put(model.view(of: entry).bytes.bytes)
            }
        }
        let metadata = [UInt8](#"{"model_type":"t","architecture":"llama"}"#.utf8)
        var written: [UInt8] = []
        try APRWriter(metadata: metadata, tensors: tensors).write { span in
            span.withUnsafeBytes { written += $0 }
        }
        #expect(written == [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))))
    }

    @Test func `checksums are those of zlib`() {
        var crc = CRC32()
        crc.update("123456789".utf8)
        #expect(crc.value == 0xCBF4_3926)  // the check value of the polynomial
        let bytes = RandomValues.uniform(count: 77, seed: 3).map { UInt8(truncatingIfNeeded: $0.bitPattern) }
        for count in [0, 1, 3, 4, 5, 63, 77] {
            var crc = CRC32()
            Array(bytes.prefix(count)).withUnsafeBytes { crc.update($0) }
            #expect(crc.value == APRBuilder.crc32(Array(bytes.prefix(count))))
        }
    }

    // MARK: Types

    static let types: [(id: UInt8, shape: [UInt64], size: Int, type: ElementType)] = [
        (0, [3], 12, .float32), (1, [3], 6, .float16), (30, [3], 6, .bfloat16), (4, [3], 12, .int32),
        (5, [3], 24, .int64),
        (2, [2, 32], 128, .bfloat16), (2, [2, 32], 36, .q4_0), (3, [32], 256, .float64), (3, [32], 20, .q4_1),
        (6, [32], 32, .int8), (6, [32], 22, .q5_0), (7, [32], 32, .uint8), (7, [32], 24, .q5_1),
        (8, [2, 32], 68, .q8_0),
        (8, [2, 32], 36, .q4_0), (10, [256], 84, .q2K), (11, [256], 110, .q3K), (12, [256], 144, .q4K),
        (13, [256], 176, .q5K), (14, [256], 210, .q6K), (128, [2, 32], 36, .q4_0), (128, [33], 36, .float32),
        (128, [32], 18, .float32), (129, [2, 32], 68, .q8_0), (9, [2, 32], 68, .q8_0), (129, [5], 9, .float32),
    ]

    @Test(arguments: types.indices)
    func `numbers of types are told apart by size where writers disagree`(_ index: Int) throws {
        let (id, shape, size, type) = Self.types[index]
        let model = try Self.open {
            $0.addTensor("t", type: id, shape: shape, data: [UInt8](repeating: 0, count: size))
        }
        let entry = try #require(model.entry(named: "t"))
        #expect(entry.elementType == type)
        #expect(model.view(of: entry).shape.dimensions == shape.map { Int($0) })
        #expect(throws: ModelFileError.self) {
            try Self.open { $0.addTensor("t", type: id, shape: shape, data: [UInt8](repeating: 0, count: size + 1)) }
        }
    }

    /// Scale 0.5 (f16 0x3800), elements −8, −7, …, 7, −8, …, in pairs from the low half up.
    static let aprQ4Block: [UInt8] = {
        var block: [UInt8] = [0x00, 0x38]
        for byte in 0..<16 {
            let low = UInt8(2 * byte % 16), high = UInt8((2 * byte + 1) % 16)
            block.append(low | high << 4)
        }
        return block
    }()

    @Test func `AprQ4 is Q4_0 with its halves in another order`() throws {
        let model = try Self.open {
            $0.addTensor("m", type: 128, shape: [1, 32], data: Self.aprQ4Block)
            $0.addTensor("v", type: 128, shape: [30], data: Self.aprQ4Block)
        }
        let expected = (0..<32).map { Float($0 % 16 - 8) * 0.5 }
        #expect(try Self.floats(model, "v") == Array(expected.prefix(30)))
        let bytes = Array(model.view(of: try #require(model.entry(named: "m"))).bytes)
        // Q4_0: byte j has element j low and j + 16 high; here both are j.
        let halves: [UInt8] = (0..<16).map { UInt8($0) * 0x11 }
        #expect(bytes == Array(Self.aprQ4Block.prefix(2)) + halves)
    }

    @Test(arguments: [UInt16(0x7C00), 0x7E00, 0x0001, 0x03FF])
    func `an AprQ4 scale that is no normal number stands for 0`(_ scale: UInt16) throws {
        let block = GGUFBuilder.little(scale) + Self.aprQ4Block.dropFirst(2)
        let model = try Self.open {
            $0.addTensor("m", type: 128, shape: [1, 32], data: block)
            $0.addTensor("v", type: 128, shape: [32], data: block)
        }
        #expect(try Self.floats(model, "v").allSatisfy { $0 == 0 })
        #expect(Array(model.view(of: try #require(model.entry(named: "m"))).bytes.prefix(2)) == [0, 0])
    }

    @Test func `AprQ8 becomes Q8_0 with the scale in f16, or float32 where it does not fit`() throws {
        let levels: [UInt8] = (0..<64).map { UInt8(bitPattern: Int8($0 - 32)) }
        let model = try Self.open {
            $0.addTensor("large", type: 129, shape: [2, 32], data: GGUFBuilder.little(Float(1e6).bitPattern) + levels)
            $0.addTensor("m", type: 129, shape: [2, 32], data: GGUFBuilder.little(Float(0.25).bitPattern) + levels)
            $0.addTensor("small", type: 129, shape: [2, 32], data: GGUFBuilder.little(Float(1e-6).bitPattern) + levels)
        }
        let bytes = Array(model.view(of: try #require(model.entry(named: "m"))).bytes)
        let scale: [UInt8] = [0x00, 0x34]
        let expected: [UInt8] = scale + Array(levels.prefix(32)) + scale + Array(levels.suffix(32))
        #expect(bytes == expected)
        for (name, scale) in [("large", Float(1e6)), ("small", 1e-6)] {
            let values: [Float] = (0..<64).map { Float($0 - 32) * scale }
            #expect(try Self.floats(model, name) == values)
        }
    }

    @Test func `what is encoded in APR's own types reads back as near as their steps allow`() throws {
        var values = RandomValues.withOutliers(count: 200, seed: 11)
        values[3] = .nan
        values[40] = .infinity
        let model = try Self.open {
            $0.addTensor("eight", type: 129, shape: [200], data: APRBlocks.aprQ8(of: values))
            $0.addTensor("four", type: 128, shape: [200], data: APRBlocks.aprQ4(of: values))
        }
        let (four, eight) = (try Self.floats(model, "four"), try Self.floats(model, "eight"))
        let finite = values.map { $0.isFinite ? $0 : 0 }
        let largest = finite.map(\.magnitude).max() ?? 0
        for (index, value) in finite.enumerated() where values[index].isFinite {
            let block = finite[index / 32 * 32..<min(index / 32 * 32 + 32, 200)]
            let step = (block.map(\.magnitude).max() ?? 0) / 7
            // Half a step, and the scale's rounding to f16 over seven steps.
            #expect((four[index] - value).magnitude <= step * (0.5 + 7 * 0x1p-11), "\(index)")
            #expect((eight[index] - value).magnitude <= largest / 127 * 0.5001, "\(index)")
        }
        #expect(four[3] == 0 && eight[3] == 0)
    }

    @Test func `a tensor that gives another count of bytes than its shape asks for is not written`() throws {
        let tensor = APRWriter.Tensor(name: "a", type: .plain(.float32), shape: Shape([2])) { put in
            try [UInt8](repeating: 0, count: 4).withUnsafeBytes { try put($0.bytes) }
        }
        let writer = try APRWriter(metadata: Array("{}".utf8), tensors: [tensor])
        #expect(throws: APRWriter.Problem.wrongByteCount(name: "a", expected: 8, found: 4)) {
            try writer.write { _ in }
        }
    }

    static let unwritable: [(name: String, type: APRTensorType, shape: [Int], problem: String)] = [
        ("", .plain(.float32), [1], "tensor '': a name in an APR file has 1 to 256 bytes"),
        (
            "a", .plain(.q8_0), [32],
            "tensor 'a' is Q8_0, which APR has no number for that all readers agree on; types that can be written are F32, F16, "
                + "BF16, I32, I64, Q4_K, Q6_K"
        ),
        ("a", .plain(.q4K), [2, 128], "tensor 'a': rows of shape [2, 128] are not whole blocks of Q4_K"),
        ("a", .plain(.float32), [1, 1, 1, 1, 1, 1, 1, 1, 1], "tensor 'a' has 9 dimensions; an APR file has up to 8"),
    ]

    @Test(arguments: unwritable.indices)
    func `what has no place in a strict file is not written`(_ index: Int) {
        let (name, type, shape, problem) = Self.unwritable[index]
        let tensor = APRWriter.Tensor(name: name, type: type, shape: Shape(shape)) { _ in }
        do {
            _ = try APRWriter(metadata: [], tensors: [tensor])
            Issue.record("no error")
        } catch { #expect("\(error)" == problem) }
    }

    @Test func `a name is written once`() {
        let tensor = APRWriter.Tensor(name: "a", type: .aprQ8, shape: Shape([1])) { _ in }
        #expect(throws: APRWriter.Problem.duplicateName("a")) {
            try APRWriter(metadata: [], tensors: [tensor, tensor])
        }
    }

    // MARK: Refusals

    static let refused: [(change: @Sendable (inout APRBuilder) -> Void, error: String)] = [
        ({ $0.flags = 0x0401 }, "byte 6: an APR file compressed by LZ4 is not supported: write it without compression"),
        (
            { $0.flags = 0x0402 },
            "byte 6: an APR file compressed by Zstandard is not supported: write it without compression"
        ),
        ({ $0.flags = 0x0404 }, "byte 6: an encrypted APR file is not supported: decrypt it first"),
        (
            { $0.flags = 0x0408 },
            "byte 6: a signed APR file is not supported: version 2 has no layout for signatures; write it unsigned"
        ),
        ({ $0.flags = 0x0410 }, "byte 6: one shard of an APR model is not supported: join the shards into one file"),
        (
            { $0.flags = 0x0800 },
            "byte 6: an APR file with weights in column order is not supported: write it with rows first"
        ),
        ({ $0.flags = 0x1400 }, "byte 6: expected known flags, found 0x1000"),
        (
            { $0.version = (1, 0) },
            "byte 4: an APR file that is not of version 2.0 (a compressed wrapper, or a flat transformer image) is not "
                + "supported: version 2.0 is read; convert the model again"
        ),
        (
            { $0.version = (3, 0) },
            "byte 4: an APR file of version 3.0 is not supported: version 2.0 is read; convert the model again"
        ),
        ({ $0.headerChecksum = 0 }, "byte 40: expected the header's checksum c01e35a0, found 0"),
        ({ $0.claimedTensorCount = 1 }, "byte 8: expected at most 0 tensors in the index of 0 bytes, found 1"),
        ({ $0.claimedTensorCount = .max }, "byte 8: expected at most 1048576 tensors, found 4294967295"),
        ({ $0.indexOffset = 32 }, "byte 24: expected the index at a multiple of 64 from 105 to 128, found 32"),
        (
            { $0.indexOffset = .max },
            "byte 24: expected the index at a multiple of 64 from 105 to 128, found \(UInt64.max)"
        ),
        ({ $0.dataOffset = 120 }, "byte 32: expected the data at a multiple of 64 from 128 to 128, found 120"),
        (
            {
                $0.index = [UInt8]("[{\"name\":\"a\"}]".utf8); $0.claimedTensorCount = 1
            },
            "byte 128: an index in JSON is not supported: version 2.0 has a binary index; convert the model again"
        ),
        (
            {
                $0.addTensor("b", shape: [1], values: [1])
                $0.addTensor("a", shape: [1], values: [1])
            }, "byte 157: tensor 'a': expected names that ascend, found it behind 'b'"
        ),
        (
            {
                $0.addTensor("a", shape: [1], values: [1])
                $0.addTensor("a", shape: [1], values: [1])
            }, "byte 157: tensor 'a': expected names that ascend, found it behind 'a'"
        ),
        (
            { $0.addTensor("a", type: 15, shape: [1], data: [0, 0, 0, 0]) },
            "byte 131: tensor 'a': expected a type of APR, found 15"
        ),
        (
            { $0.addTensor("a", type: 2, shape: [32], data: [UInt8](repeating: 0, count: 32)) },
            "byte 131: tensor 'a': expected a size that fits type 2 and shape [32]: 64 for BF16, 18 for Q4_0, found 32"
        ),
        (
            { $0.addTensor("a", type: 12, shape: [2, 128], data: [UInt8](repeating: 0, count: 144)) },
            "byte 131: tensor 'a': expected a size that fits type 12 and shape [2, 128]: no size for Q4_K, found 144"
        ),
        (
            { $0.addTensor("a", type: 0, shape: [1], offset: 4, data: [0, 0, 0, 0]) },
            "byte 141: tensor 'a': expected an offset that is a multiple of 64, found 4"
        ),
        (
            {
                $0.addTensor("a", type: 0, shape: [17], data: [0, 0, 0, 0]);
                $0.addTensor("b", type: 0, shape: [1], offset: 1 << 62, data: [])
            },
            "byte 131: tensor 'a': expected a size that fits type 0 and shape [17]: 68 for F32, found 4"
        ),
        (
            { $0.addTensor("a", type: 0, shape: [32], size: 128, data: [0, 0, 0, 0]) },
            "byte 141: tensor 'a': expected 128 bytes of tensor data, found 64 before the end of the file"
        ),
        (
            { $0.addTensor("a", type: 0, shape: [1], offset: 1 << 63, data: [0, 0, 0, 0]) },
            "byte 141: tensor 'a': expected 4 bytes of tensor data, found 0 before the end of the file"
        ),
        (
            {
                $0.addTensor("a", shape: [1], values: [1])
                $0.addTensor("b", type: 0, shape: [1], offset: 0, data: [0, 0, 0, 0])
            }, "byte 157: tensor 'b': expected bytes of its own, found bytes 192..<196 on tensor 'a' at 192..<196"
        ),
        (
            { $0.metadata = "{\"format\":\"entrenar-checkpoint\"}" },
            "byte 74: key 'format': a checkpoint of entrenar is not supported: its weights lie by columns; export the model first"
        ),
        ({ $0.metadata = "{" }, "byte 65: expected a key or '}', found the end of the text"),
        (
            { $0.metadata = "{\"hidden_size\":64,\"n_embd\":32}" },
            "byte 91: key 'n_embd': expected the same as hidden_size, 64, found 32"
        ),
        (
            { $0.metadata = "{\"rope_type\":1}" },
            "byte 77: key 'rope_type': expected 0 (adjacent) or 2 (halves), found 1"
        ),
        (
            {
                $0.metadata = "{\"architecture\":\"llama\"}"
                $0.addTensor("model.layers.0.self_attn.q_proj.weight", shape: [1], values: [1])
            },
            "key 'rope_type': expected 0 (adjacent) or 2 (halves), as weights of both kinds have these names, found none"
        ),
        (
            { $0.metadata = "{\"rope_scaling\":{\"type\":\"yarn\"}}" },
            "byte 80: key 'rope_scaling': expected none (it would change the computation), found an object"
        ),
    ]

    @Test(arguments: refused.indices)
    func `what is unsound or not read is refused with its place`(_ index: Int) throws {
        let (change, error) = Self.refused[index]
        expectErrorEnding(error) { try Self.open(change) }
    }

    @Test func `the file's checksum is looked at`() throws {
        expectErrorEnding("(it is damaged, or was cut and joined), found 1") { try Self.open { $0.footer = 1 } }
        #expect(throws: Never.self) { try Self.open { _ in }.verify() }
    }

    @Test func `of keys given twice the last counts, and aliases say the same`() throws {
        let metadata = try Self.open {
            $0.metadata = #"{"architecture":"Qwen2ForCausalLM","n_embd":1,"n_embd":64.0,"num_experts":0,"rope_type":2}"#
        }.metadata
        #expect(try metadata.string("general.architecture") == "qwen2")
        #expect(try metadata.integer("qwen2.embedding_length") == 64)
        #expect(try metadata.string("qwen2.rope.pairing") == "halves" && metadata["qwen2.expert_count"] == nil)
    }

    @Test func `names of both vocabularies are understood, exactly`() throws {
        let model = try Self.open {
            $0.metadata = #"{"architecture":"llama","original_format":"gguf"}"#
            $0.addTensor("blk.0.attn_output.weight", shape: [1], values: [1])
            $0.addTensor("model.layers.1.self_attn.o_proj.weight", shape: [1], values: [2])
            $0.addTensor("output.weight", shape: [1], values: [3])
        }
        #expect(model.tensors.map(\.name) == ["blk.0.attn_output.weight", "blk.1.attn_output.weight", "output.weight"])
        #expect(try model.metadata.string("llama.rope.pairing") == "adjacent")
        expectErrorEnding("expected each tensor once, found it also as 'lm_head.weight'") {
            try Self.open {
                $0.metadata = #"{"architecture":"llama","rope_type":0}"#
                $0.addTensor("lm_head.weight", shape: [1], values: [1])
                $0.addTensor("output.weight", shape: [1], values: [1])
            }
        }
    }

    // MARK: Damage

    static var sound: [UInt8] {
        var builder = APRBuilder()
        builder.metadata =
            #"{"architecture":"qwen2","hidden_size":64,"tokenizer.vocabulary":["a","b"],"tokenizer.merges":["a b"]}"#
        builder.addTensor("a", shape: [2], values: [1, 2])
        builder.addTensor("b", type: 128, shape: [1, 32], data: aprQ4Block)
        return builder.build()
    }

    @Test func `a file cut at any byte throws`() {
        for length in 0..<Self.sound.count {
            #expect(throws: ModelFileError.self, "\(length)") {
                try openModelFile(contents: Array(Self.sound.prefix(length)), path: "cut.apr")
            }
        }
        #expect(throws: Never.self) { try openModelFile(contents: Self.sound, path: "cut.apr") }
    }

    /// With both checksums made right again, so that the faults get through to the parsers.
    @Test(arguments: 0..<10)
    func `mutated files open soundly or throw`(_ seed: Int) throws {
        var mutator = JSONMutator(Self.sound, seed: UInt64(seed))
        var openedCount = 0
        for _ in 0..<1000 {
            var bytes = mutator.next()
            guard bytes.count > 72 else { continue }
            bytes.replaceSubrange(
                40..<44, with: GGUFBuilder.little(APRBuilder.crc32(Array(bytes[..<40]) + bytes[44..<64])))
            let end = bytes.count - 4
            bytes.replaceSubrange(end..., with: GGUFBuilder.little(APRBuilder.crc32(Array(bytes[..<end]))))
            guard let model = try? openModelFile(contents: bytes, path: "mutated.apr") else { continue }
            openedCount += 1
            for entry in model.tensors { #expect(model.view(of: entry).shape == entry.shape) }
        }
        #expect((50...950).contains(openedCount), "\(openedCount)")
    }
}
