#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Arithmetic as in Python, with 64-bit integers: an overflow is an error.
extension Interpreter {
    @inline(never)
    mutating func arithmetic(
        _ left: JinjaValue, _ operation: Expression.Arithmetic, _ right: JinjaValue
    ) throws(JinjaError) -> JinjaValue {
        if case .undefined(let name) = left { throw failure(.undefined(name)) }
        if case .undefined(let name) = right, !Self.isText(left) || operation != .modulo {
            throw failure(.undefined(name))
        }
        if let a = left.asInteger, let b = right.asInteger { return try integers(a, operation, b) }
        if let a = left.asDouble, let b = right.asDouble { return try doubles(a, operation, b) }
        switch (left, operation, right) {
        case (.string(let a), .add, .string(let b)):
            var result = JinjaString()
            try append(a, to: &result)
            try append(b, to: &result)
            return .string(result)
        case (.string(let text), .modulo, _): return .string(try formatted(text, by: right))
        case (.list(let a), .add, .list(let b)): return .list(try joined(a, b))
        case (.tuple(let a), .add, .tuple(let b)): return .tuple(try joined(a, b))
        case (_, .multiply, _):
            if let count = right.asInteger, let result = try repeated(left, count) { return result }
            if let count = left.asInteger, let result = try repeated(right, count) { return result }
        default: break
        }
        throw failure(.wrongType(operation: "'\(operation.rawValue)'", found: "\(left.kind) and \(right.kind)"))
    }

    private static func isText(_ value: JinjaValue) -> Bool { if case .string = value { true } else { false } }

    @inline(never)
    private mutating func joined(_ a: JinjaList, _ b: JinjaList) throws(JinjaError) -> [JinjaValue] {
        try spend(items: a.items.count + b.items.count)
        return a.items + b.items
    }

    @inline(never)
    private mutating func repeated(_ value: JinjaValue, _ count: Int) throws(JinjaError) -> JinjaValue? {
        switch value {
        case .string(let text):
            let (size, overflows) = text.utf8.count.multipliedReportingOverflow(by: max(count, 0))
            try spend(bytes: overflows ? Int.max : size)
            return .string(size > 0 ? text.repeated(count) : JinjaString())
        case .list(let list), .tuple(let list):
            let (size, overflows) = list.items.count.multipliedReportingOverflow(by: max(count, 0))
            guard !overflows, size <= limits.steps else {
                throw failure(.budgetExceeded(.steps, limit: limits.steps))
            }
            try spend(items: size)
            let items = size > 0 ? (0..<count).flatMap { _ in list.items } : []
            if case .tuple = value { return .tuple(items) }
            return .list(items)
        default: return nil
        }
    }

    @inline(never)
    private func integers(
        _ a: Int, _ operation: Expression.Arithmetic, _ b: Int
    ) throws(JinjaError) -> JinjaValue {
        let result: (partialValue: Int, overflow: Bool)
        switch operation {
        case .add: result = a.addingReportingOverflow(b)
        case .subtract: result = a.subtractingReportingOverflow(b)
        case .multiply: result = a.multipliedReportingOverflow(by: b)
        case .divide:
            guard b != 0 else { throw failure(.outOfRange("division by zero")) }
            return .double(Self.quotient(a, b))
        case .floorDivide, .modulo:
            guard b != 0 else { throw failure(.outOfRange("division by zero")) }
            guard b != -1 else { return try operation == .modulo ? .integer(0) : integers(0, .subtract, a) }
            let (quotient, remainder) = a.quotientAndRemainder(dividingBy: b)
            let isBelow = remainder != 0 && (remainder < 0) != (b < 0)
            return .integer(
                operation == .modulo ? (isBelow ? remainder + b : remainder) : (isBelow ? quotient - 1 : quotient))
        case .power:
            guard b >= 0 else { return try doubles(Double(a), .power, Double(b)) }
            result = Self.power(a, b)
        }
        guard !result.overflow else { throw failure(.outOfRange("an integer leaves the 64-bit range")) }
        return .integer(result.partialValue)
    }

