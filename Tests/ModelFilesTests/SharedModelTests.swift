import Foundation
import ModelFiles
import Tensors
import TestSupport
import Testing

/// Files of other people's converters.
@Suite("Shared GGUF files", .enabled(if: SharedData.folder("") != nil, Comment(rawValue: SharedData.absent)))
struct SharedModelTests {
    static let paths: [String] = {
        guard let folder = SharedData.folder(""), let names = FileManager.default.enumerator(atPath: folder) else {
            return []
        }
        return names.compactMap { $0 as? String }.filter { $0.hasSuffix(".gguf") }.sorted()
    }()

    @Test(arguments: paths)
    func `opens, and every array and tensor can be read`(path: String) throws {
        let folder = try #require(SharedData.folder(""))
        let model = try openModelFile(path: folder + "/" + path)
        #expect(model.formatName == "GGUF v3" || model.formatName == "GGUF v2")
        #expect(try model.metadata.string("general.architecture") != nil)
        for case .array(let array) in model.metadata.keys.compactMap({ model.metadata[$0] }) {
            #expect(try array.values().count == array.count)
        }
        for tensor in model.tensors { #expect(model.view(of: tensor).bytes.count == tensor.byteRange.count) }
    }

    @Test
    func `a vocabulary of 150,000 tokens opens in milliseconds and is decoded when asked for`() throws {
        let folder = try #require(SharedData.folder("vocab"))
        let clock = ContinuousClock()
        var model: (any ModelFile)?
        let opening = try clock.measure { model = try openModelFile(path: folder + "/ggml-vocab-qwen2.gguf") }
        let metadata = try #require(model).metadata
        var tokens = ByteStrings()
        let decoding = try clock.measure { tokens = try metadata.requiredByteStrings("tokenizer.ggml.tokens") }
        #expect(tokens.count > 150_000)
        #expect(tokens.text(at: 0) == "!")
        // Milliseconds on a quiet machine; the bounds leave room for a debug build on a loaded one.
        #expect(opening < .seconds(1), "\(opening)")
        #expect(decoding < .seconds(1), "\(decoding)")
    }

    @Test
    func `a Llama's configuration and first weights are as its converter wrote them`() throws {
        let folder = try #require(SharedData.folder("parity"))
        let model = try openModelFile(path: folder + "/llama/llama.gguf")
        #expect(try model.metadata.string("general.architecture") == "llama")
        let embedding = try #require(model.entry(named: "token_embd.weight"))
        #expect(embedding.elementType == .float32)
        let hidden = try model.metadata.requiredInteger("llama.embedding_length")
        #expect(embedding.shape.dimensions.last == hidden)
        #expect(model.entry(named: "no such tensor") == nil)
    }
}
