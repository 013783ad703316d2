/// Checks that bytes are one well-formed JSON text (RFC 8259) before a decoder sees them.
///
/// Foundation's decoder accepts trailing commas, UTF-16 and faulty values in fields that nobody reads, and tells no
/// position. This check is strict, keeps its stack of open brackets on the heap and bounded, and says where the fault
/// is.
public enum JSONSyntax {
    /// Brackets that may be open at one time, as deep as any request of the OpenAI API with room to spare.
    public static let defaultMaximumDepth = 128

    /// - Throws: `JSONSyntaxError` at the first fault: bytes that are no UTF-8, nesting beyond `maximumDepth`, a
    ///   character that the grammar does not allow there, half of a surrogate pair, a second field of the same name in
    ///   the outermost object, an early end, or text after the value.
    /// - Complexity: O(n); memory for the brackets and for the names of the outermost object.
    public static func check(_ bytes: [UInt8], maximumDepth: Int = defaultMaximumDepth) throws(JSONSyntaxError) {
        if let offset = firstInvalidByte(of: bytes) {
            throw JSONSyntaxError(offset: offset, problem: .invalidUTF8)
        }
        var scanner = JSONScanner(bytes: bytes, maximumDepth: maximumDepth)
        try scanner.scanText()
    }

    /// The offset of the first byte that is not part of a UTF-8 character.
    private static func firstInvalidByte(of bytes: [UInt8]) -> Int? {
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
        /// `found` is nil at the end of the text.
        case unexpected(found: Character?, expected: String)
        case loneSurrogate
        /// A field that the outermost object has already; decoders would silently take one of the two.
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
        case .unexpected(nil, let expected):
            "The JSON body ends at byte \(offset), where \(expected) is expected"
        case .unexpected(let found?, let expected):
            "The JSON body is malformed at byte \(offset): expected \(expected), found \(String(found).debugDescription)"
        case .duplicateField(let name): "The JSON body has \(name.debugDescription) a second time at byte \(offset)"
        case .loneSurrogate: "The JSON body has half of a surrogate pair at byte \(offset)"
        }
    }
}
