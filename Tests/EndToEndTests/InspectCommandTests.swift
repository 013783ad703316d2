import Foundation
import TestSupport
import Testing

@Suite("realizar inspect", .enabled(if: StoriesModel.exists, StoriesModel.absent), .timeLimit(.minutes(1)))
struct InspectCommandTests {
    let model: String

    init() throws { model = try StoriesModel.require() }

    @Test func `JSON lists metadata, tensors, totals and the tokenizer`() throws {
        let result = try RealizarProcess.run("inspect", model, "--format", "json")
        #expect(result.status == 0)
        #expect(result.errorText.isEmpty)
        let json = try result.json()
        #expect(json["architecture"]?.string == "llama")
        #expect(json["metadata"]?["llama.embedding_length"]?.number == 64)
        #expect(json["metadata"]?["tokenizer.ggml.tokens"]?["count"]?.number == 512)
        #expect(json["tokenizer"]?["tokens"]?.number == 512)
        #expect(json["tokenizer"]?["has_chat_template"] == (try JSON(Array("false".utf8))))
        let tensors = try #require(json["tensors"]?.array)
        #expect(tensors.count == 48)
        let embedding = try #require(tensors.first { $0["name"]?.string == "token_embd.weight" })
        #expect(embedding["shape"]?.integers == [512, 64])
        #expect(embedding["type"]?.string == "F32")
        #expect(embedding["bytes"]?.number == 131_072)
    }

    @Test func `totals are the sums over the tensors`() throws {
        let json = try RealizarProcess.run("inspect", model, "--format", "json").json()
        let tensors = try #require(json["tensors"]?.array)
        let bytes = tensors.reduce(0.0) { $0 + ($1["bytes"]?.number ?? 0) }
        let parameters = tensors.reduce(0) { $0 + ($1["shape"]?.integers?.reduce(1, *) ?? 0) }
        #expect(json["bytes"]?.number == bytes)
        #expect(json["parameters"]?.number == Double(parameters))
        let types = try #require(json["types"]?.array)
        #expect(types.reduce(0.0) { $0 + ($1["bytes"]?.number ?? 0) } == bytes)
        #expect(types.reduce(0.0) { $0 + ($1["tensors"]?.number ?? 0) } == Double(tensors.count))
    }

    @Test func `memory is told for a context, and grows with it`() throws {
        let made = try RealizarProcess.run("inspect", model, "--format", "json").json()["memory"]
        #expect(made?["context_length"]?.number == 512)
        let memory = try #require(
            try RealizarProcess.run("inspect", model, "--context-length", "1000", "--format", "json").json()["memory"])
        // 5 layers · keys and values · 4 heads · 16 channels, of which 8 are used · 4 bytes, as the weights are float32.
        #expect(memory["cache_per_token"]?.number == 2560)
        #expect(memory["cache"]?.number == 2_560_000)
        #expect(memory["cache_type"]?.string == "f32")
        let small = try RealizarProcess.run(
            "inspect", model, "--context-length", "1000", "--kv-cache-type", "q8_0", "--format", "json")
        // 34 bytes for 32 channels, of which 8 are used.
        #expect(try small.json()["memory"]?["cache_per_token"]?.number == 1360)
        #expect(try small.json()["memory"]?["cache_type"]?.string == "q8_0")
        let parts = ["weights", "cache", "scratch"].compactMap { memory[$0]?.number }
        #expect(parts.count == 3 && memory["total"]?.number == parts.reduce(0, +))
        #expect(try RealizarProcess.run("inspect", model, "--context-length", "0").status == 2)
    }

    @Test func `text names every tensor and key`() throws {
        let text = try RealizarProcess.run("inspect", model).output
        let json = try RealizarProcess.run("inspect", model, "--format", "json").json()
        for tensor in json["tensors"]?.array ?? [] { #expect(text.contains(tensor["name"]?.string ?? "?")) }
        for key in json["metadata"]?.keys ?? [] { #expect(text.contains(key)) }
    }

    @Test(arguments: [3, 30, 300, 3000, 14_000, 14_200, 600_000, 1_185_311])
    func `a truncated file is refused`(byteCount: Int) throws {
        let folder = try TemporaryFolder()
        let bytes = try Data(contentsOf: URL(fileURLWithPath: model)).prefix(byteCount)
        try bytes.write(to: folder.url("cut.gguf"))
        let result = try RealizarProcess.run("inspect", folder.path("cut.gguf"), "--format", "json")
        #expect(result.status == 1)
        #expect(result.output.isEmpty)
        #expect(result.errorText.hasPrefix("error: "))
    }
}

@Suite(
    "realizar inspect on small files", .enabled(if: RealizarProcess.exists, RealizarProcess.missing),
    .timeLimit(.minutes(1)))
struct InspectFixtureTests {
    @Test(arguments: [
        ("small", 2), ("version-2", 2), ("alignment-64", 2), ("tensor-types", 30), ("value-types", 0),
        ("split-00001-of-00003", 3),
    ])
    func `every file that can be read is shown in both formats`(name: String, tensorCount: Int) throws {
        let file = Fixtures.path("gguf/\(name).gguf")
        let json = try RealizarProcess.run("inspect", file, "--format", "json")
        #expect(json.status == 0)
        #expect(try json.json()["tensors"]?.array?.count == tensorCount)
        let text = try RealizarProcess.run("inspect", file)
        #expect(text.status == 0)
        #expect(text.output.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control })
    }

    @Test func `memory of a model that does not run here is unknown, and why`() throws {
        let file = Fixtures.path("gguf/small.gguf")
        let json = try RealizarProcess.run("inspect", file, "--format", "json").json()
        #expect(json["memory"]?["problem"]?.string?.contains("architecture 'test' is not supported") == true)
        #expect(try RealizarProcess.run("inspect", file).output.contains("memory        unknown: "))
    }

    @Test func `values keep their type, and of arrays the beginning is shown`() throws {
        let file = Fixtures.path("gguf/value-types.gguf")
        let metadata = try #require(try RealizarProcess.run("inspect", file, "--format", "json").json()["metadata"])
        #expect(metadata["scalar.int8"]?.number == -128)
        #expect(metadata["scalar.bool"] == (try JSON(Array("true".utf8))))
        #expect(metadata["scalar.string"]?.string == "grüße 🦙")
        #expect(metadata["array.int16"]?["type"]?.string == "array of int16")
        #expect(metadata["array.int16"]?["count"]?.number == 2)
        #expect(metadata["array.int16"]?["first"]?.integers == [-32768, 32767])
        let text = try RealizarProcess.run("inspect", file).output
        #expect(text.contains("18446744073709551615"))
        #expect(text.contains("-9223372036854775808"))
    }

    @Test(arguments: [("big-endian", "big-endian"), ("split-00002-of-00003", "split-00001-of-00003.gguf")])
    func `a file that cannot be read is refused with what to do`(name: String, hint: String) throws {
        let result = try RealizarProcess.run("inspect", Fixtures.path("gguf/\(name).gguf"))
        #expect(result.status == 1)
        #expect(result.output.isEmpty)
        #expect(result.errorText.contains(hint))
    }
}
