import Foundation
import TestSupport
import Testing

@Suite(
    "realizar list, and names of models", .enabled(if: RealizarProcess.exists, RealizarProcess.missing),
    .timeLimit(.minutes(1)))
struct ListCommandTests {
    /// A model folder with one link in it.
    static func environment(_ folder: TemporaryFolder) throws -> [String: String] {
        try FileManager.default.createSymbolicLink(
            atPath: folder.url("tiny.gguf").path, withDestinationPath: Fixtures.path("models/tiny-llama.gguf"))
        let path = folder.url("").path
        return [
            "REALIZAR_MODELS": path, "HF_HUB_CACHE": path + "/none", "OLLAMA_MODELS": path + "/none",
            "HF_HUB_OFFLINE": "1",
        ]
    }

    @Test func `an entry of the model folder is listed, and its name is a model`() throws {
        let folder = try TemporaryFolder()
        let environment = try Self.environment(folder)
        let text = try RealizarProcess.run("list", environment: environment)
        #expect(text.status == 0 && text.output.contains("tiny") && text.errorText.isEmpty)
        let json = try RealizarProcess.run("list", "--format", "json", environment: environment).json()
        let model = try #require(json.array?.first)
        #expect(json.array?.count == 1 && model["name"]?.string == "tiny" && model["store"]?.string == "realizar")
        #expect(model["size"]?.number == Double(try Fixtures.bytes("models/tiny-llama.gguf").count))
        let byName = try RealizarProcess.run("tokenize", "tiny", "a b", environment: environment)
        let byPath = try RealizarProcess.run("tokenize", Fixtures.path("models/tiny-llama.gguf"), "a b")
        #expect(byName.status == 0 && byName.output == byPath.output)
    }

    @Test func `without any model the folders that were looked into are told`() throws {
        let none = ["REALIZAR_MODELS": "/none/own", "HF_HUB_CACHE": "/none/hub", "OLLAMA_MODELS": "/none/ollama"]
        let result = try RealizarProcess.run("list", environment: none)
        #expect(result.status == 0 && result.output.isEmpty)
        #expect(["/none/own", "/none/hub", "/none/ollama", "realizar pull"].allSatisfy(result.errorText.contains))
        #expect(try RealizarProcess.run("list", "--format", "json", environment: none).output == "[]\n")
    }

    @Test(arguments: [
        (["run", "hf:a/b", "hello"], "HF_HUB_OFFLINE"), (["inspect", "ollama:absent"], "OLLAMA_MODELS"),
        (["pull", "hf:a"], "expected hf:owner/name"), (["pull", "tiny"], "expected hf:owner/name"),
    ])
    func `a name that leads nowhere says what to do`(_ arguments: [String], _ expected: String) throws {
        let folder = try TemporaryFolder()
        let process = try RealizarProcess(arguments, environment: try Self.environment(folder))
        let result = try process.wait()
        #expect(result.status == 1 && result.output.isEmpty)
        #expect(result.errorText.hasPrefix("error: ") && result.errorText.contains(expected), "\(result.errorText)")
    }
}
