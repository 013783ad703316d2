import Foundation
import Testing

@Suite(
    "Wrong calls and wrong files", .enabled(if: RealizarProcess.exists, RealizarProcess.missing),
    .timeLimit(.minutes(2))
)
struct UsageTests {
    static let wrongCalls: [[String]] = [
        ["bogus"],
        ["run", "model.gguf", "hi", "--temperature", "7"], ["run", "model.gguf", "hi", "--top-p", "0"],
        ["run", "model.gguf", "hi", "--min-p", "nan"], ["run", "model.gguf", "hi", "-n", "-1"],
        ["run", "model.gguf", "hi", "--temperature", "warm"], ["run", "model.gguf", "hi", "--format", "xml"],
        ["run", "model.gguf", "hi", "--raw", "--system", "be brief"], ["run", "model.gguf", "hi", "-t", "0"],
        ["run", "model.gguf", "hi", "--stop", ""], ["run", "model.gguf", "hi", "--seed", "-1"],
        ["run", "model.gguf", "hi", "--context-length", "99999999"],
        ["serve", "--model", "model.gguf", "--port", "70000"], ["serve", "--model", "model.gguf", "--parallel", "0"],
        ["tokenize", "model.gguf", "hi", "--jsonl"], ["detokenize", "model.gguf", "x"],
        ["trace", "model.gguf"], ["trace", "model.gguf", "--tokens", "1,two"], ["trace", "model.gguf", "--tokens", ""],
        ["bench", "model.gguf", "-r", "0"], ["bench", "model.gguf", "-p", "0", "-n", "0"],
        ["bench", "model.gguf", "-p", "99999999999999999999"], ["bench", "-n", "1,,2"], ["bench", "-s", "0"],
        ["bench", "-d", "-1"], ["run", "hi", "--cpu", "sse9"], ["bench", "--plot", "x.svg"],
        ["run", "hi", "--kv-cache-type", "q4_0"], ["inspect", "--kv-cache-type", "f8"],
    ]

    @Test(arguments: wrongCalls)
    func `a wrong call exits with 2 and speaks only on standard error`(arguments: [String]) throws {
        let result = try RealizarProcess(arguments).wait()
        #expect(result.status == 2)
        #expect(result.output.isEmpty)
        #expect(result.errorText.hasPrefix("error: "))
    }

    @Test(arguments: [["--help"], ["run", "--help"], ["help", "bench"], ["--version"], ["serve", "-h"]])
    func `help goes to standard output with status 0`(arguments: [String]) throws {
        let result = try RealizarProcess(arguments).wait()
        #expect(result.status == 0)
        #expect(!result.output.isEmpty)
        #expect(result.errorText.isEmpty)
    }

    static let readers: [[String]] = [
        ["run", "", "hi"], ["chat", ""], ["inspect", ""], ["tokenize", "", "hi"], ["detokenize", "", "1"],
        ["trace", "", "--tokens", "1"], ["bench", "", "-r", "1"], ["doctor", ""],
    ]

    /// The arguments with the model's path at its place.
    private func arguments(_ pattern: [String], model: String) -> [String] {
        pattern.map { $0.isEmpty ? model : $0 }
    }

    @Test(arguments: readers)
    func `a file that does not exist exits with 1 and an error that names it`(pattern: [String]) throws {
        let result = try RealizarProcess(arguments(pattern, model: "/nowhere/model.gguf")).wait()
        #expect(result.status == 1)
        #expect(result.output.isEmpty)
        let error = try #require(result.errorText.split(separator: "\n").last)
        #expect(error.hasPrefix("error: "))
        #expect(error.contains("/nowhere/model.gguf"))
    }

    /// The last one claims 9 · 10¹⁸ tensors.
    static let noModels = [
        "", "GGUF", "not a model\n", "GGUF\u{3}\0\0\0" + String(repeating: "\u{7F}", count: 16),
    ]

    @Test(arguments: readers, noModels)
    func `a file that is no model exits with 1 and one line`(pattern: [String], contents: String) throws {
        let folder = try TemporaryFolder()
        try contents.write(toFile: folder.path("wrong.gguf"), atomically: false, encoding: .utf8)
        let result = try RealizarProcess(arguments(pattern, model: folder.path("wrong.gguf"))).wait()
        #expect(result.status == 1)
        #expect(result.output.isEmpty)
        #expect(result.errorText.split(separator: "\n").filter { $0.hasPrefix("error: ") }.count == 1)
    }
}
