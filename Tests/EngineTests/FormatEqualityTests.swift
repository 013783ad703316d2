import Engine
import Foundation
import ModelFiles
import Tensors
import TestSupport
import Testing

/// The same model in every format gives the same tokens.
@Suite("Formats", .enabled(if: SharedData.folder("parity") != nil, "\(SharedData.absent)"))
struct FormatEqualityTests {
    struct Reference: Decodable {
        let tokens: [Int32]
        let greedy: [Int32]
    }

    static let names = ["llama", "llama3-rope", "mistral", "qwen2", "qwen3"]

    /// Writes the model as an APR file and reads that.
    private func withAPR<Result>(of path: String, _ body: (String) throws -> Result) throws -> Result {
        let copy = NSTemporaryDirectory() + "realizar-\(UUID().uuidString).apr"
        defer { try? FileManager.default.removeItem(atPath: copy) }
        var bytes: [UInt8] = []
        try APRWriter(openModelFile(path: path)).write { span in span.withUnsafeBytes { bytes += $0 } }
        try Data(bytes).write(to: URL(fileURLWithPath: copy))
        return try body(copy)
    }

    private func greedy(_ path: String, _ reference: Reference) throws -> (tokens: [Int32], logits: [Float]) {
        let session = try ModelSession(.file(path), options: EngineOptions())
        let prompt = try session.forward(reference.tokens, allLogits: false)
        var logits = prompt
        var tokens: [Int32] = []
        while tokens.count < reference.greedy.count {
            let best = Int32(logits.enumerated().max { $0.element < $1.element }?.offset ?? 0)
            tokens.append(best)
            logits = try session.forward([best], allLogits: false)
        }
        return (tokens, prompt)
    }

    @Test(arguments: names)
    func `GGUF, safetensors and APR of one model give the same tokens`(_ name: String) throws {
        let folder = try #require(SharedData.folder("parity/\(name)"))
        let json = try Data(contentsOf: URL(fileURLWithPath: folder + "/reference.json"))
        let reference = try JSONDecoder().decode(Reference.self, from: json)
        let gguf = try greedy("\(folder)/\(name).gguf", reference)
        let published = try greedy(folder + "/hf", reference)
        let (fromGGUF, fromPublished) = try (
            withAPR(of: "\(folder)/\(name).gguf") { try greedy($0, reference) },
            withAPR(of: folder + "/hf") { try greedy($0, reference) }
        )
        for tokens in [gguf.tokens, published.tokens, fromGGUF.tokens, fromPublished.tokens] {
            #expect(tokens == reference.greedy)
        }
        // APR holds the same bytes of weights, so that not even a bit may differ.
        #expect(fromGGUF.logits.map(\.bitPattern) == gguf.logits.map(\.bitPattern))
        #expect(fromPublished.logits.map(\.bitPattern) == published.logits.map(\.bitPattern))
    }

    @Test(arguments: names)
    func `APR keeps every key and tensor of the model that it was written from`(_ name: String) throws {
        let folder = try #require(SharedData.folder("parity/\(name)"))
        for path in ["\(folder)/\(name).gguf", folder + "/hf"] {
            let model = try openModelFile(path: path)
            try withAPR(of: path) { copy in
                let found = try openModelFile(path: copy)
                for tensor in model.tensors {
                    let other = try #require(found.entry(named: tensor.name))
                    #expect(other.shape == tensor.shape && other.elementType == tensor.elementType)
                    #expect(found.view(of: other).bytes.elementsEqual(model.view(of: tensor).bytes))
                }
                for key in model.metadata.keys
                where key.hasPrefix("tokenizer.") || key.hasPrefix("llama.") || key.hasPrefix("qwen") {
                    #expect(found.metadata[key] != nil, "\(key)")
                    if let integer = try? model.metadata.integer(key) {
                        #expect(try found.metadata.integer(key) == integer, "\(key)")
                    }
                    if let strings = try? model.metadata.byteStrings(key) {
                        #expect(try found.metadata.byteStrings(key) == strings, "\(key)")
                    }
                }
            }
        }
    }
}
