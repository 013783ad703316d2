import Foundation
import TestSupport
import Testing

@Suite(
    "realizar quantize and convert", .enabled(if: RealizarProcess.exists, RealizarProcess.missing),
    .timeLimit(.minutes(2)))
struct QuantizeCommandTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test(arguments: ["Q8_0", "q6_k", "Q5_K_M", "Q4_K_S", "Q4_0", "Q5_1", "F16", "BF16", "F32"])
    func `a model in every type still answers`(type: String) throws {
        let output = folder.path("out.gguf")
        let result = try RealizarProcess.run("quantize", DemoFile.path, output, type, "--allow-requantize", "-t", "2")
        #expect(result.status == 0 && result.output.isEmpty, "\(result.errorText)")
        #expect(result.errorText.contains("out.gguf: "))
        let answer = try RealizarProcess.run("run", output, "What is 7 plus 5?", "--temperature", "0", "-n", "20")
        #expect(answer.output.contains("12"), "\(answer.output)")
        #expect(try RealizarProcess.run("verify", output).status == 0)
    }

    @Test func `the bytes do not depend on the number of threads, and quiet is quiet`() throws {
        for (name, threads) in [("one", "1"), ("three", "3")] {
            let result = try RealizarProcess.run(
                "quantize", DemoFile.path, folder.path(name + ".gguf"), "Q4_K_M", "--allow-requantize", "-t", threads,
                "--quiet")
            #expect(result.errorText.isEmpty)
        }
        #expect(try folder.bytes("one.gguf") == folder.bytes("three.gguf"))
    }

    @Test func `a dry run shows types and the size, and writes nothing`() throws {
        let arguments = ["quantize", DemoFile.path, folder.path("out.gguf"), "Q4_K_M", "--allow-requantize"]
        let dry = try RealizarProcess(arguments + ["--dry-run"]).wait()
        #expect(!FileManager.default.fileExists(atPath: folder.path("out.gguf")))
        #expect(dry.output.contains("blk.0.attn_q.weight"))
        #expect(try RealizarProcess(arguments).wait().status == 0)
        let size = try folder.bytes("out.gguf").count
        #expect(dry.output.hasSuffix("file: \(size) bytes\n"))
    }

    @Test func `what is quantized already, an unknown type and an unknown format are refused`() throws {
        let again = try RealizarProcess.run("quantize", DemoFile.path, folder.path("out.gguf"), "Q4_0")
        #expect(again.status == 1 && again.errorText.contains("--allow-requantize"))
        let type = try RealizarProcess.run("quantize", DemoFile.path, folder.path("out.gguf"), "Q9_K")
        #expect(type.status == 2 && type.errorText.contains("Q4_K_M"))
        let format = try RealizarProcess.run("quantize", DemoFile.path, folder.path("out.txt"), "Q4_0")
        #expect(format.status == 2 && format.errorText.contains(".gguf"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("")) == [])
    }

    @Test func `the source is never the target`() throws {
        let model = folder.path("model.gguf")
        try FileManager.default.copyItem(atPath: DemoFile.path, toPath: model)
        try FileManager.default.linkItem(atPath: model, toPath: folder.path("hard.gguf"))
        for target in ["model.gguf", "hard.gguf"] {
            let result = try RealizarProcess.run("convert", model, folder.path(target))
            #expect(result.status == 1 && result.errorText.contains("the one that is read"))
        }
        #expect(try folder.bytes("model.gguf") == [UInt8](Data(contentsOf: URL(fileURLWithPath: DemoFile.path))))
    }

    @Test func `converting without a type keeps every byte`() throws {
        #expect(try RealizarProcess.run("convert", DemoFile.path, folder.path("copy.gguf")).status == 0)
        #expect(try folder.bytes("copy.gguf") == [UInt8](Data(contentsOf: URL(fileURLWithPath: DemoFile.path))))
    }

    @Test func `a split set becomes one file`() throws {
        let parts = Fixtures.path("gguf/split-00001-of-00003.gguf")
        #expect(try RealizarProcess.run("convert", parts, folder.path("whole"), "--to", "gguf").status == 0)
        let json = try RealizarProcess.run("inspect", folder.path("whole"), "--format", "json").json()
        #expect(json["tensors"]?.array?.count == 3)
        #expect(json["metadata"]?.keys?.contains { $0.hasPrefix("split.") } == false)
        #expect(json["tensors"]?.array?.allSatisfy { $0["file"]?.number == 0 } == true)
    }

    @Test func `converting with a type changes matrices only`() throws {
        let source = Fixtures.path("models/tiny-llama.gguf")
        #expect(try RealizarProcess.run("convert", source, folder.path("out.gguf"), "--type", "bf16").status == 0)
        let tensors = try RealizarProcess.run("inspect", folder.path("out.gguf"), "--format", "json").json()["tensors"]
        for tensor in try #require(tensors?.array) {
            let isMatrix = tensor["shape"]?.array?.count == 2
            #expect(tensor["type"]?.string == (isMatrix ? "BF16" : "F32"))
        }
    }

    /// A gigabyte of zeros, which takes seconds to quantize and no room on disk.
    private func writeLargeModel() throws -> String {
        var builder = GGUFBuilder()
        builder.add("general.architecture", .string("llama"))
        builder.addTensor("blk.0.ffn_up.weight", dimensions: [1 << 14, 1 << 14], type: 0, data: [])
        let path = folder.path("large.gguf")
        let header = builder.build()
        try Data(header).write(to: URL(fileURLWithPath: path))
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try file.truncate(atOffset: UInt64(header.count + 4 << 28))
        try file.close()
        return path
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func `an interrupted run leaves nothing, and says so`(signal: Int32) throws {
        let source = try writeLargeModel()
        let process = try RealizarProcess(["quantize", source, folder.path("out.gguf"), "Q4_K_M", "-t", "1"])
        let isWriting = process.waitUntil {
            (try? FileManager.default.contentsOfDirectory(atPath: folder.path("")))?.count == 2
        }
        #expect(isWriting)
        process.send(signal)
        let result = try process.wait()
        #expect(result.status == 130)
        #expect(result.errorText == "interrupted: nothing was kept\n")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("")) == ["large.gguf"])
    }

    /// A limit on file sizes fails as a full disk does. A shell's limit counts in 1024 bytes.
    @Test func `a disk that fills up is a clear error, and nothing is left`() throws {
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/bin/bash")
        shell.arguments = [
            "-c", "ulimit -f 500; exec \"$0\" convert \"$1\" \"$2\" 2> \"$3\"", RealizarProcess.path, DemoFile.path,
            folder.path("out.gguf"), folder.path("errors"),
        ]
        try shell.run()
        shell.waitUntilExit()
        #expect(shell.terminationStatus == 1)
        let errors = String(decoding: try folder.bytes("errors"), as: UTF8.self)
        #expect(errors.contains("no room: the file needs "), "\(errors)")
        #expect(errors.contains(", 512000 were written and "), "\(errors)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("")) == ["errors"])
    }
}
