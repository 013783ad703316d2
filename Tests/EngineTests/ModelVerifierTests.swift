import Engine
import ModelFiles
import Tensors
import TestSupport
import Testing

@Suite("Verifying models")
struct ModelVerifierTests {
    let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    @Test(arguments: ["tiny-llama", "tiny-qwen2", "tiny-qwen3"])
    func `a sound model has no findings, and all of it was looked at`(name: String) throws {
        let file = try openModelFile(path: Fixtures.path("models/\(name).gguf"))
        let report = try #require(ModelVerifier(file, threadCount: 2).verify { _ in true })
        #expect(report.findings == [])
        #expect(report.scannedTensorCount == file.tensors.count && report.unscanned == [])
        #expect(report.scannedElementCount == file.tensors.reduce(0) { $0 + ($1.shape.elementCount ?? 0) })
    }

    @Test
    func `a NaN and an infinity are told with tensor, element and offset`() throws {
        // Halves 0x7E00 and 0xFC00 at elements 70 and 90 of 32 columns.
        let path = try write("tiny-llama") { draft in
            draft.change("blk.1.attn_q.weight") { bytes in
                bytes.replaceSubrange(140..<142, with: [0x00, 0x7E])
                bytes.replaceSubrange(180..<182, with: [0x00, 0xFC])
            }
        }
        let file = try openModelFile(path: path)
        let start = try #require(file.entry(named: "blk.1.attn_q.weight")).byteRange.lowerBound
        let report = try #require(ModelVerifier(file, threadCount: 2).verify { _ in true })
        try #require(report.findings.count == 1)
        let finding = report.findings[0]
        #expect(finding.kind == .number && finding.tensor == "blk.1.attn_q.weight")
        #expect(finding.element == 70 && finding.offset == start + 140)
        #expect(
            finding.message
                == "\(path), byte \(start + 140): tensor 'blk.1.attn_q.weight': expected finite numbers, found nan at "
                + "element 70 (row 2, column 6 of F16); in all 1 NaN and 1 infinite ones")
    }

    /// The scale of a block in each format, at its first byte; Q6_K has its own at 208.
    @Test(arguments: [(8 as UInt32, 34, 0, 32), (2, 18, 0, 32), (12, 144, 2, 256), (14, 210, 208, 256)])
    func `a broken scale shows as broken numbers of its block`(id: UInt32, size: Int, offset: Int, width: Int) throws {
        var data = [UInt8](repeating: 0, count: 3 * size)
        data.replaceSubrange(size + offset..<size + offset + 2, with: [0x00, 0x7C])  // an infinity
        for index in 0..<size where !(offset..<offset + 2).contains(index) { data[size + index] = 0x11 }
        var builder = GGUFBuilder()
        builder.addTensor("x", dimensions: [UInt64(3 * width)], type: id, data: data)
        let file = try openModelFile(contents: builder.build(), path: "memory.gguf")
        let report = try #require(ModelVerifier(file, threadCount: 1).verify { _ in true })
        let finding = try #require(report.findings.first { $0.kind == .number })
        #expect(finding.offset == file.tensors[0].byteRange.lowerBound + size)
        #expect((width..<2 * width).contains(finding.element ?? -1))
    }

    @Test
    func `missing, misshapen and unused tensors are all told`() throws {
        let path = try write("tiny-llama") { draft in
            draft.tensors.removeAll { ["blk.0.ffn_down.weight", "blk.1.attn_norm.weight"].contains($0.name) }
            for index in draft.tensors.indices where draft.tensors[index].name == "blk.1.ffn_gate.weight" {
                draft.tensors[index].name = "blk.1.ffn_gates.weight"
            }
            draft.tensors.append(
                TensorDraft(name: "blk.1.ffn_gate.weight", elementType: .float32, shape: Shape([64, 31])) {
                    sink throws(ModelFileError) in
                    try sink([UInt8](repeating: 0, count: 4 * 64 * 31).span.bytes)
                })
        }
        let report = try #require(
            ModelVerifier(try openModelFile(path: path), threadCount: 1).verify { _ in true })
        let findings = report.findings.filter { $0.kind == .architecture }
        #expect(findings.count == 4 && report.findings.count == 4)
        #expect(
            Set(findings.compactMap(\.tensor)) == [
                "blk.0.ffn_down.weight", "blk.1.attn_norm.weight", "blk.1.ffn_gate.weight",
            ])
        #expect(findings.contains { $0.message.contains("expected shape [64, 32], found [64, 31]") })
        #expect(findings.contains { $0.message.contains("'blk.1.ffn_gates.weight'") })
    }

    @Test
    func `a tokenizer and a template that cannot be read are told`() throws {
        let path = try write("tiny-llama") { draft in
            draft.metadata.set("tokenizer.chat_template", .string([UInt8]("{% if".utf8)))
        }
        let template = try #require(ModelVerifier(try openModelFile(path: path), threadCount: 1).verify { _ in true })
        #expect(template.findings.map(\.kind) == [.chatTemplate])
        let other = try write("tiny-llama") { draft in draft.metadata.remove("tokenizer.ggml.tokens") }
        let tokenizer = try #require(ModelVerifier(try openModelFile(path: other), threadCount: 1).verify { _ in true })
        #expect(tokenizer.findings.map(\.kind) == [.tokenizer])
        #expect(tokenizer.findings[0].message.contains("tokenizer.ggml.tokens"))
    }

    @Test
    func `another architecture is one finding, and its numbers are scanned still`() throws {
        let file = try openModelFile(path: Fixtures.path("gguf/small.gguf"))
        let report = try #require(ModelVerifier(file, threadCount: 1).verify { _ in true })
        #expect(report.findings.map(\.kind) == [.architecture, .tokenizer])
        #expect(report.scannedTensorCount == 2)
    }

    @Test
    func `a checksum that differs is told`() throws {
        let file = try openModelFile(path: Fixtures.path("models/tiny-llama.gguf"))
        let good = try #require(ModelVerifier(SummedFile(file, isRight: true), threadCount: 1).verify { _ in true })
        #expect(good.findings == [])
        let bad = try #require(ModelVerifier(SummedFile(file, isRight: false), threadCount: 1).verify { _ in true })
        #expect(bad.findings.map(\.kind) == [.checksum] && bad.findings[0].offset == 12)
    }

    @Test
    func `progress can end the work`() throws {
        let file = try openModelFile(path: Fixtures.path("models/tiny-llama.gguf"))
        #expect(ModelVerifier(file, threadCount: 1).verify { $0 < 30_000 } == nil)
    }

    /// A fixture with changes.
    private func write(_ name: String, _ change: (inout ModelDraft) -> Void) throws -> String {
        let source = try openModelFile(path: Fixtures.path("models/\(name).gguf"))
        var draft = ModelDraft(copying: source)
        change(&draft)
        try GGUFWriter(draft).write(to: folder.path("changed.gguf"), sources: [], observer: .silent)
        return folder.path("changed.gguf")
    }
}

