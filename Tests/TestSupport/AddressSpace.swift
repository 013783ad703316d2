import Foundation

/// Bounds what this process may map beyond what it has mapped now.
package func limitAddressSpace(growth: UInt64) {
    #if os(Linux)
    guard let status = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8),
        let pages = status.split(separator: " ").first.flatMap({ UInt64($0) })
    else { return }
    var limit = rlimit()
    limit.rlim_cur = rlim_t(pages * UInt64(getpagesize()) + growth)
    limit.rlim_max = limit.rlim_cur
    setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
    #endif
}
