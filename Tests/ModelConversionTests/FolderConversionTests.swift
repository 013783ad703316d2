import ModelConversion
import ModelFiles
import Tensors
import TestSupport
import Testing

@Suite("Models as folders of safetensors and back")
struct FolderConversionTests {
    let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    @Test(arguments: ["tiny-llama", "tiny-qwen2", "tiny-qwen3", "tiny-qwen3-yarn"], [nil, "BF16", "F16"])
    func `a GGUF file comes back from safetensors with the same tensors and keys`(name: String, type: String?) throws {
        var source = try fixture(name)
        if let type { source = try convert(source, to: "gguf", type: type) }
        let published = try convert(source, to: "safetensors")
        let back = try convert(published, to: "gguf")
        try expectSameTensors(back, source)
        let architecture = try source.metadata.requiredString("general.architecture")
        for key in source.metadata.keys where key.hasPrefix(architecture + ".") {
            if case .string? = source.metadata[key] {
                #expect(try back.metadata.string(key) == source.metadata.string(key), "\(key)")
            } else {
                let (one, other) = try (#require(try source.metadata.number(key)), back.metadata.number(key) ?? .nan)
                #expect(abs(one - other) <= abs(one) * 0x1p-22, "\(key): \(one), \(other)")
            }
        }
    }

    @Test(arguments: ["F32", "BF16", "F16"])
    func `a published folder comes back from GGUF with the same bytes, vectors too`(type: String) throws {
        let original = try HuggingFaceModel(ModelFolder(contents: PublishedModel().contents, path: "memory"))
        let typed = try halved(original, type: type)
        let back = try convert(convert(typed, to: "gguf"), to: "safetensors")
        try expectSameTensors(back, typed)
        for apr in [try convert(typed, to: "apr")] { try expectSameTensors(convert(apr, to: "safetensors"), typed) }
    }

    @Test
    func `a vector that a half would round stays as it is`() throws {
        let source = try fixture("tiny-llama")
        let halves = try convert(source, to: "gguf", type: "BF16")
        var changed = try ModelDraft(
            halves, for: .gguf, encodedAs: EncodingOptions(mix: nil), by: TensorEncoder(threadCount: 1))
        let index = try #require(changed.tensors.firstIndex { $0.name == "output_norm.weight" })
        let count = try #require(changed.tensors[index].shape.elementCount)
        changed.tensors[index] = TensorDraft(
            name: "output_norm.weight", elementType: .float32, shape: changed.tensors[index].shape
        ) { sink throws(ModelFileError) in
            let values = [Float](repeating: 1 + 0x1p-20, count: count)
            try sink(values.span.bytes)
        }
        try GGUFWriter(changed).write(to: scratch.path("changed.gguf"))
        let published = try convert(openModelFile(path: scratch.path("changed.gguf")), to: "safetensors")
        #expect(published.entry(named: "output_norm.weight")?.elementType == .float32)
        #expect(published.entry(named: "blk.0.attn_q.weight")?.elementType == .bfloat16)
    }

    @Test
    func `blocks are refused by the source's name, and made plain where a type is asked for`() throws {
        let source = try openModelFile(path: Fixtures.path("demo/demo-q4_k_m.gguf"))
        let error = #expect(throws: ModelFileError.self) { try convert(source, to: "safetensors") }
        #expect(error?.subject == .tensor("token_embd.weight"))
        #expect(error?.description.contains("Q6_K in safetensors is not supported: --type f32, f16 or bf16") == true)
        let plain = try convert(source, to: "safetensors", type: "F32")
        #expect(plain.tensors.allSatisfy { $0.elementType == .float32 })
    }

    @Test(
        .enabled(if: SharedData.folder("parity") != nil, Comment(rawValue: SharedData.absent)),
        arguments: ["llama", "llama3-rope", "mistral", "qwen2", "qwen3"])
    func `GGUF files of the public converter become the folders that they were made of`(name: String) throws {
        let root = try #require(SharedData.folder("parity")) + "/" + name
        let published = try openModelFile(path: root + "/hf")
        let written = try convert(openModelFile(path: root + "/\(name).gguf"), to: "safetensors")
        try expectSameTensors(written, published)
        let architecture = try published.metadata.requiredString("general.architecture")
        for key in published.metadata.keys where key.hasPrefix(architecture + ".") {
            if case .string? = published.metadata[key] { continue }
            #expect(try written.metadata.number(key) == published.metadata.number(key), "\(key)")
        }
    }

    @Test(arguments: [
        ("model.gguf", "gguf"), ("a/b.APR", "apr"), ("model", "safetensors"), ("Qwen3-0.6B", "safetensors"),
        ("Llama-3.2-1B-Instruct/", "safetensors"), ("v1.5/model", "safetensors"), ("model.bin/", "safetensors"),
        ("model.bin", nil), ("model.safetensors", nil), ("a/model.gguff", nil),
    ])
    func `a name tells the format`(path: String, format: String?) {
        #expect(TargetFormat.ofPath(path)?.name == format)
    }

    // MARK: Support

    /// Without `rope_freqs.weight`, whose numbers tiny-llama's maker has drawn: no configuration gives them.
    private func fixture(_ name: String) throws -> any ModelFile {
        let path = Fixtures.path("models/\(name).gguf")
        var draft = ModelDraft(copying: try openModelFile(path: path))
        draft.tensors.removeAll { $0.name == "rope_freqs.weight" }
        try GGUFWriter(draft).write(to: scratch.path(name + ".gguf"))
        return try openModelFile(path: scratch.path(name + ".gguf"))
    }

    private func convert(_ file: any ModelFile, to format: String, type: String? = nil) throws -> any ModelFile {
        let format = try #require(TargetFormat.named(format))
        let options = EncodingOptions(mix: type.flatMap { QuantizationMix.named($0) })
        let draft = try ModelDraft(file, for: format, encodedAs: options, by: TensorEncoder(threadCount: 2))
        let path = scratch.path("\(UInt32.random(in: 0...UInt32.max))" + (format.suffixes.first ?? ""))
        try format.writer(for: draft).write(to: path, sources: file.partPaths, observer: .silent)
        return try openModelFile(path: path)
    }

    /// The model with all of its tensors, vectors too, in one type, as folders are published.
    private func halved(_ model: any ModelFile, type: String) throws -> any ModelFile {
        let type = try #require(QuantizationMix.named(type)?.base)
        let encoder = TensorEncoder(threadCount: 1)
        var draft = ModelDraft(metadata: model.metadata, tensors: [])
        for entry in model.tensors {
            draft.tensors.append(try encoder.draft(of: model.view(of: entry), in: model.path, as: type))
        }
        try HuggingFaceWriter(draft).write(to: scratch.path("halved"))
        return try openModelFile(path: scratch.path("halved"))
    }

    private func expectSameTensors(_ model: any ModelFile, _ other: any ModelFile) throws {
        func names(_ file: any ModelFile) -> Set<String> { Set(file.tensors.map(\.name)) }
        #expect(names(model) == names(other))
        for entry in other.tensors {
            let found = try #require(model.entry(named: entry.name))
            #expect(found.elementType == entry.elementType && found.shape == entry.shape, "\(entry.name)")
            let (bytes, expected) = (model.view(of: found).bytes, other.view(of: entry).bytes)
            if entry.name == "rope_freqs.weight" {
                // Computed anew, in float64, where other converters compute in float32.
                let pairs = zip(bytes.bindMemory(to: Float.self), expected.bindMemory(to: Float.self))
                #expect(pairs.allSatisfy { abs($0 / $1 - 1) < 1e-6 })
            } else {
                #expect(bytes.elementsEqual(expected), "\(entry.name)")
            }
        }
    }
}
