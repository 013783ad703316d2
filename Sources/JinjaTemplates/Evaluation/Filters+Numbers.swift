/// Filters that give numbers.
extension Interpreter {
    @inline(never)
    mutating func numberFilter(
        _ filter: JinjaFilter, _ value: JinjaValue, _ bound: [JinjaValue?]
    ) throws(JinjaError) -> JinjaValue {
        if case .undefined(let name) = value { throw failure(.undefined(name)) }
        switch filter {
        case .abs:
            if case .double(let number) = value { return .double(number.magnitude) }
            let number = try integer(value, for: "abs")
            return number < 0 ? try negated(.integer(number)) : .integer(number)
        case .float:
            if let number = value.asDouble { return .double(number) }
            if case .string(let text) = value, let number = PythonNumber.double(text) { return .double(number) }
            return bound[0] ?? .double(0)
        case .int: return try integerFilter(value, bound)
        default: return try roundFilter(value, bound)
        }
    }

    private mutating func integerFilter(_ value: JinjaValue, _ bound: [JinjaValue?]) throws(JinjaError) -> JinjaValue {
        if let number = value.asInteger { return .integer(number) }
        var number = value.asDouble
        if let number, number.isInfinite { throw failure(.outOfRange("int: the number is infinite")) }
        if case .string(let text) = value {
            let base = (bound[1] ?? .integer(10)).asInteger
            switch base.map({ PythonNumber.integer(text, base: $0) }) ?? .malformed {
            case .value(let whole): return .integer(whole)
            case .overflow: throw failure(.outOfRange("int: the number leaves the 64-bit range"))
            case .malformed: number = PythonNumber.double(text)
            }
        }
        guard let number, number.isFinite else { return bound[0] ?? .integer(0) }
        guard let whole = Int(exactly: number.rounded(.towardZero)) else {
            throw failure(.outOfRange("int: the number leaves the 64-bit range"))
        }
        return .integer(whole)
    }

    private mutating func roundFilter(_ value: JinjaValue, _ bound: [JinjaValue?]) throws(JinjaError) -> JinjaValue {
        try spend(steps: 16)
        let places = try integer(bound[0] ?? .integer(0), for: "round")
        guard case .string(let method) = bound[1] ?? .text("common"),
            ["common", "ceil", "floor"].contains(method.text)
        else { throw failure(.wrongArguments(callee: "round", detail: "the method is 'common', 'ceil' or 'floor'")) }
        guard let number = value.asDouble else { throw failure(.wrongType(operation: "round", found: value.kind)) }
        if method.text == "common" {
            guard let whole = value.asInteger else { return .double(number.rounded(places: places)) }
            guard let rounded = Self.rounded(whole, places: places) else {
                throw failure(.outOfRange("an integer leaves the 64-bit range"))
            }
            return .integer(rounded)
        }
        if places >= 0, let whole = value.asInteger { return .double(Double(whole)) }  // Python multiplies integers
        guard places.magnitude <= 22 else { throw failure(.outOfRange("round: the precision is above 22")) }
        var scale = 1.0
        for _ in 0..<places.magnitude { scale *= 10 }
        if places < 0 { scale = 1 / scale }
        let scaled = number * scale
        guard scaled.isFinite else { throw failure(.outOfRange("round: the number is not finite")) }
        let whole = scaled.rounded(method.text == "ceil" ? .up : .down)
        return .double((whole == 0 ? 0 : whole) / scale)  // Python's whole number has no negative zero
    }

    /// To a multiple of a power of ten, halves to the even one; nil for one beyond 64 bits.
    private static func rounded(_ number: Int, places: Int) -> Int? {
        guard places < 0 else { return number }
        guard places >= -18 else { return places < -19 || number.magnitude < 5_000_000_000_000_000_000 ? 0 : nil }
        var scale = 1
        for _ in 0..<(-places) { scale *= 10 }
        let (quotient, remainder) = number.quotientAndRemainder(dividingBy: scale)
        let (twice, half) = (remainder.magnitude * 2, scale.magnitude)
        let moves = twice > half || (twice == half && quotient % 2 != 0)
        let (product, overflow) = (quotient + (moves ? number.signum() : 0)).multipliedReportingOverflow(by: scale)
        return overflow ? nil : product
    }
}
