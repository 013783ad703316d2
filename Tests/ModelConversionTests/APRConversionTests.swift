import ModelConversion
import ModelFiles
import Tensors
import TestSupport
import Testing

@Suite("Models as APR and back")
struct APRConversionTests {
    @Test(arguments: ["tiny-llama", "tiny-qwen2", "tiny-qwen3"])
    func `the way to APR and back keeps every tensor, and what the engine reads of the metadata`(name: String) throws {
        let folder = try ScratchFolder()
        let source = try openModelFile(path: Fixtures.path("models/\(name).gguf"))
        let apr = try convert(source, to: "apr", at: folder.path("x.apr"))
        #expect(apr.formatName == "APR v2")
        let back = try convert(apr, to: "gguf", at: folder.path("x.gguf"))
        #expect(Set(back.tensors.map(\.name)) == Set(source.tensors.map(\.name)))
        for entry in source.tensors {
            let other = try #require(back.entry(named: entry.name))
            #expect(other.elementType == entry.elementType && other.shape == entry.shape)
            #expect(back.view(of: other).bytes.elementsEqual(source.view(of: entry).bytes), "\(entry.name)")
        }
        let architecture = try source.metadata.requiredString("general.architecture")
        for key in source.metadata.keys where key.hasPrefix(architecture + ".") {
            #expect(try back.metadata.number(key) == source.metadata.number(key), "\(key)")
        }
        #expect(
            try back.metadata.byteStrings("tokenizer.ggml.tokens")
                == source.metadata.byteStrings("tokenizer.ggml.tokens"))
    }

    @Test
    func `a type that APR has no number for is refused, and nothing is left`() throws {
        let folder = try ScratchFolder()
        let source = try openModelFile(path: Fixtures.path("models/tiny-llama.gguf"))
        let error = #expect(throws: ModelFileError.self) {
            try convert(source, to: "apr", at: folder.path("x.apr"), type: "Q5_1")
        }
        #expect(error?.description.contains("which APR has no number for") == true)
        #expect(try folder.names() == [])
    }

    @Test
    func `the promised size is the file's size`() throws {
        let folder = try ScratchFolder()
        let source = try openModelFile(path: Fixtures.path("models/tiny-llama.gguf"))
        let writer = try APRFileWriter(ModelDraft(copying: source))
        try writer.write(to: folder.path("x.apr"), sources: [], observer: .silent)
        #expect(try folder.bytes("x.apr").count == writer.byteCount)
    }

    private func convert(
        _ file: any ModelFile, to format: String, at path: String, type: String? = nil
    ) throws -> any ModelFile {
        let format = try #require(TargetFormat.named(format))
        let options = EncodingOptions(mix: type.flatMap { QuantizationMix.named($0) })
        let draft = try ModelDraft(file, for: format, encodedAs: options, by: TensorEncoder(threadCount: 1))
        try format.writer(for: draft).write(to: path, sources: file.partPaths, observer: .silent)
        return try openModelFile(path: path)
    }
}
