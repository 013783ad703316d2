#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

extension CPUCache {
    /// Whole pages within the blocks go back to the system; parts of pages that a neighbour shares stay.
    func discard(_ blocks: Range<Int32>) {
        guard let last = blocks.last, let pageSize = UInt(exactly: sysconf(Int32(_SC_PAGESIZE))), pageSize > 0 else {
            return
        }
        let start = (UInt(bitPattern: block(blocks.lowerBound)) + pageSize - 1) / pageSize * pageSize
        let end = UInt(bitPattern: block(last) + blockByteCount) / pageSize * pageSize
        guard start < end, let base = UnsafeMutableRawPointer(bitPattern: start) else { return }
        #if os(Linux)
        madvise(base, Int(end - start), MADV_DONTNEED)
        #else
        madvise(base, Int(end - start), MADV_FREE)
        #endif
    }
}
