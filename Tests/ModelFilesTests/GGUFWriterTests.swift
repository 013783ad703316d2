import Foundation
import ModelFiles
import Tensors
import TestSupport
import Testing

/// The files of Tests/Fixtures/gguf that the gguf Python package wrote in the common layout.
@Suite("Writing GGUF")
struct GGUFWriterTests {
    let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    @Test(arguments: ["small", "alignment-64", "value-types", "tensor-types"])
    func `a copy of a file is the same file`(name: String) throws {
        let source = Fixtures.path("gguf/\(name).gguf")
        try copy(source, to: folder.path("copy.gguf"))
        #expect(try folder.bytes("copy.gguf") == Fixtures.bytes("gguf/\(name).gguf"))
    }

    @Test(.enabled(if: SharedData.folder("stories260K") != nil, Comment(rawValue: SharedData.absent)))
    func `a copy of a trained model is the same file`() throws {
        let source = try #require(SharedData.folder("stories260K")) + "/stories260K-f32.gguf"
        try copy(source, to: folder.path("copy.gguf"))
        #expect(try folder.bytes("copy.gguf") == [UInt8](Data(contentsOf: URL(fileURLWithPath: source))))
    }

    @Test
    func `a split set becomes one file with the same tensors`() throws {
        let source = try openModelFile(path: Fixtures.path("gguf/split-00001-of-00003.gguf"))
        var draft = ModelDraft(copying: source)
        draft.metadata.removeSplitKeys()
        try GGUFWriter(draft).write(to: folder.path("whole.gguf"), sources: source.partPaths)
        let whole = try openModelFile(path: folder.path("whole.gguf"))
        #expect(whole.metadata.keys.allSatisfy { !$0.hasPrefix("split.") })
        #expect(whole.tensors.map(\.name) == source.tensors.map(\.name))
        for (one, other) in zip(whole.tensors, source.tensors) {
            #expect(one.shape == other.shape && one.elementType == other.elementType)
            #expect(Array(whole.view(of: one).bytes) == Array(source.view(of: other).bytes))
        }
    }

    @Test
    func `a version 2 file is written as version 3`() throws {
        try copy(Fixtures.path("gguf/version-2.gguf"), to: folder.path("copy.gguf"))
        #expect(try openModelFile(path: folder.path("copy.gguf")).formatName == "GGUF v3")
    }

    @Test
    func `the promised size is the file's size`() throws {
        let source = try openModelFile(path: Fixtures.path("gguf/tensor-types.gguf"))
        let writer = try GGUFWriter(ModelDraft(copying: source))
        try writer.write(to: folder.path("copy.gguf"))
        #expect(try folder.bytes("copy.gguf").count == writer.byteCount)
    }

    @Test
    func `what the format cannot hold is refused by name`() throws {
        let metadata = Metadata(file: "draft")
        func message(_ tensor: TensorDraft) -> String {
            do {
                _ = try GGUFWriter(ModelDraft(metadata: metadata, tensors: [tensor]))
                return "accepted"
            } catch { return "\(error)" }
        }
        func draft(_ name: String, _ shape: [Int]) -> TensorDraft {
            TensorDraft(name: name, elementType: .float32, shape: Shape(shape)) { _ in }
        }
        #expect(
            message(draft("a", [1, 1, 1, 1, 1]))
                == "draft: tensor 'a': expected at most 4 dimensions, found shape [1, 1, 1, 1, 1]")
        #expect(message(draft(String(repeating: "x", count: 257), [1])).contains("a name of at most 256 bytes"))
    }

    @Test
    func `an observer ends the work and nothing is left`() throws {
        let source = try openModelFile(path: Fixtures.path("gguf/tensor-types.gguf"))
        let writer = try GGUFWriter(ModelDraft(copying: source))
        let stopping = WriteObserver { done, total in done < total / 2 }
        #expect(throws: ModelFileError(file: folder.path("copy.gguf"), problem: .interrupted)) {
            try writer.write(to: folder.path("copy.gguf"), observer: stopping)
        }
        #expect(try folder.names() == [])
    }

    private func copy(_ path: String, to target: String) throws {
        let source = try openModelFile(path: path)
        try GGUFWriter(ModelDraft(copying: source)).write(to: target, sources: source.partPaths)
    }
}
