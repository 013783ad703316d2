#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// What the file system says of a path, links followed.
struct FileStatus {
    private let status: stat

    init?(path: String) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        self.status = status
    }

    var isRegular: Bool { status.st_mode & S_IFMT == S_IFREG }
    var kind: String { status.st_mode & S_IFMT == S_IFDIR ? "a directory" : "a device, pipe or socket" }
    var permissions: mode_t { status.st_mode & 0o777 }

    func isSameFile(as other: FileStatus) -> Bool {
        status.st_dev == other.status.st_dev && status.st_ino == other.status.st_ino
    }
}

extension ModelFileError {
    static func notRegular(_ path: String, _ status: FileStatus) -> ModelFileError {
        ModelFileError(file: path, problem: .notRegularFile(kind: status.kind))
    }
}

/// Without links; nil where nothing lies there yet.
func resolvedPath(_ path: String) -> String? {
    guard let resolved = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
}

/// The folder that a path lies in.
func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
}

/// What this process may still write there; nil where the system does not tell.
func freeByteCount(in folder: String) -> Int? {
    var status = statvfs()
    guard unsafe statvfs(folder, &status) == 0 else { return nil }
    let (bytes, overflow) = UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize))
    return overflow ? nil : Int(exactly: bytes)
}

/// So that the name outlives a loss of power; where a file system cannot, the file itself is safe already.
func syncFolder(of path: String) {
    let descriptor = unsafe open(folder(of: path), O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
}

/// A hidden name for what is being written, which nothing in the folder has.
func partialName(in folder: String) -> String {
    "\(folder)/.realizar-\(getpid())-\(UInt32.random(in: 0...UInt32.max)).partial"
}
