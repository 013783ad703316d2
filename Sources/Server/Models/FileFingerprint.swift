import Foundation

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// What tells that a model's files have been replaced or changed, without reading them.
package struct FileFingerprint: Sendable, Equatable {
    private struct Entry: Sendable, Equatable {
        let name: String
        let device, inode: UInt64
        let byteCount: Int64
        /// Nanoseconds since 1970.
        let modified: Int
    }

    private let entries: [Entry]

    /// Of a file, of all parts of a split set, or of what lies in a folder; nil while nothing is there, as between the removal of
    /// a file and the coming of another.
    package init?(path: String) {
        entries = Self.paths(of: path).compactMap(Self.entry)
        guard !entries.isEmpty else { return nil }
    }

    private static func paths(of path: String) -> [String] {
        let manager = FileManager.default
        var isFolder: ObjCBool = false
        guard manager.fileExists(atPath: path, isDirectory: &isFolder) else { return [] }
        let url = URL(fileURLWithPath: path)
        let folder = isFolder.boolValue ? url : url.deletingLastPathComponent()
        func inFolder(_ belongs: (String) -> Bool) -> [String] {
            let names = (try? manager.contentsOfDirectory(atPath: folder.path)) ?? []
            return names.filter(belongs).sorted().map { folder.appendingPathComponent($0).path }
        }
        if isFolder.boolValue { return inFolder { _ in true } }
        // `<prefix>-00001-of-00003.gguf`
        guard let match = url.lastPathComponent.wholeMatch(of: /(.*-)\d{5}(-of-\d{5}\..*)/) else { return [path] }
        return inFolder { $0.hasPrefix(match.1) && $0.hasSuffix(match.2) }
    }

    private static func entry(_ path: String) -> Entry? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        #if canImport(Glibc)
        let time = status.st_mtim
        #else
        let time = status.st_mtimespec
        #endif
        return Entry(
            name: path, device: UInt64(truncatingIfNeeded: status.st_dev),
            inode: UInt64(truncatingIfNeeded: status.st_ino),
            byteCount: Int64(status.st_size),
            modified: Int(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000).partialValue &+ Int(time.tv_nsec))
    }
}
