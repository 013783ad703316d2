import Foundation
import Testing

@Suite(
    "realizar run", .enabled(if: StoriesModel.exists, StoriesModel.absent), .serialized, .timeLimit(.minutes(3))
)
struct RunCommandTests {
    let model: String

    init() throws { model = try StoriesModel.require() }

    /// The 200 tokens of the published text count the begin token.
    @Test(arguments: ["avx512", "avx2", "neon", "scalar"])
    func `greedy choice tells the published story on every instruction set`(isa: String) throws {
        let result = try RealizarProcess.run("run", model, "", "--raw", "-n", "199", "--temperature", "0", "--cpu", isa)
        if result.status == 1, result.errorText.contains("this CPU does not have '\(isa)'") { return }
        #expect(result.status == 0)
        #expect(result.output == expectedText + "\n")
    }

    private var expectedText: String {
        (try? StoriesModel.publishedText().trimmingCharacters(in: .whitespacesAndNewlines)) ?? ""
    }

    @Test func `JSON is one object with text, tokens, counts, reason and timings`() throws {
        let result = try RealizarProcess.run(
            "run", model, "Once upon", "--raw", "-n", "12", "--temperature", "0", "--format", "json")
        #expect(result.status == 0)
        let json = try result.json()
        #expect(
            json.keys == ["text", "tokens", "prompt_tokens", "completion_tokens", "finish_reason", "timings"])
        #expect(json["tokens"]?.integers?.count == 12)
        #expect(json["completion_tokens"]?.number == 12)
        #expect(json["finish_reason"]?.string == "length")
        #expect(json["prompt_tokens"]?.number == 3)  // <s>, "Once upon" in two
        let timings = try #require(json["timings"])
        let names = ["load_ms", "prefill_ms", "decode_ms", "prefill_tokens_per_second", "decode_tokens_per_second"]
        #expect(timings.keys == Set(names))
        for name in names { #expect(timings[name]?.number ?? -1 > 0, "\(name)") }
    }

    @Test func `text is what JSON says, and nothing else is on standard output`() throws {
        let options = ["run", model, "Lily", "--raw", "-n", "20", "--seed", "7"]
        let text = try RealizarProcess(options).wait()
        let json = try RealizarProcess(options + ["--format", "json"]).wait().json()
        #expect(text.output == (json["text"]?.string ?? "") + "\n")
        #expect(text.errorText.contains("tokens/s"))
    }

    @Test(arguments: ["1", "2", "3"])
    func `the same seed gives the same tokens, whatever the thread count`(threads: String) throws {
        let options = ["run", model, "Lily", "--raw", "-n", "40", "--seed", "7", "--format", "json"]
        let first = try RealizarProcess(options).wait().json()
        let again = try RealizarProcess(options + ["-t", threads]).wait().json()
        #expect(first["tokens"] == again["tokens"])
    }

    @Test func `another seed gives other tokens`() throws {
        let options = ["run", model, "Lily", "--raw", "-n", "40", "--format", "json", "--seed"]
        let first = try RealizarProcess(options + ["1"]).wait().json()
        #expect(first["tokens"] != (try RealizarProcess(options + ["2"]).wait().json()["tokens"]))
    }

    @Test(arguments: [["-"], []])
    func `the prompt comes from standard input, less its final line break`(place: [String]) throws {
        let options = ["--raw", "-n", "10", "--temperature", "0", "--format", "json"]
        let given = try RealizarProcess(["run", model, "The cat"] + options).wait().json()
        let read = try RealizarProcess(["run", model] + place + options, input: Array("The cat\n".utf8)).wait().json()
        #expect(given["text"] == read["text"])
        #expect(given["prompt_tokens"] == read["prompt_tokens"])
    }

    @Test func `input that is not UTF-8 is refused`() throws {
        let result = try RealizarProcess(["run", model, "--raw", "-n", "1"], input: [0x61, 0xFF]).wait()
        #expect(result.status == 1)
        #expect(result.output.isEmpty)
    }

    @Test func `a stop text ends the answer before it`() throws {
        let options = ["run", model, "", "--raw", "-n", "200", "--temperature", "0", "--format", "json", "--stop"]
        let json = try RealizarProcess(options + ["little girl"]).wait().json()
        #expect(json["text"]?.string == expectedText.components(separatedBy: "little girl").first)
        #expect(json["finish_reason"]?.string == "stop")
    }

    @Test func `zero tokens give an empty answer`() throws {
        let result = try RealizarProcess.run("run", model, "Hi", "--raw", "-n", "0", "--format", "json")
        #expect(result.status == 0)
        #expect(try result.json()["text"]?.string == "")
        #expect(try result.json()["tokens"]?.integers == [])
    }

    @Test func `a prompt beyond the context is refused`() throws {
        let result = try RealizarProcess.run(
            "run", model, String(repeating: "Lily ", count: 200), "--raw", "--context-length", "64")
        #expect(result.status == 1)
        #expect(result.output.trimmingCharacters(in: .newlines).isEmpty)
        #expect(result.errorText.hasPrefix("error: "))
    }

    @Test func `an instruction set that does not exist is refused, from the option and from the environment`() throws {
        #expect(try RealizarProcess.run("run", model, "a", "--cpu", "mmx").status == 2)
        #expect(try RealizarProcess.run("run", model, "a", environment: ["REALIZAR_ISA": "mmx"]).status == 1)
    }

    @Test func `Ctrl-C stops the answer with status 130`() throws {
        let process = try RealizarProcess(
            ["run", model, "Once", "--raw", "--ignore-eos", "--context-length", "512"])
        try #require(process.waitUntil { !process.output.isEmpty })
        process.send(SIGINT)
        let result = try process.wait()
        #expect(result.status == 130)
        #expect(result.output.hasSuffix("\n"))
    }

    @Test func `a result that cannot be written is an error`() throws {
        try #require(FileManager.default.fileExists(atPath: "/dev/full"))
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/bin/sh")
        let line = "exec \"$0\" run \"$1\" Hi --raw -n 3 > /dev/full 2> /dev/null"
        shell.arguments = ["-c", line, RealizarProcess.path, model]
        try shell.run()
        shell.waitUntilExit()
        #expect(shell.terminationStatus == 1)
    }
}
