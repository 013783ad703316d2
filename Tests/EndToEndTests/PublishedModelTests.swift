import Foundation
import TestSupport
import Testing

/// Folders as models are published, through the real binary.
@Suite("Folders of safetensors", .enabled(if: RealizarProcess.exists, RealizarProcess.missing), .timeLimit(.minutes(1)))
struct PublishedModelTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        var model = PublishedModel()
        model.configuration["eos_token_id"] = "[257, 258]"
        model.files["tokenizer_config.json"] =
            #"{"chat_template":"{% for m in messages %}{{ m.content }}{% endfor %}","eos_token":"</s>"}"#
        for (name, bytes) in model.contents { try Data(bytes).write(to: folder.url(name)) }
    }

    private var path: String { folder.path(".") }

    @Test func `a folder and its file of weights answer alike`() throws {
        let answers = try [path, folder.path("model.safetensors")].map { model in
            let found = try RealizarProcess.run(
                "run", model, "--raw", "ab", "-n", "4", "--temperature", "0", "--format", "json")
            #expect(found.status == 0, "\(found.errorText)")
            let json = try found.json()
            #expect(json["prompt_tokens"]?.number == 2)
            return json["tokens"]?.integers
        }
        #expect(answers[0] != nil && answers[0] == answers[1])
    }

    @Test func `inspect tells the format, GGUF's names and the tokenizer`() throws {
        let json = try RealizarProcess.run("inspect", path, "--format", "json").json()
        #expect(json["format"]?.string == "safetensors" && json["architecture"]?.string == "llama")
        #expect(json["metadata"]?["llama.block_count"]?.number == 1)
        #expect(json["tokenizer"]?["tokens"]?.number == 260)
        #expect(json["tensors"]?.array?.contains { $0["name"]?.string == "blk.0.attn_q.weight" } == true)
    }

    @Test func `text becomes ids and ids text`() throws {
        let ids = try RealizarProcess.run("tokenize", path, "a</s>", "--format", "json")
        #expect(ids.output == "[97,257]\n", "\(ids.errorText)")
        #expect(try RealizarProcess.run("detokenize", path, "97,98").output.hasPrefix("ab"))
    }

    @Test func `a folder becomes GGUF and a folder again, which answers alike`() throws {
        let gguf = folder.path("x.gguf"), again = folder.path("again-1.5B")
        for (from, to, further) in [(path, gguf, []), (gguf, again, ["--shard-size", "9 KB"])] {
            let converted = try RealizarProcess(["convert", from, to] + further).wait()
            #expect(converted.status == 0, "\(converted.errorText)")
        }
        let answers = try [path, gguf, again].map { model in
            let found = try RealizarProcess.run(
                "run", model, "--raw", "a</s>b", "-n", "6", "--temperature", "0", "--format", "json")
            #expect(found.status == 0, "\(found.errorText)")
            return try found.json()["tokens"]?.integers
        }
        #expect(answers[0] != nil && answers[1] == answers[0] && answers[2] == answers[0])
        #expect(try RealizarProcess.run("verify", again).status == 0)
        let names = try FileManager.default.contentsOfDirectory(atPath: again)
        #expect(names.contains("model.safetensors.index.json") && names.count { $0.hasSuffix(".safetensors") } > 1)
        let taken = try RealizarProcess.run("convert", gguf, again)
        #expect(taken.status == 1 && taken.errorText.contains("expected a new folder"))
    }

    @Test(arguments: [
        (["x.safetensors"], "is one file, and safetensors are written as a folder"),
        (["x.bin"], "does not tell a format"), (["x.gguf", "--shard-size", "1GB"], "--shard-size is for folders"),
        (["x", "--shard-size", "0"], "The value '0' is invalid"), (["x", "--shard-size", "5 5GB"], "is invalid"),
    ])
    func `a name that tells no format is refused before anything is read`(_ arguments: [String], expected: String)
        throws
    {
        let found = try RealizarProcess(["convert", folder.path("nowhere")] + arguments).wait()
        #expect(found.status == 2 && found.errorText.contains(expected), "\(found.errorText)")
    }

    @Test(arguments: ["q8_0", "Q4_0", "q4_k"])
    func `weights are quantized while loading`(_ type: String) throws {
        let found = try RealizarProcess.run(
            "run", path, "--raw", "ab", "-n", "2", "--temperature", "0", "--quantize", type, "--format", "json")
        #expect(found.status == 0)
        #expect(found.errorText.contains("quantizing weights to \(type.lowercased())"))
        let refused = try RealizarProcess.run("run", path, "ab", "--quantize", "q3")
        #expect(refused.status == 2 && refused.errorText.contains("must be one of q8_0, q6_k"))
    }

    @Test func `what is missing is named`() throws {
        try FileManager.default.removeItem(at: folder.url("config.json"))
        let found = try RealizarProcess.run("run", path, "ab")
        #expect(found.status == 1)
        #expect(
            found.errorText.contains("expected config.json and tokenizer.json, as they are published with the weights"))
    }
}
