/// Numbers for people.
enum NumberFormat {
    /// A fixed count of decimals: `12.30`; `nan` and `inf` as they are.
    static func fixed(_ value: Double, decimals: Int) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        let rounded = (abs(value) * scale).rounded()
        let digits = String(Int(exactly: rounded) ?? 0)
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        let sign = value < 0 && rounded > 0 ? "-" : ""
        return decimals == 0 ? sign + padded : sign + padded.dropLast(decimals) + "." + padded.suffix(decimals)
    }

    /// Six significant digits: `-0.012345`, `3.1e-12`.
    static func significant(_ value: Double) -> String {
        guard value.isFinite, value != 0, abs(value) >= 1e-4, abs(value) < 1e6 else {
            return value == 0 || !value.isFinite ? "\(value)" : "\(Float(value))"
        }
        var decimals = 5
        var bound = 10.0
        while decimals > 0, abs(value) >= bound {
            decimals -= 1
            bound *= 10
        }
        var smallest = 1.0
        while abs(value) < smallest {
            decimals += 1
            smallest /= 10
        }
        return fixed(value, decimals: min(decimals, 9))
    }

    /// A count in thousands, millions, billions: `260.03 K`, `1.10 B`.
    static func count(_ value: Int) -> String {
        scaled(Double(value), by: 1000, units: ["", " K", " M", " B", " T"])
    }

    /// `637.80 MiB`
    static func bytes(_ value: Int) -> String {
        scaled(Double(value), by: 1024, units: [" B", " KiB", " MiB", " GiB", " TiB"])
    }

    private static func scaled(_ value: Double, by step: Double, units: [String]) -> String {
        var value = value
        var unit = 0
        while value >= step, unit < units.count - 1 {
            value /= step
            unit += 1
        }
        return fixed(value, decimals: unit == 0 ? 0 : 2) + units[unit]
    }
}

extension Duration {
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
    var inMilliseconds: Double { inSeconds * 1000 }
}
