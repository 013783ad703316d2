/// Finds parts of a JSON text as they are written: the order of an object's fields, which decoders do not keep, matters to
/// templates that write it out again.
struct JSONFragments {
    private let text: [UInt8]
    private var offset = 0

    /// The elements of the list that is a field of the outermost object; nil where there is none.
    ///
    /// - Parameter text: JSON that `JSONSyntax` has checked.
    static func elements(ofList name: String, in text: [UInt8]) -> [String]? {
        var fragments = JSONFragments(text: text)
        guard fragments.enterField(name), fragments.consume("[") else { return nil }
        var elements: [String] = []
        while !fragments.consume("]"), !fragments.isAtEnd {
            fragments.skipSpace()
            let start = fragments.offset
            fragments.skipValue()
            elements.append(String(decoding: text[start..<fragments.offset], as: UTF8.self))
            _ = fragments.consume(",")
        }
        return elements
    }

    private init(text: [UInt8]) { self.text = text }

    private var isAtEnd: Bool { offset >= text.count }

    /// Goes to the value of a field of the object that begins here.
    private mutating func enterField(_ name: String) -> Bool {
        let quoted = Array("\"\(name)\"".utf8)
        guard consume("{") else { return false }
        while !consume("}"), !isAtEnd {
            skipSpace()
            let start = offset
            skipValue()
            let isWanted = text[start..<offset].elementsEqual(quoted)
            _ = consume(":")
            if isWanted { return true }
            skipValue()
            _ = consume(",")
        }
        return false
    }

    private mutating func skipValue() {
        skipSpace()
        var depth = 0
        while offset < text.count {
            switch text[offset] {
            case UInt8(ascii: "\""):
                skipString()
                if depth == 0 { return }
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                guard depth > 0 else { return }  // behind a number or a word
                depth -= 1
                if depth == 0 {
                    offset += 1
                    return
                }
            case UInt8(ascii: ","), 0x20, 0x0A, 0x0D, 0x09: if depth == 0 { return }
            default: break
            }
            offset += 1
        }
    }

    private mutating func skipString() {
        offset += 1
        while offset < text.count, text[offset] != UInt8(ascii: "\"") {
            offset += text[offset] == UInt8(ascii: "\\") ? 2 : 1
        }
        offset = min(offset + 1, text.count)
    }

    private mutating func skipSpace() {
        while offset < text.count, [0x20, 0x0A, 0x0D, 0x09].contains(text[offset]) { offset += 1 }
    }

    private mutating func consume(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard offset < text.count, text[offset] == UInt8(ascii: character) else { return false }
        offset += 1
        return true
    }
}
