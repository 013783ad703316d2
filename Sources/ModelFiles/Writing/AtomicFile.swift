#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A file that appears under its name when it is whole, and not before.
///
/// Bytes go to a hidden file beside it, which `finish()` gives its name at once; what was there until then is replaced. Whatever
/// ends this object before (an error, a full disk, an interruption that its owner is told of) removes the hidden file.
package final class AtomicFile {
    /// As the user gave it.
    package let path: String
    /// Bytes written so far.
    package private(set) var byteCount = 0
    private let expectedByteCount: Int
    /// Where the file will lie: `path`, or what it points to where it is a symbolic link.
    private let target: String
    private let partialPath: String
    private let descriptor: Int32
    private var isFinished = false

    /// - Parameters:
    ///   - byteCount: How long the file will be; for the check of the free space, and for errors about it.
    ///   - sources: Files that are read meanwhile, which the new one must not replace.
    /// - Throws: `.sameFile` where `path` is one of the sources under whatever name, `.notRegularFile` for a directory, device or
    ///   pipe, `.noSpace` where the disk is too full, `.system` where the folder cannot be written to.
    package convenience init(path: String, byteCount: Int, sources: [String] = []) throws(ModelFileError) {
        try self.init(path: path, shownAs: path, byteCount: byteCount, sources: sources)
    }

    /// - Parameter name: What errors call the file.
    init(path: String, shownAs name: String, byteCount: Int, sources: [String] = []) throws(ModelFileError) {
        self.path = name
        expectedByteCount = byteCount
        var mode: mode_t?
        if let existing = FileStatus(path: path) {
            guard existing.isRegular else { throw ModelFileError.notRegular(path, existing) }
            for source in sources where FileStatus(path: source)?.isSameFile(as: existing) == true {
                throw ModelFileError(file: path, problem: .sameFile(as: source))
            }
            mode = existing.permissions
        }
        target = resolvedPath(path) ?? path
        let folder = folder(of: target)
        if let free = freeByteCount(in: folder), free < byteCount {
            throw ModelFileError(file: path, problem: .noSpace(needed: byteCount, written: 0, free: free))
        }
        partialPath = partialName(in: folder)
        descriptor = unsafe open(partialPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw ModelFileError.system("open", file: path) }
        // The same people may read the new file as the old one.
        if let mode { fchmod(descriptor, mode) }
    }

    deinit {
        guard !isFinished else { return }
        close(descriptor)
        _ = unsafe unlink(partialPath)
    }

    /// - Throws: `.noSpace` for a full disk, a used-up quota or a limit on file sizes, `.system` for what else may go wrong.
    package func write(_ bytes: RawSpan) throws(ModelFileError) {
        var rest = bytes
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { bytes in
                unsafe SystemCalls.write(descriptor, bytes.baseAddress, bytes.count)
            }
            if count > 0 {
                byteCount += count
                rest = rest.extracting(droppingFirst: count)
            } else if errno != EINTR {
                throw error("write")
            }
        }
    }

    package func write(_ bytes: [UInt8]) throws(ModelFileError) { try unsafe write(bytes.span.bytes) }

    /// Waits until the bytes are on the disk and gives the file its name.
    ///
    /// - Throws: As `write(_:)`.
    package func finish() throws(ModelFileError) {
        // Some file systems tell of a full disk only here.
        guard fsync(descriptor) == 0 else { throw error("fsync") }
        guard unsafe rename(partialPath, target) == 0 else { throw error("rename") }
        isFinished = true
        close(descriptor)
        syncFolder(of: target)
    }

    /// Reads `errno`, so it has to follow the failed call at once.
    private func error(_ call: String) -> ModelFileError {
        let code = errno
        guard [ENOSPC, EDQUOT, EFBIG].contains(code) else {
            return ModelFileError(file: path, problem: .system(call: call, code: code))
        }
        return ModelFileError(
            file: path,
            problem: .noSpace(
                needed: max(expectedByteCount, byteCount), written: byteCount,
                free: freeByteCount(in: folder(of: target)) ?? 0))
    }
}

/// The call that this file's methods have the name of.
private enum SystemCalls {
    static func write(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
        #if canImport(Glibc)
        unsafe Glibc.write(descriptor, bytes, count)
        #else
        unsafe Darwin.write(descriptor, bytes, count)
        #endif
    }
}
