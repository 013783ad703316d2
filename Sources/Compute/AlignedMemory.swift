#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// Memory that belongs to one owner, aligned to 64 bytes (a cache line, a 512-bit vector).
final class AlignedMemory<Element: BitwiseCopyable>: @unchecked Sendable {  // its users order their accesses
    let pointer: UnsafeMutablePointer<Element>
    let count: Int

    /// Pages come from the system as they are touched, so a large reservation costs nothing until it is used; fresh memory is
    /// zero.
    init(count: Int, purpose: String) throws(ComputeError) {
        let (bytes, overflow) = max(count, 1).multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
        guard !overflow, bytes < Int.max - 4096 else { throw .outOfMemory(byteCount: Int.max, purpose: purpose) }
        var flags = MAP_PRIVATE | MAP_ANON
        #if os(Linux)
        flags |= MAP_NORESERVE
        #endif
        guard let base = mmap(nil, bytes, PROT_READ | PROT_WRITE, flags, -1, 0), base != MAP_FAILED else {
            throw .outOfMemory(byteCount: bytes, purpose: purpose)
        }
        pointer = base.bindMemory(to: Element.self, capacity: max(count, 1))
        self.count = count
    }

    deinit { munmap(pointer, max(count, 1) * MemoryLayout<Element>.stride) }
}
