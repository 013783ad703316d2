/// A date and time of day in UTC.
package struct CivilTime: Sendable, Equatable {
    package let year: Int
    /// 1 to 12.
    package let month: Int
    /// 1 to 31.
    package let day: Int
    package let hour: Int
    package let minute: Int
    package let second: Int
    /// 0 for Sunday to 6 for Saturday.
    package let weekday: Int
    /// 1 for the first of January.
    package let dayOfYear: Int

    /// Days are turned into a date by counting years from March, so that the leap day is the last of its year
    /// (Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`).
    package init(secondsSince1970 seconds: Int) {
        let clamped = min(max(seconds, -60_000_000_000), 250_000_000_000)  // the years 69 to 9892
        let days = (clamped >= 0 ? clamped : clamped - 86_399) / 86_400
        let secondOfDay = clamped - days * 86_400
        let sinceMarch = days + 719_468
        let era = sinceMarch / 146_097
        let dayOfEra = sinceMarch - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayFromMarch = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayFromMarch + 2) / 153
        day = dayFromMarch - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        hour = secondOfDay / 3_600
        minute = secondOfDay / 60 % 60
        second = secondOfDay % 60
        weekday = ((days + 4) % 7 + 7) % 7
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        dayOfYear = month > 2 ? dayFromMarch + (isLeap ? 61 : 60) : dayFromMarch - 305
    }

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    private static let weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]

    /// Formats like C's `strftime` in the C locale; an unknown directive is named instead.
    ///
    /// Between `%` and a directive may stand glibc's flags: `-` for no padding, `_` for spaces, `0` for zeros, `^` for capitals.
    func formatted(_ format: String) -> (text: String, unknown: String?) {
        var text = ""
        var scalars = format.unicodeScalars[...]
        while let scalar = scalars.popFirst() {
            guard scalar == "%", var directive = scalars.popFirst() else {
                text.unicodeScalars.append(scalar)
                continue
            }
            var padding = Padding.usual
            var isUpper = false
            while let flag = Padding(rawValue: directive) ?? (directive == "^" ? .usual : nil),
                let next = scalars.popFirst()
            {
                if directive == "^" { isUpper = true } else { padding = flag }
                directive = next
            }
            guard let field = field(directive, padding) else { return ("", "%\(directive)") }
            text += isUpper ? field.uppercased() : field
        }
        return (text, nil)
    }

    private enum Padding: Unicode.Scalar {
        case none = "-"
        case spaces = "_"
        case zeros = "0"
        /// As the directive has it.
        case usual = "\u{0}"
    }

    private func field(_ directive: Unicode.Scalar, _ padding: Padding) -> String? {
        func number(_ value: Int, _ width: Int = 2, _ filler: Character = "0") -> String {
            let digits = String(value)
            let filler: Character = padding == .usual ? filler : padding == .spaces ? " " : "0"
            return padding == .none ? digits : String(repeating: filler, count: max(0, width - digits.count)) + digits
        }
        let hour12 = hour % 12 == 0 ? 12 : hour % 12
        return switch directive {
        case "Y": String(year)
        case "C": number(year / 100)
        case "y": number(year % 100)
        case "G": String(weekOfYear.year)
        case "g": number(weekOfYear.year % 100)
        case "m": number(month)
        case "d": number(day)
        case "e": number(day, 2, " ")
        case "B": Self.months[month - 1]
        case "b", "h": String(Self.months[month - 1].prefix(3))
        case "A": Self.weekdays[weekday]
        case "a": String(Self.weekdays[weekday].prefix(3))
        case "w": String(weekday)
        case "u": String(weekday == 0 ? 7 : weekday)
        case "U": number((dayOfYear + 6 - weekday) / 7)
        case "W": number((dayOfYear + 6 - (weekday + 6) % 7) / 7)
        case "V": number(weekOfYear.week)
        case "H": number(hour)
        case "I": number(hour12)
        case "k": number(hour, 2, " ")
        case "l": number(hour12, 2, " ")
        case "M": number(minute)
        case "S": number(second)
        case "f": "000000"
        case "p": hour < 12 ? "AM" : "PM"
        case "P": hour < 12 ? "am" : "pm"
        case "j": number(dayOfYear, 3)
        case "F": formatted("%Y-%m-%d").text
        case "T", "X": formatted("%H:%M:%S").text
        case "R": formatted("%H:%M").text
        case "r": formatted("%I:%M:%S %p").text
        case "D", "x": formatted("%m/%d/%y").text
        case "c": formatted("%a %b %e %H:%M:%S %Y").text
        case "Z", "z": ""  // as for Python's `datetime` without a time zone
        case "n": "\n"
        case "t": "\t"
        case "%": "%"
        default: nil
        }
    }

    /// The week of ISO 8601, whose first one has the year's first Thursday, and the year that it belongs to.
    private var weekOfYear: (year: Int, week: Int) {
        let thursday = dayOfYear + 3 - (weekday + 6) % 7  // of the same week
        if thursday < 1 {
            return (year - 1, (thursday + Self.dayCount(of: year - 1) + 6) / 7)
        }
        let days = Self.dayCount(of: year)
        return thursday > days ? (year + 1, 1) : (year, (thursday + 6) / 7)
    }

    private static func dayCount(of year: Int) -> Int {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 366 : 365
    }
}
