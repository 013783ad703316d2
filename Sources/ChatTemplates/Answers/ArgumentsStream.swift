/// Hands on the JSON value that holds a call's arguments, as it comes.
///
/// The value is given out as written. A string is taken for what it says: some models put the object's text in quotes
/// once more. For `null` the arguments are `{}`.
struct ArgumentsStream: Sendable {
    private enum Kind { case unknown, verbatim, quoted, null }

    private var cursor = JSONCursor()
    private var kind = Kind.unknown
    private var decoder = JSONStringDecoder()

    /// - Parameter text: appended is what the byte adds to the arguments.
    mutating func consume(_ byte: UInt8, text: inout [UInt8]) -> JSONCursor.Step {
        let step = cursor.consume(byte)
        guard step != .invalid, step != .before else { return step }
        if kind == .unknown {
            guard !JSONText.isSpace(byte) else { return step }
            kind = byte == UInt8(ascii: "\"") ? .quoted : byte == UInt8(ascii: "n") ? .null : .verbatim
            if kind == .quoted { return step }
        }
        switch kind {
        case .quoted:
            if step == .last { decoder.finish(&text) } else { decoder.append(byte, to: &text) }
        case .null:
            if step == .last { text += "{}".utf8 }
        case .verbatim, .unknown: text.append(byte)
        }
        return step
    }

    /// Whether a value has begun.
    var hasBegun: Bool { kind != .unknown }
}
