import Foundation
import TestSupport
import Testing

/// The model inside the binary: answers with nothing named and nothing beside it.
@Suite(
    "The built-in demo model", .enabled(if: RealizarProcess.exists, RealizarProcess.missing), .timeLimit(.minutes(2)))
struct DemoModelTests {
    @Test func `run without a model answers, and says on standard error which model that is`() throws {
        let result = try RealizarProcess.run("run", "What is 7 plus 5?", "--temperature", "0")
        #expect(result.status == 0 && result.output.contains("12"), "\(result.output)")
        #expect(result.errorText.contains("built-in demo model") && result.errorText.contains("path/to/model.gguf"))
    }

    @Test func `a path is a model and anything else is a prompt`() throws {
        #expect(try RealizarProcess.run("run", "missing.gguf", input: "hi").status == 1)
        #expect(
            try RealizarProcess.run("run", Fixtures.path("models/tiny-llama.gguf"), "-n", "1", input: "a").status == 0)
        let ids = try RealizarProcess.run("tokenize", "hello")
        #expect(ids.status == 0)
        let text = try RealizarProcess.run("detokenize", ids.output.trimmingCharacters(in: .whitespacesAndNewlines))
        #expect(text.output == "hello\n")
    }

    @Test func `the same greedy text on every instruction set and number of threads`() throws {
        let best = try RealizarProcess.run("run", "Tell me about Realizar.", "--temperature", "0", "-n", "60")
        #expect(best.status == 0 && !best.output.isEmpty)
        for isa in ["scalar", "avx2", "avx512", "neon"] {
            let other = try RealizarProcess.run(
                "run", "Tell me about Realizar.", "--temperature", "0", "-n", "60", "--cpu", isa, "-t", "1")
            if other.errorText.contains("this CPU does not have") { continue }
            #expect(other.output == best.output, "\(isa)")
        }
    }

    /// `Fixtures/demo/golden.json`, written by Tools/demo-model/evaluate.py with the shipped file.
    @Test func `greedy answers are the golden ones`() throws {
        let golden = try JSON(try Fixtures.bytes("demo/golden.json"))
        let entries = try #require(golden["q8_0"]?.array)
        #expect(entries.count >= 12)
        for entry in entries {
            let prompt = try #require(entry["prompt"]?.string), system = entry["system"]?.string ?? ""
            var arguments = ["run", prompt, "--temperature", "0", "-n", "200", "--format", "json"]
            if !system.isEmpty { arguments += ["--system", system] }
            let result = try RealizarProcess(arguments).wait()
            #expect(try result.json()["text"]?.string == entry["text"]?.string, "\(prompt)")
        }
    }

    @Test func `chat keeps the conversation`() throws {
        let result = try RealizarProcess.run(
            "chat", "--temperature", "0", input: "What is 2 plus 2?\n/exit\n")
        #expect(result.status == 0 && result.output.contains("4"), "\(result.output)")
    }

    @Test func `serve without a model and serve --demo offer it`() async throws {
        for arguments in [[], ["--demo"]] {
            let (server, port) = try ServeCommandTests.start(arguments)
            let client = try RawClient(port: port)
            let body = #"{"messages":[{"role":"user","content":"What is 7 plus 5?"}],"temperature":0}"#
            client.post("/v1/chat/completions", body)
            let answer = try await client.receive(until: "total_tokens", seconds: 20)
            #expect(answer.contains("12") && answer.contains("realizar-demo"), "\(answer)")
            client.close()
            server.send(SIGTERM)
            #expect(try server.wait().status == 0)
        }
    }

    @Test func `the binary carries the model wherever it is copied`() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.copyItem(atPath: RealizarProcess.path, toPath: folder.path("realizar"))
        let process = Process()
        process.executableURL = folder.url("realizar")
        process.arguments = ["inspect", "--format", "json"]
        process.currentDirectoryURL = folder.url(".")
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(String(decoding: bytes, as: UTF8.self).contains("Realizar Demo"))
    }
}
