/// Writes one JSON object, member by member, as UTF-8 without white space.
package struct JSONWriter {
    private(set) var bytes: [UInt8] = [UInt8(ascii: "{")]
    private var isEmpty = true

    package init() {}

    /// The whole object.
    package consuming func finish() -> [UInt8] { bytes + [UInt8(ascii: "}")] }

    package mutating func add(_ key: String, string: some Sequence<UInt8>) {
        begin(key)
        append(string)
    }

    package mutating func add(_ key: String, _ string: String) { add(key, string: string.utf8) }

    package mutating func add(_ key: String, _ integer: Int) {
        begin(key)
        bytes += "\(integer)".utf8
    }

    package mutating func add(_ key: String, _ bool: Bool) {
        begin(key)
        bytes += (bool ? "true" : "false").utf8
    }

    /// - Precondition: The number is finite; JSON has no others.
    package mutating func add(_ key: String, _ number: Double) {
        begin(key)
        append(number)
    }

    package mutating func add(_ key: String, strings: ByteStrings) {
        addList(key, strings) { writer, string in writer.append(string) }
    }

    package mutating func add(_ key: String, integers: [Int]) {
        addList(key, integers) { writer, integer in writer.bytes += "\(integer)".utf8 }
    }

    /// - Precondition: As for a single number.
    package mutating func add(_ key: String, numbers: [Double]) {
        addList(key, numbers) { writer, number in writer.append(number) }
    }

    private mutating func addList<Element>(
        _ key: String, _ elements: some Sequence<Element>, _ append: (inout JSONWriter, Element) -> Void
    ) {
        begin(key)
        bytes.append(UInt8(ascii: "["))
        var isFirst = true
        for element in elements {
            if !isFirst { bytes.append(UInt8(ascii: ",")) }
            isFirst = false
            append(&self, element)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    private mutating func begin(_ key: String) {
        if !isEmpty { bytes.append(UInt8(ascii: ",")) }
        isEmpty = false
        append(key.utf8)
        bytes.append(UInt8(ascii: ":"))
    }

    private mutating func append(_ number: Double) {
        precondition(number.isFinite, "JSONWriter: \(number) has no form in JSON")
        // A float32 that became a Double keeps the digits it was printed with.
        let short = "\(Float(number))"
        bytes += (Double(Float(number)) == number ? short : "\(number)").utf8
    }

    /// A string in quotes; bytes that are not UTF-8 become U+FFFD.
    private mutating func append(_ string: some Sequence<UInt8>) {
        bytes.append(UInt8(ascii: "\""))
        for byte in String(decoding: Array(string), as: UTF8.self).utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case UInt8(ascii: "\n"): bytes += "\\n".utf8
            case UInt8(ascii: "\r"): bytes += "\\r".utf8
            case UInt8(ascii: "\t"): bytes += "\\t".utf8
            case 0..<0x20: bytes += ("\\u00" + PrintableName.hexadecimal(byte)).utf8
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
