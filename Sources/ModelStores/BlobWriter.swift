internal import Crypto
internal import NIOCore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// A file that grows to a known size and is checked while it does.
struct BlobWriter {
    private let descriptor: Int32
    private let path: String
    private let file: HubFile
    private var digest: Digest
    private(set) var byteCount = 0

    private enum Digest {
        case sha256(SHA256)
        case sha1(Insecure.SHA1)

        init(_ file: HubFile) {
            switch file.checksum {
            case .sha256: self = .sha256(SHA256())
            case .gitBlob:
                var sha1 = Insecure.SHA1()
                sha1.update(data: Array("blob \(file.byteCount)\0".utf8))
                self = .sha1(sha1)
            }
        }

        mutating func update(_ bytes: UnsafeRawBufferPointer) {
            switch self {
            case .sha256(var state):
                state.update(bufferPointer: bytes)
                self = .sha256(state)
            case .sha1(var state):
                state.update(bufferPointer: bytes)
                self = .sha1(state)
            }
        }

        var digits: String {
            switch self {
            case .sha256(let state): Self.hexadecimal(state.finalize())
            case .sha1(let state): Self.hexadecimal(state.finalize())
            }
        }

        private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
            bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
    }

    /// Goes on behind what the file has already, which is read for the checksum.
    init(_ descriptor: Int32, path: String, file: HubFile) throws(ModelStoreError) {
        self.descriptor = descriptor
        self.path = path
        self.file = file
        digest = Digest(file)
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw ModelStoreError(subject: path, .last("read")) }
            guard count > 0 else { break }
            buffer.withUnsafeBytes { digest.update(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
            byteCount += count
        }
        // More than the whole is of another file.
        if byteCount > file.byteCount { try restart() }
    }

    mutating func restart() throws(ModelStoreError) {
        guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else {
            throw ModelStoreError(subject: path, .last("ftruncate"))
        }
        digest = Digest(file)
        byteCount = 0
    }

    /// - Throws: `.malformed` where more comes than the file has, `.system` for a full disk and the like.
    mutating func append(_ part: ByteBuffer) throws(ModelStoreError) {
        guard part.readableBytes <= file.byteCount - byteCount else {
            throw ModelStoreError(
                subject: path, .malformed(expected: "\(file.byteCount) bytes, as listed", found: "more"))
        }
        var code: Int32 = 0
        part.withUnsafeReadableBytes { bytes in
            digest.update(bytes)
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count > 0 {
                    rest = rest.dropFirst(count)
                } else if errno != EINTR {
                    code = errno
                    return
                }
            }
        }
        guard code == 0 else {
            throw ModelStoreError(subject: path, .system(call: "write", message: String(cString: strerror(code))))
        }
        byteCount += part.readableBytes
    }

    /// Puts everything on the disk.
    ///
    /// - Throws: `.wrongChecksum`; the file is deleted then.
    func finish() throws(ModelStoreError) {
        let found = digest.digits
        guard found == file.checksum.digits else {
            unlink(path)
            throw ModelStoreError(subject: path, .wrongChecksum(expected: file.checksum.digits, found: found))
        }
        guard fsync(descriptor) == 0 else { throw ModelStoreError(subject: path, .last("fsync")) }
    }
}
