/// Checks that bytes are one well-formed JSON text (RFC 8259) before a decoder sees them.
///
/// Foundation's decoder accepts trailing commas, UTF-16 and faulty values in fields that nobody reads, and tells no
/// position; it also takes microseconds for each value. This check is strict, keeps its stack of open brackets on the
/// heap and bounded, says where the fault is, and refuses what would occupy the decoder for long.
public enum JSONSyntax {
    /// - Throws: `JSONSyntaxError` at the first fault: bytes that are no UTF-8, a limit passed, a character that the
    ///   grammar does not allow there, half of a surrogate pair, a second field of the same name in one object, an early
    ///   end, or text after the value.
    /// - Complexity: O(n); memory for the brackets and for the names of the objects that are open.
    public static func check(_ bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONSyntaxError) {
        if let offset = firstInvalidByte(of: bytes) {
            throw JSONSyntaxError(offset: offset, problem: .invalidUTF8)
        }
        var scanner = JSONScanner(bytes: bytes, limits: limits)
        try scanner.scanText()
    }

    /// The offset of the first byte that is not part of a UTF-8 character.
    private static func firstInvalidByte(of bytes: [UInt8]) -> Int? {
        // The standard library validates whole words at a time, but tells no offset.
        if String(validating: bytes, as: UTF8.self) != nil { return nil }
        var decoder = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var offset = 0
        while true {
            switch decoder.parseScalar(from: &iterator) {
            case .valid(let scalar): offset += scalar.count
            case .emptyInput: return nil
            case .error: return offset
            }
        }
    }
}

/// Where a JSON text is faulty, and how.
public struct JSONSyntaxError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Problem: Sendable, Equatable {
        case invalidUTF8
        case tooDeep(maximum: Int)
        case tooManyValues(maximum: Int)
        /// A number or a name, in bytes.
        case tooLong(String, maximum: Int)
        /// `found` is nil at the end of the text.
        case unexpected(found: Character?, expected: String)
        case loneSurrogate
        /// A field that its object has already; decoders would silently take one of the two.
        case duplicateField(String)
    }

    /// From the start of the text, in bytes.
    public let offset: Int
    public let problem: Problem

    public init(offset: Int, problem: Problem) {
        self.offset = offset
        self.problem = problem
    }

    public var description: String {
        switch problem {
        case .invalidUTF8: "The body is not valid UTF-8 at byte \(offset)"
        case .tooDeep(let maximum): "The JSON body is nested deeper than \(maximum) levels at byte \(offset)"
        case .tooManyValues(let maximum): "The JSON body has more than \(maximum) values at byte \(offset)"
        case .tooLong(let kind, let maximum):
            "The JSON body has \(kind) of more than \(maximum) bytes at byte \(offset)"
        case .unexpected(nil, let expected):
            "The JSON body ends at byte \(offset), where \(expected) is expected"
        case .unexpected(let found?, let expected):
            "The JSON body is malformed at byte \(offset): expected \(expected), found \(String(found).debugDescription)"
        case .duplicateField(let name): "The JSON body has \(name.debugDescription) a second time at byte \(offset)"
        case .loneSurrogate: "The JSON body has half of a surrogate pair at byte \(offset)"
        }
    }
}
