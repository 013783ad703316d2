/// Changes text before it is cut into words.
package protocol Normalizer: Sendable {
    /// - Parameter text: UTF-8; bytes that are not stay as they are.
    func normalize(_ text: [UInt8]) -> [UInt8]
}

/// Calls `body` with each scalar of a text, or with `UInt32.max` for a byte that is none, and with its bytes.
@inline(__always)
func forEachScalar(of text: [UInt8], _ body: (_ scalar: ClassifiedScalar, _ bytes: ArraySlice<UInt8>) -> Void) {
    var i = 0
    while i < text.count {
        let scalar = ClassifiedScalar(at: i, in: text.span)
        body(scalar, text[i..<i + scalar.byteCount])
        i += scalar.byteCount
    }
}

/// `Lowercase`: each scalar by itself, so that a capital sigma becomes the same letter everywhere.
package struct Lowercase: Normalizer {
    package init() {}

    package func normalize(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        forEachScalar(of: text) { scalar, bytes in
            if scalar.value < 0x80 {
                let isCapital = UInt8(ascii: "A")...UInt8(ascii: "Z") ~= bytes[bytes.startIndex]
                result.append(bytes[bytes.startIndex] | (isCapital ? 0x20 : 0))
            } else if let properties = Unicode.Scalar(scalar.value)?.properties {
                result += properties.lowercaseMapping.utf8
            } else {
                result += bytes
            }
        }
        return result
    }
}

/// `StripAccents`: without marks, which only decomposed text has.
package struct MarkRemoval: Normalizer {
    let onlyNonspacing: Bool

    package init() { onlyNonspacing = false }
    init(onlyNonspacing: Bool) { self.onlyNonspacing = onlyNonspacing }

    package func normalize(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        forEachScalar(of: text) { scalar, bytes in
            if onlyNonspacing ? scalar.scalarClass != .nonspacingMark : !scalar.scalarClass.isMark { result += bytes }
        }
        return result
    }
}

/// `Strip`: without white space at the ends.
package struct SpaceStripping: Normalizer {
    let left: Bool
    let right: Bool

    package init(left: Bool, right: Bool) {
        self.left = left
        self.right = right
    }

    package func normalize(_ text: [UInt8]) -> [UInt8] {
        let span = text.span
        let start = left ? runEnd(from: 0, in: span) { $0.isSpace } : 0
        let end = right ? spaceStart(before: text.count, in: span) : text.count
        return start < end ? Array(text[start..<end]) : []
    }
}

/// Where the run of white space that ends at `end` starts.
func spaceStart(before end: Int, in text: Span<UInt8>) -> Int {
    var start = end
    while start > 0 {
        let scalar = lastScalarStart(before: start, in: text)
        guard ClassifiedScalar(at: scalar, in: text).scalarClass.isSpace else { break }
        start = scalar
    }
    return start
}

/// `Prepend`: a text in front of one that is not empty.
package struct Prepending: Normalizer {
    let prefix: [UInt8]

    package init(_ prefix: String) { self.prefix = Array(prefix.utf8) }

    package func normalize(_ text: [UInt8]) -> [UInt8] { text.isEmpty ? text : prefix + text }
}

/// `Replace`: matches of a pattern become another text.
package struct Replacement: Normalizer {
    let pattern: TextPattern
    let content: [UInt8]

    package init(_ pattern: TextPattern, content: String) {
        self.pattern = pattern
        self.content = Array(content.utf8)
    }

    package func normalize(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        pattern.forEachStretch(of: text.span) { range, isMatch in
            if isMatch { result += content } else { result += text[range] }
        }
        return result
    }
}

/// What `Split` and `Replace` look for.
package enum TextPattern: Sendable {
    case text([UInt8])
    case expression(RegularExpression)

    /// Calls `body` with all matches and with what lies between them, in their order.
    func forEachStretch(of text: Span<UInt8>, _ body: (_ range: Range<Int>, _ isMatch: Bool) -> Void) {
        var search = RegularExpression.Search()
        var start = 0
        while start < text.count {
            let match =
                switch self {
                case .text(let wanted): firstRange(of: wanted.span, in: text, from: start)
                case .expression(let expression): expression.firstMatch(from: start, in: text, &search)
                }
            guard let match else { return body(start..<text.count, false) }
            if match.lowerBound > start { body(start..<match.lowerBound, false) }
            body(match, true)
            start = match.upperBound
        }
    }
}

private func firstRange(of wanted: Span<UInt8>, in text: Span<UInt8>, from start: Int) -> Range<Int>? {
    guard wanted.count > 0, text.count - start >= wanted.count else { return nil }
    for place in start...text.count - wanted.count where text[place] == wanted[0] {
        if sameBytes(text.extracting(place..<place + wanted.count), wanted) { return place..<place + wanted.count }
    }
    return nil
}
