import Foundation
import ModelFiles
import TestSupport
import Testing

@Suite("Mapped files")
struct MappedFileTests {
    @Test
    func `a file's bytes are those on disk`() throws {
        let path = Fixtures.path("gguf/small.gguf")
        let file = try MappedFile(path: path)
        let bytes = try Fixtures.bytes("gguf/small.gguf")
        #expect(file.path == path)
        #expect(file.byteCount == bytes.count)
        #expect(Array(file.bytes(in: 0..<bytes.count)) == bytes)
        #expect(Array(file.bytes(in: 4..<8)) == [3, 0, 0, 0])
        let sum = file.withBytes { span in span.byteCount }
        #expect(sum == bytes.count)
    }

    @Test
    func `contents from memory are copied`() throws {
        let file = try MappedFile(contents: [1, 2, 3], path: "memory")
        #expect(Array(file.bytes(in: 0..<3)) == [1, 2, 3])
    }

    @Test
    func `what is not a file with contents is refused`() throws {
        try withFolder { folder in
            expectError("\(folder): expected a regular file, found a directory") { try MappedFile(path: folder) }
            expectError("\(folder)/absent: open failed: No such file or directory") {
                try MappedFile(path: folder + "/absent")
            }
            let empty = folder + "/empty.gguf"
            try Data().write(to: URL(fileURLWithPath: empty))
            expectError("\(empty), byte 0: expected 4 bytes of magic, found 0 before the end of the file") {
                try MappedFile(path: empty)
            }
        }
        expectError("/dev/null: expected a regular file, found a device, pipe or socket") {
            try MappedFile(path: "/dev/null")
        }
        expectError("x, byte 0: expected 4 bytes of magic, found 0 before the end of the file") {
            try MappedFile(contents: [], path: "x")
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a pipe without a writer is refused and not waited for`() throws {
        try withFolder { folder in
            let pipe = folder + "/pipe"
            try #require(mkfifo(pipe, 0o600) == 0)
            expectError("\(pipe): expected a regular file, found a device, pipe or socket") {
                try MappedFile(path: pipe)
            }
        }
    }

    @Test
    func `a range beyond the end stops the program`() async {
        await #expect(processExitsWith: .failure) {
            _ = try MappedFile(contents: [1, 2, 3], path: "memory").bytes(in: 1..<4)
        }
    }
}
