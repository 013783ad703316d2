/// Names from files, made safe to print on one line of a terminal.
enum PrintableName {
    /// In scalars; the rest of a longer name is replaced by `…`.
    static let longest = 80

    /// `'blk.0.attn_q.weight'`, cut to `longest`, with quotes, backslashes and unprintable scalars escaped.
    static func quoted(_ name: String) -> String {
        let head = String(String.UnicodeScalarView(name.unicodeScalars.prefix(longest)))
        let isCut = head.unicodeScalars.count < name.unicodeScalars.count
        return "'" + head.unicodeScalars.map { escaped($0, in: "'\\") }.joined() + (isCut ? "…'" : "'")
    }

    /// As `quoted(_:)` for bytes that need not be UTF-8: where they are not, every byte beyond ASCII becomes `\xNN`.
    static func quoted(bytes: [UInt8]) -> String {
        if let name = String(validating: bytes, as: UTF8.self) { return quoted(name) }
        let head = bytes.prefix(longest).map { byte in
            byte < 0x80 ? escaped(Unicode.Scalar(byte), in: "'\\") : "\\x" + hexadecimal(byte)
        }
        return "'" + head.joined() + (bytes.count > longest ? "…'" : "'")
    }

    /// A path: whole, without quotes, and on one line.
    static func whole(_ path: String) -> String { path.unicodeScalars.map { escaped($0, in: "") }.joined() }

    static func hexadecimal(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }

    private static func escaped(_ scalar: Unicode.Scalar, in special: String) -> String {
        if special.unicodeScalars.contains(scalar) { return "\\\(scalar)" }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
            return "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
        default: return String(scalar)
        }
    }
}
