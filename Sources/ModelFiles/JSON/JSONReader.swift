/// A place in JSON text (RFC 8259) that moves forward, value by value; nothing is kept that the caller does not ask for.
///
/// ```swift
/// try reader.beginObject()
/// while let key = try reader.nextKey() {
///     if reader.text(of: key) == "shape" { shape = try reader.integers() } else { try reader.skip() }
/// }
/// try reader.end()
/// ```
///
/// What is read is checked to the letter: UTF-8 in strings, escapes in whole surrogate pairs, numbers as the grammar has them,
/// no comma too many, nothing behind the text. A key given twice is seen twice; `JSONKeys` finds it out.
package struct JSONReader {
    /// How deep objects and arrays may lie in each other.
    package static let deepestNesting = 128

    /// Named in errors.
    package let file: String
    /// Named in errors.
    package var subject: ModelFileError.Subject?
    let bytes: [UInt8]
    /// Of the next byte, in `bytes`.
    var index = 0
    /// Of the text's first byte, absolute in the file.
    private let origin: Int
    /// The objects and arrays that the place lies in; outermost first.
    private var containers: [Container] = []

    private struct Container {
        let isObject: Bool
        var isEmpty = true
    }

    /// - Parameter origin: Where the text begins, absolute in the file; for errors.
    package init(_ bytes: [UInt8], file: String, origin: Int = 0) {
        self.bytes = bytes
        self.file = file
        self.origin = origin
    }

    /// Of the next value, absolute in the file.
    package var offset: Int {
        mutating get {
            skipSpace()
            return origin + index
        }
    }

    package func error(at offset: Int, _ problem: ModelFileError.Problem) -> ModelFileError {
        ModelFileError(file: file, offset: offset, subject: subject, problem: problem)
    }

    package func error(at offset: Int, expected: String, found: String) -> ModelFileError {
        error(at: offset, .invalid(expected: expected, found: found))
    }

    /// What stands at the place is not `expected`.
    func unexpected(_ expected: String) -> ModelFileError {
        let found = index < bytes.count ? PrintableName.quoted(bytes: [bytes[index]]) : "the end of the text"
        return error(at: origin + index, expected: expected, found: found)
    }

    func absolute(_ index: Int) -> Int { origin + index }
}

// MARK: - Objects and arrays

extension JSONReader {
    package mutating func beginObject() throws(ModelFileError) {
        try begin(UInt8(ascii: "{"), Container(isObject: true), expected: "an object")
    }

    package mutating func beginArray() throws(ModelFileError) {
        try begin(UInt8(ascii: "["), Container(isObject: false), expected: "an array")
    }

    /// The next member's key, with the place before its value; nil and behind the object where there is none.
    package mutating func nextKey() throws(ModelFileError) -> JSONString? {
        guard try next(closing: UInt8(ascii: "}")) else { return nil }
        guard peek() == UInt8(ascii: "\"") else { throw unexpected("a key in double quotes") }
        let key = try string()
        guard peek() == UInt8(ascii: ":") else { throw unexpected("':'") }
        index += 1
        return key
    }

    /// Whether there is a next element, with the place before it; false and behind the array where there is none.
    package mutating func nextElement() throws(ModelFileError) -> Bool { try next(closing: UInt8(ascii: "]")) }

    /// - Throws: Where anything but white space follows the one value of the text.
    package mutating func end() throws(ModelFileError) {
        guard peek() == nil else { throw unexpected("nothing behind the value") }
    }

    private mutating func begin(
        _ opening: UInt8, _ container: Container, expected: String
    ) throws(ModelFileError) {
        guard peek() == opening else { throw unexpected(expected) }
        guard containers.count < Self.deepestNesting else {
            throw error(
                at: origin + index, expected: "values nested at most \(Self.deepestNesting) deep", found: "one more")
        }
        containers.append(container)
        index += 1
    }

    private mutating func next(closing: UInt8) throws(ModelFileError) -> Bool {
        guard let last = containers.indices.last, containers[last].isObject == (closing == UInt8(ascii: "}")) else {
            preconditionFailure("JSONReader: the place lies in no such object or array")
        }
        let isFirst = containers[last].isEmpty
        switch peek() {
        case closing?:
            index += 1
            containers.removeLast()
            return false
        case UInt8(ascii: ",")? where !isFirst:
            index += 1
        case .some where isFirst:
            containers[last].isEmpty = false
        default:
            let (more, end) = containers[last].isObject ? ("a key", "'}'") : ("an element", "']'")
            throw unexpected("\(isFirst ? more : "','") or \(end)")
        }
        return true
    }
}

// MARK: - Bytes

extension JSONReader {
    /// The next byte that is not white space, nil at the end; the place moves before it.
    @inline(__always)
    package mutating func peek() -> UInt8? {
        skipSpace()
        return index < bytes.count ? bytes[index] : nil
    }

    @inline(__always)
    mutating func skipSpace() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x09, 0x0A, 0x0D: index += 1
            default: return
            }
        }
    }

    mutating func literal(_ text: StaticString) -> Bool {
        let end = index + text.utf8CodeUnitCount
        guard end <= bytes.count, bytes[index..<end].elementsEqual(text.description.utf8) else { return false }
        index = end
        return true
    }
}
