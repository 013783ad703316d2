#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A file's bytes in memory, read-only, mapped for as long as this object lives.
///
/// Nothing is copied: pages come in as they are touched. The file must not be shortened while it is mapped; the operating
/// system answers a touch beyond its new end with SIGBUS.
@safe package final class MappedFile: Sendable {
    /// As the user gave it.
    package let path: String
    package let byteCount: Int
    /// `byteCount` bytes that are never written to; what is mapped is unmapped in `deinit`.
    private nonisolated(unsafe) let base: UnsafeMutableRawPointer
    private let isMapped: Bool
    /// Whether the pages can be read again after they were given back.
    private let isBackedByFile: Bool

    /// Maps a regular file.
    ///
    /// - Throws: `.system` where it cannot be opened or mapped, `.notRegularFile` for a directory, device or pipe,
    ///   `.truncated` for an empty file.
    package convenience init(path: String) throws(ModelFileError) {
        // Without O_NONBLOCK, opening a pipe would wait for a writer before its kind is known.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw ModelFileError.system("open", file: path) }
        defer { close(descriptor) }
        let byteCount = try Self.regularFileSize(of: descriptor, path: path)
        try self.init(
            path: path, byteCount: byteCount, protection: PROT_READ, flags: MAP_SHARED, descriptor: descriptor)
        _ = unsafe madvise(base, byteCount, MADV_WILLNEED)  // advice: a refusal changes nothing
    }

    /// A copy of `contents` in pages of its own, for a model that lies in the program instead of on disk.
    ///
    /// - Throws: `.system` where memory is short, `.truncated` for empty contents.
    package convenience init(contents: [UInt8], path: String) throws(ModelFileError) {
        guard !contents.isEmpty else { throw ModelFileError.empty(file: path) }
        try self.init(
            path: path, byteCount: contents.count, protection: PROT_READ | PROT_WRITE,
            flags: MAP_PRIVATE | mapAnonymous, descriptor: -1)
        unsafe contents.withUnsafeBytes { bytes in
            unsafe UnsafeMutableRawBufferPointer(start: base, count: byteCount).copyMemory(from: bytes)
        }
    }

    /// Bytes that live as long as the program, where they lie.
    ///
    /// - Throws: `.truncated` for none.
    package init(staticBytes bytes: UnsafeRawBufferPointer, path: String) throws(ModelFileError) {
        guard let start = bytes.baseAddress, bytes.count > 0 else { throw ModelFileError.empty(file: path) }
        self.path = path
        byteCount = bytes.count
        unsafe base = UnsafeMutableRawPointer(mutating: start)
        isMapped = false
        isBackedByFile = false
    }

    private init(
        path: String, byteCount: Int, protection: Int32, flags: Int32, descriptor: Int32
    ) throws(ModelFileError) {
        guard
            let base = unsafe mmap(nil, byteCount, protection, flags, descriptor, 0),
            unsafe base != MAP_FAILED
        else { throw ModelFileError.system("mmap", file: path) }
        self.path = path
        self.byteCount = byteCount
        unsafe self.base = base
        isMapped = true
        isBackedByFile = descriptor >= 0
    }

    deinit {
        if isMapped { _ = unsafe munmap(base, byteCount) }
    }

    private static func regularFileSize(of descriptor: Int32, path: String) throws(ModelFileError) -> Int {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw ModelFileError.system("fstat", file: path) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            let kind = status.st_mode & S_IFMT == S_IFDIR ? ModelFileError.directory : "a device, pipe or socket"
            throw ModelFileError(file: path, problem: .notRegularFile(kind: kind))
        }
        guard status.st_size > 0 else { throw ModelFileError.empty(file: path) }
        return Int(status.st_size)
    }
}

extension MappedFile {
    /// The bytes of `range` where they lie, valid while this object lives.
    ///
    /// - Precondition: `range` lies inside the file.
    package func bytes(in range: Range<Int>) -> UnsafeRawBufferPointer {
        check(range)
        return unsafe UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count)
    }

    /// Lends the whole file to `body`.
    package func withBytes<Result, Failure: Error>(
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(unsafe UnsafeRawBufferPointer(start: base, count: byteCount).bytes)
    }

    /// The little-endian integer at `offset`, which need not be aligned.
    ///
    /// - Precondition: it lies inside the file.
    func littleEndian<Integer: FixedWidthInteger & BitwiseCopyable>(_ type: Integer.Type, at offset: Int) -> Integer {
        check(offset..<offset + MemoryLayout<Integer>.size)
        return unsafe Integer(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: type))
    }

    /// Adds the bytes of `range` to the end of `destination`.
    ///
    /// - Precondition: `range` lies inside the file.
    func append(_ range: Range<Int>, to destination: inout [UInt8]) {
        unsafe destination.append(contentsOf: bytes(in: range))
    }

    /// Whether two ranges of the same length hold the same bytes.
    ///
    /// - Precondition: Each range lies inside its file.
    func bytes(in range: Range<Int>, areThoseOf other: MappedFile, in otherRange: Range<Int>) -> Bool {
        guard range.count == otherRange.count else { return false }
        let (mine, theirs) = unsafe (bytes(in: range), other.bytes(in: otherRange))
        guard let mine = mine.baseAddress, let theirs = theirs.baseAddress else { return true }
        return unsafe memcmp(mine, theirs, range.count) == 0
    }

    /// Gives the whole pages inside `range` back to the system, which reads them again when they are touched.
    ///
    /// - Precondition: `range` lies inside the file.
    func dropPages(in range: Range<Int>) {
        check(range)
        guard isBackedByFile else { return }
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let start = (range.lowerBound + page - 1) / page * page
        let end = range.upperBound / page * page
        if start < end { _ = unsafe madvise(base + start, end - start, MADV_DONTNEED) }
    }

    private func check(_ range: Range<Int>) {
        precondition(
            range.lowerBound >= 0 && range.upperBound <= byteCount,
            "MappedFile: bytes \(range) of a file of \(byteCount) bytes")
    }
}

extension ModelFileError {
    static func empty(file: String) -> ModelFileError {
        ModelFileError(file: file, offset: 0, problem: .truncated(field: "magic", needed: 4, available: 0))
    }

    /// Reads `errno`, so it has to follow the failed call at once.
    static func system(_ call: String, file: String) -> ModelFileError {
        ModelFileError(file: file, problem: .system(call: call, code: errno))
    }
}

/// `No such file or directory`
func systemMessage(_ code: Int32) -> String {
    guard let message = unsafe strerror(code) else { return "error \(code)" }
    return unsafe String(cString: message)
}

#if canImport(Darwin)
private let mapAnonymous = MAP_ANON
#else
private let mapAnonymous = MAP_ANONYMOUS
#endif
