#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

extension Double {
    /// `float.__repr__`: the shortest digits that read back, positional for exponents from −4 to 15.
    var pythonDescription: String {
        if isNaN { return "nan" }
        if isInfinite { return self < 0 ? "-inf" : "inf" }
        let sign = self.sign == .minus ? "-" : ""
        let parts = magnitude.description.split(separator: "e")
        let mantissa = (parts.first ?? "0").split(separator: ".", omittingEmptySubsequences: false)
        let whole = mantissa.first ?? "0"
        let written = whole + (mantissa.count > 1 ? mantissa[1] : "")
        let leadingZeros = written.prefix { $0 == "0" }.count
        var digits = String(written.dropFirst(leadingZeros))
        while digits.hasSuffix("0") { digits.removeLast() }
        if digits.isEmpty { return sign + "0.0" }
        let exponent = (parts.count > 1 ? Int(parts[1]) ?? 0 : 0) + whole.count - leadingZeros - 1
        return sign + Self.format(digits: digits, exponent: exponent)
    }

    /// - Parameter exponent: of the first digit.
    private static func format(digits: String, exponent: Int) -> String {
        if exponent >= 16 || exponent < -4 {
            let fraction = digits.dropFirst()
            let size = String(exponent.magnitude)
            return String(digits.prefix(1)) + (fraction.isEmpty ? "" : "." + fraction)
                + (exponent < 0 ? "e-" : "e+") + (size.count < 2 ? "0" + size : size)
        }
        if exponent < 0 { return "0." + String(repeating: "0", count: -exponent - 1) + digits }
        let padded = digits + String(repeating: "0", count: max(0, exponent + 1 - digits.count))
        let fraction = padded.dropFirst(exponent + 1)
        return String(padded.prefix(exponent + 1)) + "." + (fraction.isEmpty ? "0" : fraction)
    }

    /// Python's `round(self, places)`: the double nearest to the decimal nearest to the number, halves to the even digit.
    func rounded(places: Int) -> Double {
        guard isFinite, places <= 323 else { return self }  // no double has more decimals that count
        guard places < 0 else { return Double(printed("f", precision: places)) ?? self }
        guard places >= -308 else { return 0 * self }
        // The digits of the whole part are exact, and so is whether anything lies behind them.
        let whole = magnitude.rounded(.towardZero)
        let digits = whole.printed("f", precision: 0)
        guard digits.count >= -places else { return 0 * self }
        let kept = digits.dropLast(-places)
        let dropped = digits.suffix(-places)
        let half = "5" + String(repeating: "0", count: -places - 1)
        let isOdd = (kept.last?.wholeNumberValue ?? 0) % 2 == 1
        let isAbove = dropped == half ? magnitude > whole || isOdd : dropped > half
        let zeros = String(repeating: "0", count: -places)
        let floor = Double(kept + zeros) ?? 0
        let result = isAbove ? Self.incremented(kept) + zeros : String(floor == 0 ? "0" : kept + zeros)
        return sign == .minus ? -(Double(result) ?? 0) : Double(result) ?? 0
    }

    /// A decimal number plus one.
    private static func incremented(_ digits: Substring) -> String {
        var result = Array(digits.utf8)
        var place = result.count - 1
        while place >= 0, result[place] == UInt8(ascii: "9") {
            result[place] = UInt8(ascii: "0")
            place -= 1
        }
        if place >= 0 { result[place] += 1 } else { result.insert(UInt8(ascii: "1"), at: 0) }
        return String(decoding: result, as: UTF8.self)
    }

    /// C's `%.<precision><conversion>`, exact for every number of digits.
    ///
    /// - Parameters:
    ///   - conversion: `e`, `f` or `g`.
    ///   - precision: at most 10,000.
    ///   - isAlternate: as with `#`, the point and the zeros behind it stay.
    func printed(_ conversion: Character, precision: Int, isAlternate: Bool = false) -> String {
        guard isFinite else { return pythonDescription }
        let format = "%" + (isAlternate ? "#" : "") + ".*" + String(conversion)
        let capacity = precision + 330  // the largest double has 309 digits before the point
        return String(unsafeUninitializedCapacity: capacity) { buffer in
            buffer.withMemoryRebound(to: CChar.self) { characters in
                let arguments: [any CVarArg] = [Int32(clamping: precision), self]
                let count = withVaList(arguments) { vsnprintf(characters.baseAddress, capacity, format, $0) }
                return max(0, min(Int(count), capacity - 1))
            }
        }
    }
}