extension ModelDraft {
    /// Changes the bytes of one tensor.
    fileprivate mutating func change(_ name: String, _ change: @escaping (inout [UInt8]) -> Void) {
        tensors = tensors.map { tensor in
            guard tensor.name == name else { return tensor }
            return TensorDraft(name: name, elementType: tensor.elementType, shape: tensor.shape) {
                sink throws(ModelFileError) in
                var bytes: [UInt8] = []
                try tensor.write { piece throws(ModelFileError) in bytes += piece.withUnsafeBytes(Array.init) }
                change(&bytes)
                try sink(bytes.span.bytes)
            }
        }
    }
}

/// A file of a format with checksums.
private final class SummedFile: ModelFile {
    private let file: any ModelFile
    private let isRight: Bool

    init(_ file: any ModelFile, isRight: Bool) {
        self.file = file
        self.isRight = isRight
    }

    var path: String { file.path }
    var formatName: String { file.formatName }
    var metadata: Metadata { file.metadata }
    var tensors: [TensorEntry] { file.tensors }
    func entry(named name: String) -> TensorEntry? { file.entry(named: name) }
    func view(of entry: TensorEntry) -> TensorView { file.view(of: entry) }

    func dropPages(of entry: TensorEntry) {}

    func verify() throws(ModelFileError) {
        if isRight { return }
        throw ModelFileError(file: path, offset: 12, problem: .invalid(expected: "checksum 1", found: "2"))
    }
}
