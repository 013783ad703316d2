import Foundation
import ModelFiles
import TestSupport
import Testing

#if canImport(Glibc)
import Glibc
#endif

@Suite("Atomic files")
struct AtomicFileTests {
    let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    @Test
    func `the file is not there before it is whole`() throws {
        let path = folder.path("model")
        let file = try AtomicFile(path: path, byteCount: 5)
        try file.write([1, 2, 3])
        #expect(!FileManager.default.fileExists(atPath: path))
        try file.write([4, 5])
        try file.finish()
        #expect(try folder.bytes("model") == [1, 2, 3, 4, 5])
        #expect(try folder.names() == ["model"])
    }

    @Test
    func `what was there stays until the new one is whole, with its permissions`() throws {
        let path = folder.path("model")
        try Data([9]).write(to: URL(fileURLWithPath: path))
        chmod(path, 0o600)
        do {
            let abandoned = try AtomicFile(path: path, byteCount: 1)
            try abandoned.write([1])
        }
        #expect(try folder.bytes("model") == [9])
        #expect(try folder.names() == ["model"])
        let file = try AtomicFile(path: path, byteCount: 1)
        try file.write([1])
        try file.finish()
        #expect(try folder.bytes("model") == [1])
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber
        #expect(mode?.intValue == 0o600)
    }

    @Test(arguments: ["model", "./model", "link", "hard"])
    func `a source is refused under whatever name`(name: String) throws {
        let path = folder.path("model")
        try Data([9]).write(to: URL(fileURLWithPath: path))
        try FileManager.default.createSymbolicLink(atPath: folder.path("link"), withDestinationPath: path)
        try FileManager.default.linkItem(atPath: path, toPath: folder.path("hard"))
        let error = #expect(throws: ModelFileError.self) {
            _ = try AtomicFile(path: folder.path(name), byteCount: 1, sources: ["/dev/null", path])
        }
        #expect(error?.problem == .sameFile(as: path))
    }

    @Test
    func `through a symbolic link the file that it names is replaced`() throws {
        try Data([9]).write(to: URL(fileURLWithPath: folder.path("model")))
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("link"), withDestinationPath: folder.path("model"))
        let file = try AtomicFile(path: folder.path("link"), byteCount: 1)
        try file.write([1])
        try file.finish()
        #expect(try folder.bytes("model") == [1])
    }

    @Test
    func `a disk that is too small is told before anything is written`() throws {
        let path = folder.path("model")
        let error = #expect(throws: ModelFileError.self) { _ = try AtomicFile(path: path, byteCount: Int.max) }
        guard case .noSpace(let needed, 0, let free) = error?.problem else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(needed == Int.max && free > 0)
        #expect(try folder.names() == [])
    }

    @Test
    func `a folder and a device are refused, and a missing folder is told`() throws {
        #expect(throws: ModelFileError(file: folder.path(""), problem: .notRegularFile(kind: "a directory"))) {
            _ = try AtomicFile(path: folder.path(""), byteCount: 1)
        }
        #expect(throws: ModelFileError.self) { _ = try AtomicFile(path: "/dev/null", byteCount: 1) }
        let missing = folder.path("no/such/model")
        #expect(throws: ModelFileError(file: missing, problem: .system(call: "open", code: ENOENT))) {
            _ = try AtomicFile(path: missing, byteCount: 1)
        }
    }

    /// A limit on file sizes fails as a full disk does: a write comes back short, the next one with an error.
    @Test
    func `a disk that fills up midway is a clear error, and nothing is left`() async {
        await #expect(processExitsWith: .success) {
            let folder = try ScratchFolder()
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 1000, rlim_max: 1000)
            #if canImport(Glibc)
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            #else
            setrlimit(RLIMIT_FSIZE, &limit)
            #endif
            let expected = "no room: the file needs 2000 bytes, 1000 were written and "
            do {
                let file = try AtomicFile(path: folder.path("model"), byteCount: 2000)
                try file.write([UInt8](repeating: 7, count: 2000))
                exit(2)
            } catch {
                guard "\(error)".contains(expected) else { exit(3) }
            }
            guard try folder.names() == [] else { exit(4) }
        }
    }
}
