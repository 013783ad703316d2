import Foundation
import TestSupport
import Testing

@Suite(
    "realizar tokenize and detokenize", .enabled(if: StoriesModel.exists, StoriesModel.absent), .timeLimit(.minutes(2))
)
struct TokenizeCommandTests {
    let model: String

    init() throws { model = try StoriesModel.require() }

    @Test func `ids stand on one line, with the begin token unless it is declined`() throws {
        let special = try RealizarProcess.run("tokenize", model, "Once upon a time")
        let plain = try RealizarProcess.run("tokenize", model, "Once upon a time", "--no-special")
        #expect(special.status == 0)
        #expect(special.output == "1 " + plain.output)
        #expect(plain.output == "403 407 261 378\n")  // llama.cpp's ids for this vocabulary
    }

    @Test func `JSON is an array`() throws {
        let result = try RealizarProcess.run("tokenize", model, "Once upon", "--format", "json")
        #expect(result.output == "[1,403,407]\n")
    }

    @Test func `standard input is taken as it stands`() throws {
        let given = try RealizarProcess.run("tokenize", model, "Lily\n\n")
        let read = try RealizarProcess.run("tokenize", model, input: "Lily\n\n")
        #expect(given.output == read.output)
    }

    @Test func `each line of JSON is answered by a line`() throws {
        let result = try RealizarProcess.run(
            "tokenize", model, "--jsonl", "--no-special", input: #""Once upon""# + "\n\"\"\n" + #""\u0041\n""#)
        #expect(result.status == 0)
        let lines = result.output.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines.first == "[403,407]")
        #expect(lines.dropFirst().first == "[]")
    }

    @Test(arguments: ["17", "\"a", "[\"a\"]", "\"\\ud800\"", "\"a\" \"b\"", "", "null"])
    func `a line that is no JSON string ends with its number`(line: String) throws {
        let result = try RealizarProcess.run("tokenize", model, "--jsonl", input: "\"a\"\n\(line)\n")
        #expect(result.status == 1)
        #expect(result.output.split(separator: "\n").count == 1)
        #expect(result.errorText.hasPrefix("error: standard input, line 2: "))
    }

    @Test(arguments: ["Once upon a time, Lily.", " two  spaces ", "grüße 日本 🙂", "\ttab\n"])
    func `text comes back from its ids`(text: String) throws {
        let ids = try RealizarProcess.run("tokenize", model, text, "--no-special").output
        let words = ids.split(whereSeparator: \.isWhitespace).map(String.init)
        #expect(try RealizarProcess(["detokenize", model] + words).wait().output == text + "\n")
        #expect(try RealizarProcess.run("detokenize", model, input: ids).output == text + "\n")
    }

    @Test func `special tokens are written only on demand`() throws {
        #expect(try RealizarProcess.run("detokenize", model, "1,403").output == "Once\n")
        let special = try RealizarProcess.run("detokenize", model, "1,403", "--special", "--format", "json")
        #expect(try special.json().string?.hasPrefix("<s>") == true)
    }

    @Test func `arrays of ids become strings line by line`() throws {
        let result = try RealizarProcess.run("detokenize", model, "--jsonl", input: "[403,407]\n[]\n[1]\n")
        #expect(result.output == "\"Once upon\"\n\"\"\n\"\"\n")
        let wrong = try RealizarProcess.run("detokenize", model, "--jsonl", input: "[403]\n[512]\n")
        #expect(wrong.status == 1)
        #expect(wrong.output == "\"Once\"\n")
        #expect(wrong.errorText.hasPrefix("error: standard input, line 2: "))
    }

    @Test(arguments: ["llama-spm", "gpt-2"])
    func `published vocabularies give the published ids`(name: String) throws {
        let file = try #require(SharedData.folder("vocab")) + "/ggml-vocab-\(name).gguf"
        let cases = try String(contentsOfFile: file + ".inp", encoding: .utf8)
            .components(separatedBy: "\n__ggml_vocab_test__\n")
        let expected = try String(contentsOfFile: file + ".out", encoding: .utf8)
            .components(separatedBy: "\n").map { $0.split(separator: " ").compactMap { Int($0) } }
        let input = try cases.map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) + "\n" }.joined()
        let result = try RealizarProcess.run("tokenize", file, "--jsonl", "--no-special", input: input)
        let lines = try result.output.split(separator: "\n").map { try JSON($0.utf8).integers }
        try #require(lines.count == cases.count)
        for (index, ids) in lines.enumerated() { #expect(ids == expected[index], "case \(index): \(cases[index])") }
    }
}
