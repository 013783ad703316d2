/// Finds a byte sequence in linear time (Knuth, Morris, Pratt 1977), so that no pair of strings is slow.
struct ByteMatcher {
    private let needle: [UInt8]
    /// For each prefix of the needle: the length of its longest proper border.
    private let borders: [Int]

    /// - Precondition: `needle` is not empty.
    init(_ needle: [UInt8]) {
        var borders = [0]
        borders.reserveCapacity(needle.count)
        var border = 0
        for byte in needle.dropFirst() {
            while border > 0, byte != needle[border] { border = borders[border - 1] }
            if byte == needle[border] { border += 1 }
            borders.append(border)
        }
        self.needle = needle
        self.borders = borders
    }

    /// The first occurrence that starts at `from` or later.
    func first(in text: [UInt8], from: Int) -> Range<Int>? {
        var matched = 0
        var offset = from
        while offset < text.count {
            let byte = text[offset]
            while matched > 0, byte != needle[matched] { matched = borders[matched - 1] }
            if byte == needle[matched] { matched += 1 }
            offset += 1
            if matched == needle.count { return offset - needle.count..<offset }
        }
        return nil
    }
}

extension JinjaString {
    func range(of other: JinjaString) -> Range<Int>? {
        other.isEmpty ? 0..<0 : ByteMatcher(other.utf8).first(in: utf8, from: 0)
    }

    func lastRange(of other: JinjaString) -> Range<Int>? {
        if other.isEmpty { return utf8.count..<utf8.count }
        let reversed = ByteMatcher(other.utf8.reversed()).first(in: utf8.reversed(), from: 0)
        return reversed.map { utf8.count - $0.upperBound..<utf8.count - $0.lowerBound }
    }

    func contains(_ other: JinjaString) -> Bool { range(of: other) != nil }
    func hasPrefix(_ other: JinjaString) -> Bool { utf8.starts(with: other.utf8) }
    func hasSuffix(_ other: JinjaString) -> Bool {
        utf8.count >= other.utf8.count && utf8[(utf8.count - other.utf8.count)...].elementsEqual(other.utf8)
    }

    /// The byte ranges between separators, at most `limit` cuts (all where nil).
    ///
    /// - Precondition: `separator` is not empty.
    func ranges(splitBy separator: JinjaString, limit: Int?, fromEnd: Bool) -> [Range<Int>] {
        let bytes = fromEnd ? utf8.reversed() : utf8
        let matcher = ByteMatcher(fromEnd ? separator.utf8.reversed() : separator.utf8)
        var result: [Range<Int>] = []
        var start = 0
        while limit.map({ result.count < $0 }) ?? true, let match = matcher.first(in: bytes, from: start) {
            result.append(start..<match.lowerBound)
            start = match.upperBound
        }
        result.append(start..<bytes.count)
        guard fromEnd else { return result }
        return result.reversed().map { utf8.count - $0.upperBound..<utf8.count - $0.lowerBound }
    }

    /// The byte ranges of words between runs of white space, at most `limit` cuts; what is left then stays as it is.
    func wordRanges(limit: Int?) -> [Range<Int>] {
        var result: [Range<Int>] = []
        var offset = 0
        func skip(while condition: (Unicode.Scalar) -> Bool) {
            while offset < utf8.count {
                let (scalar, width) = scalar(at: offset)
                guard condition(scalar) else { return }
                offset += width
            }
        }
        while true {
            skip(while: \.isPythonSpace)
            guard offset < utf8.count else { return result }
            let start = offset
            if let limit, result.count >= limit { return result + [start..<utf8.count] }
            skip { !$0.isPythonSpace }
            result.append(start..<offset)
        }
    }

    /// The byte ranges of words, of which at most `limit` are cut off at the end; what is left then stays as it is.
    func wordRangesFromEnd(limit: Int?) -> [Range<Int>] {
        let words = wordRanges(limit: nil)
        guard let limit, words.count > limit else { return words }
        return [0..<words[words.count - limit - 1].upperBound] + words.suffix(limit)
    }

    /// The byte ranges of lines; `\r\n` is one line end, and a last empty line does not count.
    func lineRanges(keepingEnds: Bool) -> [Range<Int>] {
        var result: [Range<Int>] = []
        var start = 0
        var offset = 0
        while offset < utf8.count {
            let (scalar, width) = scalar(at: offset)
            let end = offset
            offset += width
            guard scalar.isPythonLineEnd else { continue }
            if scalar == "\r", offset < utf8.count, utf8[offset] == 0x0A { offset += 1 }
            result.append(start..<(keepingEnds ? offset : end))
            start = offset
        }
        if start < utf8.count { result.append(start..<utf8.count) }
        return result
    }
}
