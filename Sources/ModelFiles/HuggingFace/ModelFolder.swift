#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The files of a published model, found by name in one folder.
package struct ModelFolder: Sendable {
    /// As the user gave it.
    package let path: String
    private let contents: [String: [UInt8]]?

    /// A folder on disk.
    package init(path: String) {
        self.path = path
        contents = nil
    }

    /// Files in memory; `path` is what errors call their folder.
    package init(contents: [String: [UInt8]], path: String) {
        self.path = path
        self.contents = contents
    }

    /// The last component of the path, for people; that of `.` is looked up.
    var name: String {
        let last = path.split(separator: "/").last.map(String.init) ?? path
        guard contents == nil, [".", ".."].contains(last), let resolved = unsafe realpath(path, nil) else {
            return last
        }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved).split(separator: "/").last.map(String.init) ?? last
    }

    package func path(of name: String) -> String { path.hasSuffix("/") ? path + name : path + "/" + name }

    /// - Returns: Nil where there is no such file.
    package func file(_ name: String) throws(ModelFileError) -> MappedFile? {
        if let contents {
            guard let bytes = contents[name] else { return nil }
            return try MappedFile(contents: bytes, path: path(of: name))
        }
        do {
            return try MappedFile(path: path(of: name))
        } catch {
            if error.isAbsence { return nil }
            throw error
        }
    }

    /// The names of a folder's files that end in `suffix`, in alphabetical order; empty where there is no such folder.
    ///
    /// - Throws: `.system` for a folder that cannot be read, `.invalid` for more than 64 such files.
    func names(in folder: String, suffix: String) throws(ModelFileError) -> [String] {
        let all: [String]
        if let contents {
            let prefix = folder + "/"
            all = contents.keys.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
        } else {
            all = try entryNames(of: path(of: folder))
        }
        let names = all.filter { $0.hasSuffix(suffix) && Self.isPlainName($0) }.sorted()
        guard names.count <= 64 else {
            throw ModelFileError(
                file: path(of: folder),
                problem: .invalid(expected: "at most 64 files \(suffix)", found: "\(names.count)"))
        }
        return names
    }

    /// A file that has to be there.
    func requiredFile(_ name: String, _ advice: String) throws(ModelFileError) -> MappedFile {
        if let file = try file(name) { return file }
        throw ModelFileError(file: path, problem: .missing(expected: "\(PrintableName.quoted(name)) (\(advice))"))
    }

    /// A reader of a JSON file's text; nil where there is no such file.
    ///
    /// - Parameter longest: In bytes; a longer file is refused before it is read.
    func json(_ name: String, longest: Int) throws(ModelFileError) -> JSONReader? {
        guard let file = try file(name) else { return nil }
        return JSONReader(try file.allBytes(atMost: longest), file: file.path)
    }

    /// Whether a name stands for a file inside the folder: one path component, and not the folder itself or its parent.
    static func isPlainName(_ name: String) -> Bool {
        (1...255).contains(name.utf8.count) && name != "." && name != ".."
            && !name.utf8.contains { $0 == UInt8(ascii: "/") || $0 == 0 }
    }
}

/// What a folder on disk has in it; empty where it is not there.
private func entryNames(of path: String) throws(ModelFileError) -> [String] {
    guard let stream = unsafe opendir(path) else {
        if errno == ENOENT || errno == ENOTDIR { return [] }
        throw ModelFileError.system("opendir", file: path)
    }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
        let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        names.append(name)
    }
    return names
}

extension MappedFile {
    /// All bytes, copied.
    ///
    /// - Throws: `.invalid` for a file longer than `longest` bytes.
    func allBytes(atMost longest: Int) throws(ModelFileError) -> [UInt8] {
        guard byteCount <= longest else {
            throw ModelFileError(
                file: path, problem: .invalid(expected: "at most \(longest) bytes", found: "\(byteCount)"))
        }
        var bytes: [UInt8] = []
        append(0..<byteCount, to: &bytes)
        return bytes
    }
}
