import Foundation
import ModelFiles
import Tensors
import TestSupport
import Testing

@Suite("GGUF split sets")
struct GGUFSplitSetTests {
    static func part(_ number: Int) -> String { Fixtures.path("gguf/split-0000\(number)-of-00003.gguf") }

    @Test
    func `the first part opens all of them`() throws {
        let model = try openModelFile(path: Self.part(1))
        #expect(model.path == Self.part(1))
        #expect(model.tensors.map(\.name) == ["part.0", "part.1", "part.2"])
        #expect(model.tensors.map(\.fileIndex) == [0, 1, 2])
        #expect(try model.metadata.integer("test.block_count") == 3)
        for (index, tensor) in model.tensors.enumerated() {
            let values = model.view(of: tensor).bytes.bindMemory(to: Float.self)
            #expect(values.elementsEqual([Float](repeating: Float(index), count: 8)))
        }
    }

    @Test
    func `another part names the first one`() {
        let expected = "key 'split.no': expected the first part of the set, \(Self.part(1)), found part 2 of 3"
        expectErrorEnding(expected) { try openModelFile(path: Self.part(2)) }
    }

    @Test
    func `a first part under another name is refused`() throws {
        let contents = try Fixtures.bytes("gguf/split-00001-of-00003.gguf")
        expectErrorEnding(
            "key 'split.no': expected a file name that ends in -00001-of-00003.gguf, found part 1 of 3 under another name"
        ) { try openModelFile(contents: contents, path: "renamed.gguf") }
    }

    @Test
    func `a missing part is named`() throws {
        try withParts([1, 3]) { folder in
            expectError("\(folder)/split-00002-of-00003.gguf: open failed: No such file or directory") {
                try openModelFile(path: "\(folder)/split-00001-of-00003.gguf")
            }
        }
    }

    @Test
    func `parts in the wrong order are refused`() throws {
        try withParts([1, 3, 2]) { folder in
            let expected = "split-00002-of-00003.gguf, byte 44: key 'split.no': expected integer in 1...1, found 2"
            expectErrorEnding(expected) { try openModelFile(path: "\(folder)/split-00001-of-00003.gguf") }
        }
    }

    @Test(arguments: [UInt32(4), 2, 0])
    func `a wrong count of tensors is refused`(claimed: UInt32) throws {
        try withFolder { folder in
            for index in 0..<2 {
                try write(part: index, of: 2, tensor: "x\(index)", tensorCount: claimed, to: folder)
            }
            let open = { try openModelFile(path: folder + "/set-00001-of-00002.gguf") }
            if claimed == 2 {
                #expect(try open().tensors.count == 2)
            } else {
                expectErrorEnding(
                    "key 'split.tensors.count': expected 2, as the 2 parts have, found \(claimed)", open)
            }
        }
    }

    @Test
    func `a name in two parts is refused`() throws {
        try withFolder { folder in
            for index in 0..<2 { try write(part: index, of: 2, tensor: "x", tensorCount: 2, to: folder) }
            expectError(
                "\(folder)/set-00002-of-00002.gguf: tensor 'x': expected each name once in a split set, "
                    + "found it also in \(folder)/set-00001-of-00002.gguf"
            ) { try openModelFile(path: folder + "/set-00001-of-00002.gguf") }
        }
    }

    private func write(
        part index: Int, of count: UInt32, tensor: String, tensorCount: UInt32, to folder: String
    ) throws {
        var builder = GGUFBuilder()
        builder.add("split.no", .uint32(UInt32(index)))
        builder.add("split.count", .uint32(count))
        builder.add("split.tensors.count", .uint32(tensorCount))
        builder.addTensor(tensor, shape: [8], values: [Float](repeating: 1, count: 8))
        let path = "\(folder)/set-0000\(index + 1)-of-0000\(count).gguf"
        try Data(builder.build()).write(to: URL(fileURLWithPath: path))
    }

    /// A folder in which part `i` of the set is the fixture's part `numbers[i - 1]`, or, for a list of two, keeps its number.
    private func withParts(_ numbers: [Int], _ body: (String) throws -> Void) throws {
        try withFolder { folder in
            for (index, number) in numbers.enumerated() {
                let name = numbers.count == 3 ? index + 1 : number
                try FileManager.default.copyItem(
                    atPath: Self.part(number), toPath: "\(folder)/split-0000\(name)-of-00003.gguf")
            }
            try body(folder)
        }
    }
}

/// An empty folder, removed behind `body`.
func withFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("realizar-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
}

/// That `body` throws a `ModelFileError` whose description ends so.
func expectErrorEnding(
    _ end: String, _ body: () throws -> some Any, at location: SourceLocation = #_sourceLocation
) {
    do {
        _ = try body()
        Issue.record("no error", sourceLocation: location)
    } catch {
        let description = "\(error)"
        #expect(error is ModelFileError && description.hasSuffix(end), "\(description)", sourceLocation: location)
    }
}
