/// Writes one JSON object, member by member, as UTF-8.
package struct JSONWriter {
    private(set) var bytes: [UInt8] = [UInt8(ascii: "{")]
    private let layout: Layout
    /// Whether the object that is being written has no member yet.
    private var isEmpty = true
    /// Objects around the member that is being written.
    private var depth = 1

    package enum Layout: Sendable {
        /// Without white space.
        case compact
        /// A member a line, for files that people read; lists stay on theirs.
        case indented
    }

    package init(_ layout: Layout = .compact) { self.layout = layout }

    /// The whole object.
    package consuming func finish() -> [UInt8] {
        end()
        return layout == .indented ? bytes + [UInt8(ascii: "\n")] : bytes
    }

    /// An object, whose members `body` adds.
    package mutating func addObject<Failure: Error>(
        _ key: String, _ body: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        begin(key)
        try appendObject(body)
    }

    /// A list of objects, whose members `body` adds.
    package mutating func addObjects<Element, Failure: Error>(
        _ key: String, _ elements: some Sequence<Element>,
        _ body: (inout JSONWriter, Element) throws(Failure) -> Void
    ) throws(Failure) {
        begin(key)
        bytes.append(UInt8(ascii: "["))
        var isFirst = true
        for element in elements {
            if !isFirst { bytes.append(UInt8(ascii: ",")) }
            isFirst = false
            try appendObject { writer throws(Failure) in try body(&writer, element) }
        }
        bytes.append(UInt8(ascii: "]"))
    }

    /// A list of pairs, each of a text and a number.
    ///
    /// - Precondition: The numbers are finite, and as many as there are strings.
    package mutating func add(_ key: String, pairs strings: ByteStrings, _ numbers: [Double]) {
        precondition(strings.count == numbers.count, "JSONWriter: \(strings.count) texts, \(numbers.count) numbers")
        addList(key, zip(strings, numbers)) { writer, pair in
            writer.bytes.append(UInt8(ascii: "["))
            writer.append(pair.0)
            writer.bytes.append(UInt8(ascii: ","))
            writer.append(pair.1)
            writer.bytes.append(UInt8(ascii: "]"))
        }
    }

    package mutating func addNull(_ key: String) {
        begin(key)
        bytes += "null".utf8
    }

    /// A value as it was read.
    package mutating func add(_ key: String, value: JSONValue) {
        begin(key)
        append(value)
    }

    package mutating func add(_ key: String, string: some Sequence<UInt8>) {
        begin(key)
        append(string)
    }

    package mutating func add(_ key: String, _ string: String) { add(key, string: string.utf8) }

    package mutating func add(_ key: String, _ integer: Int) { add(bytes: key.utf8, integer) }

    /// As `add(_:_:)` for a key that lies as bytes.
    package mutating func add(bytes key: some Sequence<UInt8>, _ integer: Int) {
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

    private mutating func begin(_ key: some Sequence<UInt8>) {
        if !isEmpty { bytes.append(UInt8(ascii: ",")) }
        isEmpty = false
        startLine()
        append(key)
        bytes.append(UInt8(ascii: ":"))
        if layout == .indented { bytes.append(UInt8(ascii: " ")) }
    }

    private mutating func begin(_ key: String) { begin(key.utf8) }

    private mutating func appendObject<Failure: Error>(
        _ body: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        bytes.append(UInt8(ascii: "{"))
        isEmpty = true
        depth += 1
        try body(&self)
        end()
        isEmpty = false
    }

    private mutating func end() {
        depth -= 1
        if !isEmpty { startLine() }
        bytes.append(UInt8(ascii: "}"))
    }

    private mutating func startLine() {
        guard layout == .indented else { return }
        bytes.append(UInt8(ascii: "\n"))
        bytes += repeatElement(UInt8(ascii: " "), count: 2 * depth)
    }

    /// Recursion ends where the reader's does, at its deepest nesting.
    private mutating func append(_ value: JSONValue) {
        switch value.content {
        case .null: bytes += "null".utf8
        case .bool(let bool): bytes += (bool ? "true" : "false").utf8
        case .number(.integer(let integer)): bytes += "\(integer)".utf8
        case .number(.double(let number)): append(number)
        case .string(let string): append(string.utf8)
        case .array(let elements):
            bytes.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                append(element)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let object):
            appendObject { writer in
                for (key, value) in object.members { writer.add(key, value: value) }
            }
        }
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
