/// The state of encoding a prompt part by part: the text gathers, and with it which stretches may place control tokens.
struct PromptEncoding<T: Tokenizer> {
    let tokenizer: T
    private var ids: [Int32] = []
    private var text: [UInt8] = []
    /// Ascending, none next to another.
    private var trusted: [Range<Int>] = []

    /// Texts are encoded in stretches of at most this many bytes, so that places in a stretch fit 32 bits.
    private static var stretchLimit: Int { 1 << 30 }

    init(tokenizer: T) { self.tokenizer = tokenizer }

    mutating func append(_ bytes: [UInt8], recognizesSpecialTokens: Bool) {
        if recognizesSpecialTokens, !bytes.isEmpty {
            let start = trusted.last?.upperBound == text.count ? trusted.popLast()?.lowerBound : nil
            trusted.append((start ?? text.count)..<text.count + bytes.count)
        }
        text += bytes
    }

    mutating func finish(addBeginAndEnd: Bool) -> [Int32] {
        encodeText()
        guard addBeginAndEnd else { return ids }
        let special = tokenizer.specialTokens
        if special.addsBeginToken, !ids.starts(with: special.tokensBefore) { ids = special.tokensBefore + ids }
        if special.addsEndToken { ids += special.tokensBehind }
        return ids
    }

    private mutating func encodeText() {
        let isTrusted = trusted == [0..<text.count]
        let special = tokenizer.specialTokens
        let matcher = isTrusted ? special.matcher : special.matcherInMixedText
        var trust = TrustedRanges(ranges: trusted)
        let source = text
        let tokenizer = tokenizer
        Self.forEachStretch(of: source.span, matcher, special.recognitions) { match in
            !tokenizer.isNamed(match.id) || trust.contains(match.range)
        } body: { range, id in
            if !range.isEmpty { encodeStretch(Array(source[range]), isTrusted: isTrusted) }
            if let id { ids.append(id) }
        }
    }

    /// Text without tokens that are found before it is normalized.
    private mutating func encodeStretch(_ stretch: [UInt8], isTrusted: Bool) {
        let place = ids.isEmpty ? TextPlace.start : .behindSpecialToken
        let normalized = tokenizer.normalized(stretch, at: place)
        let tokenizer = tokenizer
        let special = tokenizer.specialTokens
        Self.forEachStretch(of: normalized.span, special.matcherInNormalizedText, special.recognitions) { match in
            isTrusted || !tokenizer.isNamed(match.id)
        } body: { range, id in
            let place = range.lowerBound == 0 ? place : .behindSpecialToken
            encodeWords(normalized.span.extracting(range), at: place)
            if let id { ids.append(id) }
        }
    }

    private mutating func encodeWords(_ stretch: Span<UInt8>, at place: TextPlace) {
        var start = 0
        while start < stretch.count {
            let end = min(start + Self.stretchLimit, stretch.count)
            tokenizer.appendTokens(of: stretch.extracting(start..<end), at: start == 0 ? place : .inside, to: &ids)
            start = end
        }
    }

    /// Calls `body` with each stretch of text between tokens, and with the token behind it, if there is one.
    private static func forEachStretch(
        of text: Span<UInt8>, _ matcher: TokenMatcher, _ recognitions: [Int32: TokenRecognition],
        where isWanted: (TokenMatcher.Match) -> Bool, body: (_ range: Range<Int>, _ id: Int32?) -> Void
    ) {
        var start = 0, searchStart = 0
        while let match = matcher.firstMatch(in: text, from: searchStart, where: isWanted) {
            searchStart = match.range.upperBound
            let recognition = recognitions[match.id] ?? TokenRecognition()
            if recognition.standsAlone, isInsideWord(match.range, text) { continue }
            var range = match.range
            if recognition.takesSpaceBefore {
                range = max(spaceStart(before: range.lowerBound, in: text), start)..<range.upperBound
            }
            if recognition.takesSpaceBehind {
                range = range.lowerBound..<runEnd(from: range.upperBound, in: text) { $0.isSpace }
            }
            body(start..<max(range.lowerBound, start), match.id)
            start = range.upperBound
        }
        if start < text.count { body(start..<text.count, nil) }
    }

    private static func isInsideWord(_ range: Range<Int>, _ text: Span<UInt8>) -> Bool {
        func isWord(_ place: Int) -> Bool {
            let scalar = ClassifiedScalar(at: place, in: text)
            // The joiners count as letters, as they do in the library that defines what a single word is.
            return ScalarSet.word.contains(scalar.value, scalar.scalarClass)
                || scalar.value == 0x200C || scalar.value == 0x200D
        }
        return range.lowerBound > 0 && isWord(lastScalarStart(before: range.lowerBound, in: text))
            || range.upperBound < text.count && isWord(range.upperBound)
    }
}

/// Ranges that are asked for from left to right.
private struct TrustedRanges {
    let ranges: [Range<Int>]
    private var next = 0

    init(ranges: [Range<Int>]) { self.ranges = ranges }

    mutating func contains(_ range: Range<Int>) -> Bool {
        while next < ranges.count, ranges[next].upperBound < range.upperBound { next += 1 }
        return next < ranges.count && ranges[next].lowerBound <= range.lowerBound
    }
}
