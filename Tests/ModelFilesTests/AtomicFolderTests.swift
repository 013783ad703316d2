import Foundation
import ModelFiles
import TestSupport
import Testing

@Suite("Atomic folders")
struct AtomicFolderTests {
    let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    @Test
    func `the folder is not there before all of its files are whole`() throws {
        let folder = try AtomicFolder(path: scratch.path("model") + "/", byteCount: 3)
        try folder.write("a", byteCount: 2) { file throws(ModelFileError) in try file.write([1, 2]) }
        #expect(!FileManager.default.fileExists(atPath: scratch.path("model")))
        try folder.write("b", byteCount: 1) { file throws(ModelFileError) in try file.write([3]) }
        try folder.finish()
        #expect(try scratch.names() == ["model"])
        #expect(try scratch.bytes("model/a") == [1, 2])
        #expect(try scratch.bytes("model/b") == [3])
    }

    @Test
    func `an abandoned folder leaves nothing, whole files in it included`() throws {
        do {
            let folder = try AtomicFolder(path: scratch.path("model"), byteCount: 3)
            try folder.write("a", byteCount: 2) { file throws(ModelFileError) in try file.write([1, 2]) }
            let error = #expect(throws: ModelFileError.self) {
                try folder.write("b", byteCount: 2) { file throws(ModelFileError) in
                    try file.write([1])
                    throw ModelFileError(file: file.path, problem: .interrupted)
                }
            }
            #expect(error?.file == scratch.path("model/b"))
        }
        #expect(try scratch.names() == [])
    }

    @Test(arguments: ["file", "folder", "dangling"])
    func `what is there already is never touched`(name: String) throws {
        try Data([9]).write(to: URL(fileURLWithPath: scratch.path("file")))
        try FileManager.default.createDirectory(atPath: scratch.path("folder"), withIntermediateDirectories: false)
        try FileManager.default.createSymbolicLink(
            atPath: scratch.path("dangling"), withDestinationPath: scratch.path("nowhere"))
        let before = try scratch.names()
        let error = #expect(throws: ModelFileError.self) {
            _ = try AtomicFolder(path: scratch.path(name), byteCount: 0)
        }
        #expect(
            error?.description
                == "\(scratch.path(name)): expected a new folder, found one that is there (name another, or remove it)")
        #expect(try scratch.names() == before)
    }

    @Test
    func `a folder that cannot be made, or is too large for the disk, is refused before anything is written`() throws {
        let missing = #expect(throws: ModelFileError.self) {
            _ = try AtomicFolder(path: scratch.path("none/model"), byteCount: 0)
        }
        #expect(missing?.description.contains("mkdir failed: No such file or directory") == true)
        let large = #expect(throws: ModelFileError.self) {
            _ = try AtomicFolder(path: scratch.path("model"), byteCount: Int.max)
        }
        #expect(large?.description.contains("no room") == true)
        #expect(try scratch.names() == [])
    }
}
