import Foundation
import TestSupport
import Testing

@Suite(
    "realizar verify", .enabled(if: RealizarProcess.exists, RealizarProcess.missing), .timeLimit(.minutes(1)))
struct VerifyCommandTests {
    @Test func `the built-in model is sound, and says so in both formats`() throws {
        let text = try RealizarProcess.run("verify")
        #expect(text.status == 0 && text.output == "realizar-demo: sound (46 tensors, 3.67 M numbers)\n")
        let json = try RealizarProcess.run("verify", DemoFile.path, "--format", "json", "-q")
        #expect(json.status == 0 && json.errorText.isEmpty)
        #expect(try json.json()["sound"] == JSON(Array("true".utf8)))
        #expect(try json.json()["findings"]?.array?.isEmpty == true)
    }

    @Test func `a broken number is a line with its place, and the status is 1`() throws {
        let folder = try TemporaryFolder()
        var bytes = try Fixtures.bytes("models/tiny-llama.gguf")
        let tensors = try RealizarProcess.run("inspect", Fixtures.path("models/tiny-llama.gguf"), "--format", "json")
            .json()["tensors"]?.array
        let norm = try #require(tensors?.first { $0["name"]?.string == "output_norm.weight" })
        let offset = Int(try #require(norm["offset"]?.number)) + 4 * 5
        bytes.replaceSubrange(offset..<offset + 4, with: [0, 0, 0xC0, 0x7F])
        try Data(bytes).write(to: folder.url("broken.gguf"))
        let text = try RealizarProcess.run("verify", folder.path("broken.gguf"), "-q")
        #expect(text.status == 1 && text.errorText.isEmpty)
        let lines = text.output.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines[0].contains("byte \(offset): tensor 'output_norm.weight'") && lines[0].contains("element 5 "))
        #expect(lines[1].contains("broken.gguf: 1 problem ("))
        let json = try RealizarProcess.run("verify", folder.path("broken.gguf"), "-q", "--format", "json")
        #expect(json.status == 1)
        let finding = try #require(try json.json()["findings"]?.array?.first)
        #expect(finding["kind"]?.string == "number" && finding["element"]?.number == 5)
        #expect(finding["offset"]?.number == Double(offset))
    }

    @Test(arguments: [10, 1000, 20_000])
    func `a file that is cut off is a finding of its structure`(byteCount: Int) throws {
        let folder = try TemporaryFolder()
        try Data(try Fixtures.bytes("models/tiny-llama.gguf").prefix(byteCount)).write(to: folder.url("cut.gguf"))
        let result = try RealizarProcess.run("verify", folder.path("cut.gguf"), "--format", "json")
        #expect(result.status == 1)
        #expect(try result.json()["findings"]?.array?.first?["kind"]?.string == "structure")
    }
}
