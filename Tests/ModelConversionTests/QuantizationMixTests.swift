import Foundation
import ModelConversion
import ModelFiles
import Tensors
import TestSupport
import Testing

/// Against `llama-quantize --dry-run` of llama.cpp (library version 0.5.0): Tools/fixtures/make_mix_fixture.py wrote the file.
@Suite("Mixes of types against llama-quantize")
struct QuantizationMixTests {
    /// One model's geometry, and the type of each tensor that is not kept, for each mix.
    struct Case: Decodable, CustomStringConvertible, Sendable {
        let model: String
        let architecture: String
        let layerCount: UInt32
        let headCount: UInt32
        let keyValueHeadCount: UInt32
        /// Of the matrices, outermost first.
        let shapes: [String: [Int]]
        let types: [String: Types]

        struct Types: Decodable, Sendable {
            let usual: String
            /// Of the tensors that have another type.
            let others: [String: String]
        }

        var description: String { model }
    }

    static let cases: [Case] = {
        let data = try? Data(contentsOf: URL(fileURLWithPath: Fixtures.path("quantization/mixes.json")))
        return data.flatMap { try? JSONDecoder().decode([Case].self, from: $0) } ?? []
    }()

    @Test
    func `the fixture has three models and all mixes`() {
        #expect(Self.cases.count == 3)
        for mix in QuantizationMix.all {
            #expect(Self.cases.allSatisfy { mix.name == "F32" || $0.types[mix.name] != nil })
        }
    }

    @Test(arguments: cases)
    func `every tensor of every mix has the type that llama-quantize gives it`(model: Case) throws {
        let file = try SparseModel(model)
        for mix in QuantizationMix.all where mix.name != "F32" {
            let draft = try ModelDraft(
                file, for: .gguf, encodedAs: EncodingOptions(mix: mix), by: TensorEncoder(threadCount: 1))
            let expected = try #require(model.types[mix.name])
            for tensor in draft.tensors {
                let wanted = expected.others[tensor.name] ?? expected.usual
                if tensor.elementType.rawValue != wanted {
                    Issue.record("\(mix.name), \(tensor.name): \(tensor.elementType), expected \(wanted)")
                }
            }
            #expect(draft.metadata["general.file_type"]?.integer == Int(mix.fileType))
            #expect(draft.metadata["general.quantization_version"]?.integer == 2)
        }
    }

    @Test(arguments: [
        ("blk.0.attn_norm.weight", [64, 64]), ("blk.0.attn_q_norm.weight", [64, 64]), ("blk.0.attn_q.bias", [64, 64]),
        ("blk.0.ffn_gate_inp.weight", [64, 64]), ("output_norm.weight", [64]), ("rope_freqs.weight", [32]),
        ("position", [64, 64]),
    ])
    func `vectors, norms, biases and the choice of experts are kept`(name: String, shape: [Int]) throws {
        let mix = try #require(QuantizationMix.named("Q8_0"))
        let file = try SparseModel(
            Case(
                model: "one", architecture: "llama", layerCount: 1, headCount: 1, keyValueHeadCount: 1,
                shapes: [name: shape], types: [:]))
        let draft = try ModelDraft(
            file, for: .gguf, encodedAs: EncodingOptions(mix: mix), by: TensorEncoder(threadCount: 1))
        #expect(draft.tensors.map(\.elementType) == [.float32])
    }

    @Test(arguments: [("q4_k_m", "Q4_K_M"), ("Q4_K", "Q4_K_M"), ("q5_k", "Q5_K_M"), ("bf16", "BF16"), ("q8_0", "Q8_0")])
    func `names are found in any case, and without the size of a mix`(name: String, found: String) {
        #expect(QuantizationMix.named(name)?.name == found)
    }

    @Test
    func `a name that there is not is not found`() {
        #expect(QuantizationMix.named("Q9_K") == nil)
        #expect(QuantizationMix.named("") == nil)
    }
}

/// Metadata and shapes without bytes: drafts are made, never written.
private final class SparseModel: ModelFile {
    let path = "sparse"
    let formatName = "none"
    let metadata: Metadata
    let tensors: [TensorEntry]
    private let zeros: Zeros

    final class Zeros: @unchecked Sendable {  // never written to
        let bytes: UnsafeRawBufferPointer
        init(byteCount: Int) {
            bytes = UnsafeRawBufferPointer(UnsafeMutableRawBufferPointer(start: calloc(byteCount, 1), count: byteCount))
        }
        deinit { free(UnsafeMutableRawPointer(mutating: bytes.baseAddress)) }
    }

    init(_ model: QuantizationMixTests.Case) throws {
        var metadata = Metadata(file: "sparse")
        metadata.append("general.architecture", .string([UInt8](model.architecture.utf8)))
        metadata.append("\(model.architecture).block_count", .uint32(model.layerCount))
        metadata.append("\(model.architecture).attention.head_count", .uint32(model.headCount))
        metadata.append("\(model.architecture).attention.head_count_kv", .uint32(model.keyValueHeadCount))
        self.metadata = metadata
        tensors = model.shapes.map { name, shape in
            TensorEntry(
                name: name, elementType: .float32, shape: Shape(shape), byteRange: 0..<shape.reduce(4, *), fileIndex: 0)
        }
        zeros = Zeros(byteCount: tensors.map(\.byteRange.count).max() ?? 1)
    }

    func entry(named name: String) -> TensorEntry? { tensors.first { $0.name == name } }
    func dropPages(of entry: TensorEntry) {}
    func view(of entry: TensorEntry) -> TensorView {
        TensorView(
            name: entry.name, elementType: entry.elementType, shape: entry.shape,
            bytes: UnsafeRawBufferPointer(rebasing: zeros.bytes[entry.byteRange]), owner: zeros)
    }
}
