#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// The header `Retry-After`: seconds, or a date (RFC 9110, section 10.2.3).
package enum RetryAfter {
    /// - Parameter now: Seconds since 1970.
    /// - Returns: nil for what is neither.
    package static func duration(_ value: String, now: Int = time(nil)) -> Duration? {
        if !value.isEmpty, value.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
            return .seconds(min(Int(value) ?? .max, maximum))
        }
        guard let date = secondsSince1970(of: value) else { return nil }
        return .seconds(min(max(0, date - now), maximum))
    }

    /// A date as HTTP writes it: `Sun, 06 Nov 1994 08:49:37 GMT`.
    private static func secondsSince1970(of date: String) -> Int? {
        let words = date.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 6, words[0].last == ",", words[5] == "GMT",
            let day = number(words[1], 1...31), let month = months.firstIndex(of: String(words[2])),
            let year = number(words[3], 1970...9999)
        else { return nil }
        let time = words[4].split(separator: ":", omittingEmptySubsequences: false)
        guard time.count == 3, let hour = number(time[0], 0...23), let minute = number(time[1], 0...59),
            let second = number(time[2], 0...60)
        else { return nil }
        var parts = tm()
        (parts.tm_year, parts.tm_mon, parts.tm_mday) = (year - 1900, Int32(month), day)
        (parts.tm_hour, parts.tm_min, parts.tm_sec) = (hour, minute, second)
        return Int(timegm(&parts))
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    private static func number(_ digits: Substring, _ range: ClosedRange<Int32>) -> Int32? {
        guard digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let number = Int32(digits), range.contains(number)
        else { return nil }
        return number
    }

    /// A year: far beyond what anybody waits, and far from overflow.
    private static let maximum = 366 * 86400
}
