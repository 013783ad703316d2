import Foundation
import JinjaTemplates
import TestSupport
import Testing

@Suite("Civil time")
struct CivilTimeTests {
    /// Expected values: Foundation's Gregorian calendar, over 600 moments of the years 1600 to 2400.
    @Test func `agrees with the calendar of Foundation`() throws {
        var generator = SeededGenerator(seed: 4)
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(secondsFromGMT: 0))
        let fixed = [0, -1, 86_399, 951_782_399, 951_782_400, 951_868_800, 1_709_164_800, 1_735_689_599]
        let random = (0..<600).map { _ in Int.random(in: -11_000_000_000...13_000_000_000, using: &generator) }
        for seconds in fixed + random {
            let time = CivilTime(secondsSince1970: seconds)
            let date = Date(timeIntervalSince1970: Double(seconds))
            let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second, .weekday], from: date)
            #expect([time.year, time.month, time.day] == [parts.year, parts.month, parts.day], "\(seconds)")
            #expect([time.hour, time.minute, time.second] == [parts.hour, parts.minute, parts.second], "\(seconds)")
            #expect(time.weekday + 1 == parts.weekday, "\(seconds)")
            #expect(time.dayOfYear == calendar.ordinality(of: .day, in: .year, for: date), "\(seconds)")
        }
    }

    @Test(arguments: [Int.min, Int.max])
    func `clamps what lies outside four-digit years`(seconds: Int) {
        #expect((0...9999).contains(CivilTime(secondsSince1970: seconds).year))
    }
}
