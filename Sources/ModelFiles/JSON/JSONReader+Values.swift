/// A number as the text has it: integers stay exact.
package enum JSONNumber: Equatable, Sendable {
    /// Without fraction and exponent, and within Int's range.
    case integer(Int)
    case double(Double)
}

extension JSONReader {
    package mutating func number() throws(ModelFileError) -> JSONNumber {
        let first = peek()
        let start = index
        var isInteger = true
        if first == UInt8(ascii: "-") { index += 1 }
        let leading = index
        guard skipDigits() > 0 else { throw unexpected("a number") }
        if bytes[leading] == UInt8(ascii: "0"), index > leading + 1 {
            index = leading
            throw unexpected("a number without leading zeros")
        }
        if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
            isInteger = false
            index += 1
            guard skipDigits() > 0 else { throw unexpected("digits behind '.'") }
        }
        if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
            isInteger = false
            index += 1
            if index < bytes.count, bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-") {
                index += 1
            }
            guard skipDigits() > 0 else { throw unexpected("digits of an exponent") }
        }
        if isInteger, let integer = integer(in: start..<index) { return .integer(integer) }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        guard let double = Double(text), double.isFinite else {
            throw error(
                at: absolute(start), expected: "a number that fits 64 bits", found: PrintableName.quoted(text))
        }
        return .double(double)
    }

    package mutating func bool() throws(ModelFileError) -> Bool {
        switch peek() {
        case UInt8(ascii: "t")? where literal("true"): return true
        case UInt8(ascii: "f")? where literal("false"): return false
        default: throw unexpected("true or false")
        }
    }

    /// Whether the next value is null; moves behind it where it is.
    package mutating func null() throws(ModelFileError) -> Bool {
        guard peek() == UInt8(ascii: "n") else { return false }
        guard literal("null") else { throw unexpected("null") }
        return true
    }

    /// A number that is an integer within `range`.
    package mutating func integer(
        in range: ClosedRange<Int> = Int.min...Int.max
    ) throws(ModelFileError) -> Int {
        let start = offset
        switch try number() {
        case .integer(let integer) where range.contains(integer): return integer
        case .integer(let integer):
            throw error(at: start, expected: "an integer in \(range)", found: "\(integer)")
        case .double(let double): throw error(at: start, expected: "an integer in \(range)", found: "\(double)")
        }
    }

    /// Checks the next value, whatever it is, and moves behind it.
    package mutating func skip() throws(ModelFileError) {
        switch peek() ?? 0 {
        case UInt8(ascii: "{"):
            try beginObject()
            while try nextKey() != nil { try skip() }
        case UInt8(ascii: "["):
            try beginArray()
            while try nextElement() { try skip() }
        case UInt8(ascii: "\""): _ = try string()
        case UInt8(ascii: "t"), UInt8(ascii: "f"): _ = try bool()
        case UInt8(ascii: "n"): _ = try null()
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): _ = try number()
        default: throw unexpected("a value")
        }
    }

    /// - Returns: How many digits there were.
    private mutating func skipDigits() -> Int {
        let start = index
        while index < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index]) { index += 1 }
        return index - start
    }

    /// Nil beyond Int's range.
    private func integer(in range: Range<Int>) -> Int? {
        let isNegative = bytes[range.lowerBound] == UInt8(ascii: "-")
        var value = 0
        for digit in bytes[range.lowerBound + (isNegative ? 1 : 0)..<range.upperBound] {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let step = Int(digit & 0xF)
            let (sum, overflow2) =
                isNegative ? product.subtractingReportingOverflow(step) : product.addingReportingOverflow(step)
            if overflow || overflow2 { return nil }
            value = sum
        }
        return value
    }
}
