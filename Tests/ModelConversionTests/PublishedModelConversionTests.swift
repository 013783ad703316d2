import ModelConversion
import ModelFiles
import Tensors
import TestSupport
import Testing

@Suite(
    "Published models as GGUF", .enabled(if: SharedData.folder("parity") != nil, Comment(rawValue: SharedData.absent)))
struct PublishedModelConversionTests {
    /// The same models were put into GGUF by the converter that llama.cpp publishes.
    @Test(arguments: ["llama", "llama3-rope", "mistral", "qwen2", "qwen3"])
    func `every tensor has the bytes that the public converter gives it`(name: String) throws {
        let root = try #require(SharedData.folder("parity")) + "/" + name
        let reference = try openModelFile(path: root + "/\(name).gguf")
        let converted = try convert(root + "/hf")
        #expect(Set(converted.tensors.map(\.name)) == Set(reference.tensors.map(\.name)))
        for entry in reference.tensors {
            let other = try #require(converted.entry(named: entry.name), "\(entry.name)")
            #expect(other.shape == entry.shape, "\(entry.name)")
            guard other.elementType == entry.elementType else {
                Issue.record("\(entry.name): \(other.elementType), expected \(entry.elementType)")
                continue
            }
            let (bytes, expected) = (converted.view(of: other).bytes, reference.view(of: entry).bytes)
            if entry.name == "rope_freqs.weight" {
                // Computed from the configuration, there in float32 and here in float64.
                let pairs = zip(bytes.bindMemory(to: Float.self), expected.bindMemory(to: Float.self))
                #expect(pairs.allSatisfy { abs($0 / $1 - 1) < 1e-6 })
            } else {
                #expect(bytes.elementsEqual(expected), "\(name): \(entry.name)")
            }
        }
        let architecture = try reference.metadata.requiredString("general.architecture")
        #expect(try converted.metadata.requiredString("general.architecture") == architecture)
        #expect(converted.metadata["\(architecture).rope.pairing"] == nil || architecture != "llama")
        #expect(
            try converted.metadata.byteStrings("tokenizer.ggml.tokens")
                == reference.metadata.byteStrings("tokenizer.ggml.tokens"))
    }

    @Test
    func `an architecture that is not known in both formats is refused by name`() throws {
        let root = try #require(SharedData.folder("parity")) + "/gemma2"
        let error = #expect(throws: ModelFileError.self) { try convert(root + "/hf") }
        #expect(error?.description.contains("converting 'gemma2' from safetensors to gguf is not supported") == true)
    }

    private func convert(_ folder: String) throws -> any ModelFile {
        let source = try openModelFile(path: folder)
        let draft = try ModelDraft(
            source, for: .gguf, encodedAs: EncodingOptions(mix: nil), by: TensorEncoder(threadCount: 2))
        let scratch = try ScratchFolder()
        try GGUFWriter(draft).write(to: scratch.path("x.gguf"), sources: source.partPaths, observer: .silent)
        return try openModelFile(path: scratch.path("x.gguf"))  // stays mapped when its name is gone
    }
}

@Suite("The order of rows")
struct RotaryRowsTests {
    /// Two heads of four channels, rotated as 0 with 2 and 1 with 3, become neighbours: 0 2 1 3.
    @Test
    func `halves become neighbours, head by head, in weights and biases`() throws {
        let draft = try draft(pairing: "halves")
        #expect(try floats(draft.tensors[0]) == [0, 0, 20, 20, 10, 10, 30, 30, 40, 40, 60, 60, 50, 50, 70, 70])
        #expect(try floats(draft.tensors[1]) == [0, 2, 1, 3])
        #expect(try floats(draft.tensors[2]) == [0, 1, 2, 3])
        #expect(draft.metadata["llama.rope.pairing"] == nil)
    }

    @Test(arguments: ["adjacent", nil])
    func `rows that are in order stay there`(pairing: String?) throws {
        #expect(try floats(try draft(pairing: pairing).tensors[1]) == [0, 1, 2, 3])
    }

    @Test
    func `an order that is not known is refused`() throws {
        #expect(throws: ModelFileError.self) { try draft(pairing: "thirds") }
    }

    private func draft(pairing: String?) throws -> ModelDraft {
        var builder = GGUFBuilder()
        builder.add("general.architecture", .string("llama"))
        if let pairing { builder.add("llama.rope.pairing", .string(pairing)) }
        builder.add("llama.block_count", .uint32(1))
        builder.add("llama.attention.head_count", .uint32(2))
        builder.add("llama.attention.head_count_kv", .uint32(1))
        builder.addTensor("blk.0.attn_q.weight", shape: [8, 2], values: (0..<16).map { Float($0 / 2 * 10) })
        builder.addTensor("blk.0.attn_k.bias", shape: [4], values: [0, 1, 2, 3])
        builder.addTensor("blk.0.attn_v.bias", shape: [4], values: [0, 1, 2, 3])
        let file = try openModelFile(contents: builder.build(), path: "memory.gguf")
        return try ModelDraft(
            file, for: .gguf, encodedAs: EncodingOptions(mix: nil), by: TensorEncoder(threadCount: 1))
    }

    private func floats(_ tensor: TensorDraft) throws -> [Float] {
        var bytes: [UInt8] = []
        try tensor.write { piece throws(ModelFileError) in bytes += piece.withUnsafeBytes(Array.init) }
        return bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
    }
}
