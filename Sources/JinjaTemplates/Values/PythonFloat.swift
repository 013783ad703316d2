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

    /// Python's `round(self, places)`: to nearest, ties to even, by the exact value of the number.
    func rounded(places: Int) -> Double {
        guard isFinite, places.magnitude <= 22 else { return self }  // 10²² is the last power of ten a double holds
        var scale = 1.0
        for _ in 0..<Int(places.magnitude) { scale *= 10 }
        let scaled = places < 0 ? self / scale : self * scale
        guard scaled.isFinite, scaled.magnitude < 0x1p52 else { return self }
        var result = scaled.rounded(.toNearestOrEven)
        if places > 0, (scaled - scaled.rounded(.down)) == 0.5 {
            let error = (-scaled).addingProduct(self, scale)  // what the product lost decides a seeming tie
            if error != 0 { result = scaled.rounded(error > 0 ? .up : .down) }
        }
        return places < 0 ? result * scale : result / scale
    }
}

extension Double {
    /// `'%.<places>f' % self`, exact below 10¹⁵.
    func fixedDescription(places: Int) -> String {
        guard isFinite else { return pythonDescription }
        let rounded = self.rounded(places: places)
        guard rounded.magnitude < 1e15 else { return rounded.description }
        let whole = rounded.magnitude.rounded(.down)
        var digits = Int(whole).description
        let sign = rounded.sign == .minus ? "-" : ""
        guard places > 0 else { return sign + digits }
        var scale = 1
        for _ in 0..<min(places, 18) { scale *= 10 }
        let text = String(Int(((rounded.magnitude - whole) * Double(scale)).rounded()))
        digits += "." + String(repeating: "0", count: max(0, places - text.count)) + text
        return sign + digits
    }
}