    /// The double nearest to the quotient, also where the numbers themselves are not doubles.
    private static func quotient(_ a: Int, _ b: Int) -> Double {
        if a.magnitude < 1 << 53, b.magnitude < 1 << 53 { return Double(a) / Double(b) }
        let (top, bottom) = (UInt128(a.magnitude), UInt128(b.magnitude))
        // So far up that the whole quotient has 60 bits or more; the last of them also stands for all behind it.
        let shift = max(0, 60 + top.leadingZeroBitCount - bottom.leadingZeroBitCount)
        let (whole, rest) = (top << UInt128(shift)).quotientAndRemainder(dividingBy: bottom)
        let magnitude = Double(sign: .plus, exponent: -shift, significand: Double(whole | (rest == 0 ? 0 : 1)))
        return (a < 0) != (b < 0) ? -magnitude : magnitude
    }

    private static func power(_ base: Int, _ exponent: Int) -> (partialValue: Int, overflow: Bool) {
        if exponent > 64, base.magnitude <= 1 { return power(base, exponent % 2 + 2) }
        var result = 1
        for _ in 0..<exponent {
            let (product, overflow) = result.multipliedReportingOverflow(by: base)
            if overflow { return (0, true) }
            result = product
        }
        return (result, false)
    }

    @inline(never)
    private func doubles(
        _ a: Double, _ operation: Expression.Arithmetic, _ b: Double
    ) throws(JinjaError) -> JinjaValue {
        switch operation {
        case .add: return .double(a + b)
        case .subtract: return .double(a - b)
        case .multiply: return .double(a * b)
        case .power:
            guard a != 0 || b >= 0 || b.isNaN else { throw failure(.outOfRange("zero has no negative power")) }
            guard a >= 0 || b.rounded() == b || !a.isFinite || !b.isFinite else {
                throw failure(.outOfRange("the power is a complex number"))
            }
            let result = pow(a, b)
            guard result.isFinite || !a.isFinite || !b.isFinite else {
                throw failure(.outOfRange("a power leaves the range of floats"))
            }
            return .double(result)
        case .divide, .floorDivide, .modulo:
            guard b != 0 else { throw failure(.outOfRange("division by zero")) }
            if operation == .divide { return .double(a / b) }
            var remainder = a.truncatingRemainder(dividingBy: b)
            var quotient = (a - remainder) / b
            if remainder == 0 {
                remainder = b < 0 ? -0.0 : 0
            } else if (remainder < 0) != (b < 0) {
                remainder += b
                quotient -= 1
            }
            if operation == .modulo { return .double(remainder) }
            guard quotient != 0 else { return .double((a < 0) != (b < 0) || (a.sign != b.sign && a == 0) ? -0.0 : 0) }
            let floor = quotient.rounded(.down)
            return .double(quotient - floor > 0.5 ? floor + 1 : floor)  // as CPython's float_floor_div
        }
    }

    @inline(never)
    func negated(_ value: JinjaValue) throws(JinjaError) -> JinjaValue {
        if let number = value.asInteger { return try integers(0, .subtract, number) }
        if case .double(let number) = value { return .double(-number) }
        throw failure(.wrongType(operation: "'-'", found: value.kind))
    }

    @inline(never)
    func positive(_ value: JinjaValue) throws(JinjaError) -> JinjaValue {
        if let number = value.asInteger { return .integer(number) }
        if case .double = value { return value }
        throw failure(.wrongType(operation: "'+'", found: value.kind))
    }
}

extension JinjaValue {
    /// An integer, or a truth value as 0 or 1, as in Python's arithmetic.
    var asInteger: Int? {
        switch self {
        case .integer(let value): value
        case .boolean(let value): value ? 1 : 0
        default: nil
        }
    }

    var asDouble: Double? {
        if case .double(let value) = self { return value }
        return asInteger.map(Double.init)
    }
}
