import ModelStores
import Testing

@Suite("Names of models")
struct ModelNameTests {
    @Test(arguments: [
        ("hf:owner/name", "hf:owner/name"), ("hf:Qwen/Qwen3-0.6B-GGUF:Q8_0", "hf:Qwen/Qwen3-0.6B-GGUF:Q8_0"),
        ("hf:a/b:sub/file.gguf", "hf:a/b:sub/file.gguf"),
    ])
    func `names of a hub keep owner, name and choice`(_ text: String, _ expected: String) throws {
        guard case .hub(let name) = try ModelName(text) else {
            Issue.record("\(text) is no name of a hub")
            return
        }
        #expect("\(name)" == expected)
    }

    @Test(arguments: [
        ("ollama:llama3.2", "ollama:llama3.2:latest"), ("ollama:llama3.2:1b", "ollama:llama3.2:1b"),
        ("ollama:someone/model:q4", "ollama:someone/model:q4"),
        ("ollama:host.example/someone/model", "ollama:host.example/someone/model:latest"),
    ])
    func `names of Ollama's get what they leave out`(_ text: String, _ expected: String) throws {
        guard case .ollama(let name) = try ModelName(text) else {
            Issue.record("\(text) is no name of Ollama's")
            return
        }
        #expect("\(name)" == expected)
    }

    @Test(arguments: [
        "hf:", "hf:name", "hf:a/b/c", "hf:a/", "hf:/b", "hf:../x", "hf:a/..", "hf:a/b:", "hf:a b/c", "hf:a/b\n",
        "ollama:",
        "ollama:a:b:c", "ollama:../../etc/passwd", "ollama:a/b/c/d", "ollama:x:..", "ollama:a//b",
    ])
    func `malformed names are refused`(_ text: String) {
        let error = #expect(throws: ModelStoreError.self) { try ModelName(text) }
        guard case .malformedName = error?.problem else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test(arguments: ["model.gguf", "/models/hf:odd", "folder/", "http://x", ""])
    func `everything else is a path`(_ text: String) throws { #expect(try ModelName(text) == .file(text)) }
}
