/// Follows one JSON value byte by byte (RFC 8259, strictly), without keeping any of it.
///
/// White space before the value is part of it; what is behind it is not.
struct JSONCursor: Sendable {
    enum Step: Equatable {
        /// The value goes on, or has not begun.
        case inside
        /// The byte ends the value.
        case last
        /// The value has ended before this byte, as only numbers do; the byte is not part of it.
        case before
        /// The byte cannot stand here.
        case invalid
    }

    private enum State: Equatable {
        case value
        case firstItem, firstName, name, colon
        case behindItem, behindField
        case string(isName: Bool), escape(isName: Bool)
        case hex(left: Int, isName: Bool)
        case word(rest: [UInt8])
        case number(NumberState)
        case ended
    }

    private enum NumberState: Equatable {
        case sign, zero, integer, point, fraction, exponent, exponentSign, exponentDigits
    }

    /// Open brackets that a value may have.
    static let nestingLimit = 128

    private var state = State.value
    /// The open brackets; true for an object.
    private var open: [Bool] = []

    /// Whether the byte that comes next is inside quotes.
    var isInString: Bool {
        switch state {
        case .string, .escape, .hex: true
        default: false
        }
    }

    /// Whether what came so far is a whole value.
    var isComplete: Bool {
        guard open.isEmpty else { return false }
        switch state {
        case .ended: return true
        case .number(let number): return Self.mayEnd(number)
        default: return false
        }
    }

    mutating func consume(_ byte: UInt8) -> Step {
        switch state {
        case .ended: return .before
        case .string(let isName): return string(byte, isName)
        case .escape(let isName): return escape(byte, isName)
        case .hex(let left, let isName): return hex(byte, left, isName)
        case .word(let rest): return word(byte, rest)
        case .number(let number): return self.number(byte, number)
        default:
            if JSONText.isSpace(byte) { return .inside }
            return structure(byte)
        }
    }

    private mutating func structure(_ byte: UInt8) -> Step {
        switch (state, byte) {
        case (.firstItem, UInt8(ascii: "]")), (.behindItem, UInt8(ascii: "]")), (.firstName, UInt8(ascii: "}")),
            (.behindField, UInt8(ascii: "}")):
            return close()
        case (.value, _), (.firstItem, _): return begin(byte)
        case (.firstName, UInt8(ascii: "\"")), (.name, UInt8(ascii: "\"")): state = .string(isName: true)
        case (.colon, UInt8(ascii: ":")): state = .value
        case (.behindItem, UInt8(ascii: ",")): state = .value
        case (.behindField, UInt8(ascii: ",")): state = .name
        default: return .invalid
        }
        return .inside
    }

    private mutating func begin(_ byte: UInt8) -> Step {
        switch byte {
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            guard open.count < Self.nestingLimit else { return .invalid }
            open.append(byte == UInt8(ascii: "{"))
            state = byte == UInt8(ascii: "{") ? .firstName : .firstItem
        case UInt8(ascii: "\""): state = .string(isName: false)
        case UInt8(ascii: "t"): state = .word(rest: Array("rue".utf8))
        case UInt8(ascii: "f"): state = .word(rest: Array("alse".utf8))
        case UInt8(ascii: "n"): state = .word(rest: Array("ull".utf8))
        case UInt8(ascii: "-"): state = .number(.sign)
        case UInt8(ascii: "0"): state = .number(.zero)
        case UInt8(ascii: "1")...UInt8(ascii: "9"): state = .number(.integer)
        default: return .invalid
        }
        return .inside
    }

    private mutating func close() -> Step {
        open.removeLast()
        return endValue()
    }

    /// After a value: back to the collection around it.
    private mutating func endValue() -> Step {
        guard let isObject = open.last else {
            state = .ended
            return .last
        }
        state = isObject ? .behindField : .behindItem
        return .inside
    }

    private mutating func string(_ byte: UInt8, _ isName: Bool) -> Step {
        switch byte {
        case UInt8(ascii: "\\"): state = .escape(isName: isName)
        case UInt8(ascii: "\""):
            guard isName else { return endValue() }
            state = .colon
        case 0..<0x20: return .invalid
        default: break
        }
        return .inside
    }

    private mutating func escape(_ byte: UInt8, _ isName: Bool) -> Step {
        guard "\"\\/bfnrtu".utf8.contains(byte) else { return .invalid }
        state = byte == UInt8(ascii: "u") ? .hex(left: 4, isName: isName) : .string(isName: isName)
        return .inside
    }

    private mutating func hex(_ byte: UInt8, _ left: Int, _ isName: Bool) -> Step {
        guard JSONText.hexDigit(byte) != nil else { return .invalid }
        state = left > 1 ? .hex(left: left - 1, isName: isName) : .string(isName: isName)
        return .inside
    }

    private mutating func word(_ byte: UInt8, _ rest: [UInt8]) -> Step {
        guard byte == rest.first else { return .invalid }
        guard rest.count == 1 else {
            state = .word(rest: Array(rest.dropFirst()))
            return .inside
        }
        return endValue()
    }

    private mutating func number(_ byte: UInt8, _ number: NumberState) -> Step {
        if let next = Self.next(number, byte) {
            state = .number(next)
            return .inside
        }
        guard Self.mayEnd(number) else { return .invalid }
        guard endValue() == .inside else { return .before }
        return consume(byte)
    }

    private static func next(_ state: NumberState, _ byte: UInt8) -> NumberState? {
        let isDigit = (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        switch (state, byte) {
        case (.sign, UInt8(ascii: "0")): return .zero
        case (.sign, _) where isDigit, (.integer, _) where isDigit: return .integer
        case (.zero, UInt8(ascii: ".")), (.integer, UInt8(ascii: ".")): return .point
        case (.point, _) where isDigit, (.fraction, _) where isDigit: return .fraction
        case (.zero, UInt8(ascii: "e")), (.integer, UInt8(ascii: "e")), (.fraction, UInt8(ascii: "e")),
            (.zero, UInt8(ascii: "E")), (.integer, UInt8(ascii: "E")), (.fraction, UInt8(ascii: "E")):
            return .exponent
        case (.exponent, UInt8(ascii: "+")), (.exponent, UInt8(ascii: "-")): return .exponentSign
        case (.exponent, _) where isDigit, (.exponentSign, _) where isDigit, (.exponentDigits, _) where isDigit:
            return .exponentDigits
        default: return nil
        }
    }

    private static func mayEnd(_ state: NumberState) -> Bool {
        switch state {
        case .zero, .integer, .fraction, .exponentDigits: true
        default: false
        }
    }
}
