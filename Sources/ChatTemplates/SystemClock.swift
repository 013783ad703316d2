#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The time of day of this machine.
package enum SystemClock {
    /// Seconds since 1970-01-01 00:00 UTC.
    @Sendable package static func secondsSince1970() -> Int { time(nil) }
}
