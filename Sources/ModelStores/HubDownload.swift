internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1

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

/// Brings a model from a hub into its local cache.
///
/// A blob is written under another name beside its place and gets its own when size and checksum are right; what an interrupted
/// run left is gone on with. Links and the revision's file come last, so that nothing half is ever found.
struct HubDownload {
    let cache: HubCache
    let client: HubClient

    /// - Parameter progress: Told of bytes that are here, of all; never goes backwards.
    /// - Throws: `ModelStoreError`.
    func bring(_ name: HubName, progress: @escaping @Sendable (Int, Int) -> Void) async throws -> StoredModel {
        let list = "/api/models/\(name.repository)/revision/\(HubCache.revision)?blobs=true"
        let repository = try HubRepository(try await client.data(list), subject: client.address + list)
        let choice = try FileChoice.of(Array(repository.files.keys), wanted: name.choice, subject: "\(name)")
        let wanted = choice.files.compactMap { path in repository.files[path].map { (path: path, file: $0) } }
        guard wanted.count == choice.files.count else {
            throw ModelStoreError(
                subject: "\(name)", .malformed(expected: "size and checksum of every file", found: "files without"))
        }
        let folder = cache.folder(of: name)
        try Self.makeFolder(folder + "/blobs")
        let total = try Self.byteCount(of: wanted.map(\.file), subject: "\(name)")
        let counter = ProgressCounter(total: total, report: progress)
        try Self.checkSpace(for: wanted.map(\.file), in: folder + "/blobs")
        for (path, file) in wanted {
            let blob = folder + "/blobs/" + file.checksum.digits
            if Folder.byteCount(blob) != file.byteCount {
                let source = "/\(name.repository)/resolve/\(repository.commit)/\(Self.escaped(path))"
                try await fetch(source, file: file, to: blob, counter)
            }
            counter.finish(byteCount: file.byteCount)
        }
        for (path, file) in wanted {
            try Self.link(
                folder + "/snapshots/\(repository.commit)/" + path, to: file, depth: path.split(separator: "/").count)
        }
        try Self.makeFolder(folder + "/refs")
        try Self.replace(folder + "/refs/" + HubCache.revision, with: repository.commit)
        guard let model = try cache.model(name) else {
            throw ModelStoreError(subject: "\(name)", .malformed(expected: "a whole model", found: "one with gaps"))
        }
        return model
    }

    private func fetch(_ source: String, file: HubFile, to blob: String, _ counter: ProgressCounter) async throws {
        let partial = blob + ".incomplete"
        let descriptor = open(partial, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw ModelStoreError(subject: partial, .last("open")) }
        defer { close(descriptor) }
        // Two that write one file would spoil it for both.
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw ModelStoreError(subject: partial, .busy) }
        var written = try BlobWriter(descriptor, path: partial, file: file)
        counter.reach(written.byteCount)
        try await client.retrying(source, progress: { written.byteCount }) {
            guard written.byteCount < file.byteCount else { return }
            let response = try await client.get(source, from: written.byteCount)
            // A hub that cannot leave out the beginning sends it all.
            if response.status.code != 206, written.byteCount > 0 { try written.restart() }
            for try await part in response.body {
                try written.append(part)
                counter.reach(written.byteCount)
            }
            guard written.byteCount == file.byteCount else { throw Truncated() }
        }
        try written.finish()
        guard rename(partial, blob) == 0 else { throw ModelStoreError(subject: blob, .last("rename")) }
    }

    /// The connection ended early: worth another attempt.
    private struct Truncated: Error {}

    private static func makeFolder(_ path: String) throws(ModelStoreError) {
        do { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) } catch {
            throw ModelStoreError(subject: path, .system(call: "mkdir", message: "\(error)"))
        }
    }

    /// Of all files together.
    ///
    /// - Throws: `.malformed` for sizes that no disk has.
    private static func byteCount(of files: [HubFile], subject: String) throws(ModelStoreError) -> Int {
        var total = 0
        for file in files {
            let (sum, overflow) = total.addingReportingOverflow(file.byteCount)
            guard !overflow else {
                throw ModelStoreError(
                    subject: subject,
                    .malformed(expected: "sizes of files", found: "more than \(Int.max) bytes together"))
            }
            total = sum
        }
        return total
    }

    /// The files' sizes have a sum: `byteCount(of:)`.
    private static func checkSpace(for files: [HubFile], in folder: String) throws(ModelStoreError) {
        var needed = 0
        for file in files where Folder.byteCount(folder + "/" + file.checksum.digits) != file.byteCount {
            let here = Folder.byteCount(folder + "/" + file.checksum.digits + ".incomplete") ?? 0
            needed += max(0, file.byteCount - here)
        }
        var status = statvfs()
        guard statvfs(folder, &status) == 0 else { return }
        let (free, overflow) = Int(clamping: status.f_bavail).multipliedReportingOverflow(
            by: Int(clamping: status.f_frsize))
        guard overflow || needed <= free else {
            throw ModelStoreError(subject: folder, .noSpace(needed: needed, free: free))
        }
    }

    private static func link(_ path: String, to file: HubFile, depth: Int) throws(ModelStoreError) {
        try makeFolder(path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/"))
        let target = String(repeating: "../", count: depth + 1) + "blobs/" + file.checksum.digits
        let new = path + ".new"
        unlink(new)
        guard symlink(target, new) == 0, rename(new, path) == 0 else {
            throw ModelStoreError(subject: path, .last("symlink"))
        }
    }

    private static func replace(_ path: String, with text: String) throws(ModelStoreError) {
        do { try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic) } catch {
            throw ModelStoreError(subject: path, .system(call: "write", message: "\(error)"))
        }
    }

    /// Percent-encodes all but what a path may have.
    static func escaped(_ path: String) -> String {
        path.utf8.map { byte in
            let scalar = UnicodeScalar(byte)
            let isPlain =
                byte < 128
                && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                    || "-._~/".unicodeScalars.contains(scalar))
            let digits = String(byte, radix: 16, uppercase: true)
            return isPlain ? String(scalar) : "%" + (digits.count < 2 ? "0" : "") + digits
        }.joined()
    }
}

extension ModelStoreError.Problem {
    static func last(_ call: String) -> Self { .system(call: call, message: String(cString: strerror(errno))) }
}
