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
        var trust = PromptTrust(tokenizer: tokenizer, ranges: trusted)
        let source = text
        Self.forEachStretch(of: source.span, matcher, special.recognitions) { match in
            isTrusted || trust.allows(match, of: matcher, in: source.span)
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

/// Which of the tokens that are found in a text count, where only some of the text is trusted; asked from left to right.
private struct PromptTrust<T: Tokenizer> {
    private enum Share { case whole, part, none }

    private let tokenizer: T
    private let ranges: [Range<Int>]
    private var next = 0

    init(tokenizer: T, ranges: [Range<Int>]) {
        self.tokenizer = tokenizer
        self.ranges = ranges
    }

    mutating func allows(_ match: TokenMatcher.Match, of matcher: TokenMatcher, in text: Span<UInt8>) -> Bool {
        switch share(of: match.range) {
        case .whole: return true
        case .none: return !isReserved(match.id)
        case .part:
            // What a user writes beside the template's text must not take a piece out of the template's tokens.
            guard !isReserved(match.id) else { return false }
            var ahead = self
            return !match.range.contains { place in
                matcher.longestMatch(in: text, at: place) {
                    ahead.isReserved($0.id) && ahead.share(of: $0.range) == .whole
                }
                    != nil
            }
        }
    }

    /// Whether only trusted text may place a token. Text without a template around it is as its tokenizer file says.
    private func isReserved(_ id: Int32) -> Bool {
        tokenizer.isNamed(id) || !ranges.isEmpty && tokenizer.specialTokens.reservedInPrompts.contains(id)
    }

    /// How much of a range is trusted.
    ///
    /// - Precondition: it starts no earlier than the ranges before it, and is not empty.
    private mutating func share(of range: Range<Int>) -> Share {
        while next < ranges.count, ranges[next].upperBound <= range.lowerBound { next += 1 }
        guard next < ranges.count, ranges[next].lowerBound < range.upperBound else { return .none }
        return ranges[next].lowerBound <= range.lowerBound && ranges[next].upperBound >= range.upperBound
            ? .whole : .part
    }
}
