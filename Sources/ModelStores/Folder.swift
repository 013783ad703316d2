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

/// Looks into folders; what is not there, or cannot be read, is empty.
enum Folder {
    static func entries(_ path: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    }

    static func isFolder(_ path: String) -> Bool {
        var isFolder = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder
    }

    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    /// Of what a link leads to; nil where there is none.
    static func byteCount(_ path: String) -> Int? {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : nil
    }

    /// Paths of all files below, links to files among them.
    static func files(below path: String, prefix: String = "", depth: Int = 0) -> [String] {
        guard depth < 8 else { return [] }
        return entries(path).flatMap { name in
            let whole = path + "/" + name
            return isFolder(whole)
                ? files(below: whole, prefix: prefix + name + "/", depth: depth + 1) : [prefix + name]
        }
    }

    /// A small file's bytes; nil where it is missing or larger.
    static func contents(_ path: String, limit: Int = 1 << 20) -> [UInt8]? {
        guard let count = byteCount(path), count <= limit, let data = FileManager.default.contents(atPath: path) else {
            return nil
        }
        return [UInt8](data)
    }
}
