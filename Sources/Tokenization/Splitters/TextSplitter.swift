/// Cuts a text into pieces that tokens do not cross, and may change it.
package protocol TextSplitter: Sendable {
    /// Appends what becomes of a piece.
    ///
    /// - Parameter isStart: whether the piece stands at the text's beginning.
    func split(_ piece: Span<UInt8>, isStart: Bool, into pieces: inout PieceList)
}

/// Pieces of text in flat storage. Empty ones are left out.
package struct PieceList {
    private(set) var bytes: [UInt8] = []
    private(set) var ends: [Int] = []
    /// Whether the first piece stands at the text's beginning.
    private(set) var beginsText = false

    init() {}

    init(_ text: [UInt8], beginsText: Bool) {
        bytes = text
        ends = text.isEmpty ? [] : [text.count]
        self.beginsText = beginsText
    }

    mutating func append(_ piece: Span<UInt8>, isStart: Bool = false) {
        guard piece.count > 0 else { return }
        if ends.isEmpty { beginsText = isStart }
        for i in piece.indices { bytes.append(piece[i]) }
        ends.append(bytes.count)
    }

    /// All pieces, each cut in turn.
    func split(by splitter: any TextSplitter) -> PieceList {
        var result = PieceList()
        result.bytes.reserveCapacity(bytes.count + bytes.count / 8)
        result.ends.reserveCapacity(ends.count)
        var start = 0
        for end in ends {
            splitter.split(bytes.span.extracting(start..<end), isStart: beginsText && start == 0, into: &result)
            start = end
        }
        return result
    }
}

/// What becomes of the matches of a pattern that splits.
package enum SplitBehavior: String, Sendable {
    case removed = "Removed"
    case isolated = "Isolated"
    case mergedWithPrevious = "MergedWithPrevious"
    case mergedWithNext = "MergedWithNext"
    /// Neighbouring matches are one piece.
    case contiguous = "Contiguous"

    /// Appends the pieces that the stretches of `piece`, matches and others, make.
    func append(
        _ stretches: [(range: Range<Int>, isMatch: Bool)], of piece: Span<UInt8>, isStart: Bool,
        to pieces: inout PieceList
    ) {
        for range in ranges(of: stretches) {
            pieces.append(piece.extracting(range), isStart: isStart && range.lowerBound == 0)
        }
    }

    private func ranges(of stretches: [(range: Range<Int>, isMatch: Bool)]) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        ranges.reserveCapacity(stretches.count)
        var previous: Bool?
        switch self {
        case .removed: return stretches.compactMap { $0.isMatch ? nil : $0.range }
        case .isolated: return stretches.map(\.range)
        case .contiguous:
            for (range, isMatch) in stretches {
                if isMatch == previous, let last = ranges.popLast() {
                    ranges.append(last.lowerBound..<range.upperBound)
                } else {
                    ranges.append(range)
                }
                previous = isMatch
            }
            return ranges
        case .mergedWithPrevious:
            for (range, isMatch) in stretches {
                if isMatch, previous != true, let last = ranges.popLast() {
                    ranges.append(last.lowerBound..<range.upperBound)
                } else {
                    ranges.append(range)
                }
                previous = isMatch
            }
            return ranges
        case .mergedWithNext:
            for (range, isMatch) in stretches.reversed() {
                if isMatch, previous != true, let last = ranges.popLast() {
                    ranges.append(range.lowerBound..<last.upperBound)
                } else {
                    ranges.append(range)
                }
                previous = isMatch
            }
            return ranges.reversed()
        }
    }
}

/// `Split`: by the matches of a pattern, or with `isInverted` by what lies between them.
package struct PatternSplitter: TextSplitter {
    let pattern: TextPattern
    let behavior: SplitBehavior
    let isInverted: Bool

    package init(_ pattern: TextPattern, _ behavior: SplitBehavior, isInverted: Bool = false) {
        self.pattern = pattern
        self.behavior = behavior
        self.isInverted = isInverted
    }

    package func split(_ piece: Span<UInt8>, isStart: Bool, into pieces: inout PieceList) {
        var stretches: [(range: Range<Int>, isMatch: Bool)] = []
        pattern.forEachStretch(of: piece) { stretches.append(($0, $1 != isInverted)) }
        behavior.append(stretches, of: piece, isStart: isStart, to: &pieces)
    }
}

/// `Whitespace`, `WhitespaceSplit`, `Punctuation`, `Digits` and `BertPreTokenizer`: by the kind of single characters.
package struct ScalarSplitter: TextSplitter {
    package enum Kind: Sendable {
        case space
        /// Unicode's punctuation and ASCII's.
        case punctuation
        case number
    }

    let kind: Kind
    let behavior: SplitBehavior

    package init(_ kind: Kind, _ behavior: SplitBehavior) {
        self.kind = kind
        self.behavior = behavior
    }

    package func split(_ piece: Span<UInt8>, isStart: Bool, into pieces: inout PieceList) {
        var stretches: [(range: Range<Int>, isMatch: Bool)] = []
        var start = 0, place = 0
        while place < piece.count {
            let scalar = ClassifiedScalar(at: place, in: piece)
            if matches(scalar) {
                if place > start { stretches.append((start..<place, false)) }
                stretches.append((place..<place + scalar.byteCount, true))
                start = place + scalar.byteCount
            }
            place += scalar.byteCount
        }
        if place > start { stretches.append((start..<place, false)) }
        behavior.append(stretches, of: piece, isStart: isStart, to: &pieces)
    }

    private func matches(_ scalar: ClassifiedScalar) -> Bool {
        switch kind {
        case .space: scalar.scalarClass.isSpace
        case .number: scalar.scalarClass.isNumber
        case .punctuation:
            scalar.scalarClass.isPunctuation || scalar.value < 0x80 && scalar.scalarClass == .symbol
        }
    }
}

/// `Metaspace`: spaces become `▁`, one may stand before the text, and pieces begin at each.
package struct MetaspaceSplitter: TextSplitter {
    let mark: [UInt8]
    let prefix: TokenizerDescription.SpacePrefix
    let splits: Bool

    package init(mark: String, prefix: TokenizerDescription.SpacePrefix, splits: Bool) {
        self.mark = Array(mark.utf8)
        self.prefix = prefix
        self.splits = splits
    }

    package func split(_ piece: Span<UInt8>, isStart: Bool, into pieces: inout PieceList) {
        var text: [UInt8] = []
        text.reserveCapacity(piece.count + mark.count)
        for i in piece.indices {
            if piece[i] == UInt8(ascii: " ") { text += mark } else { text.append(piece[i]) }
        }
        let wantsPrefix = prefix == .unlessSpace || prefix == .firstUnlessSpace && isStart
        if wantsPrefix, !text.isEmpty, !text.starts(with: mark) { text = mark + text }
        guard splits else { return pieces.append(text.span, isStart: isStart) }
        PatternSplitter(.text(mark), .mergedWithNext).split(text.span, isStart: isStart, into: &pieces)
    }
}

/// `ByteLevel`: GPT-2's words, and a letter for each byte.
package struct ByteLevelSplitter: TextSplitter {
    let addsSpacePrefix: Bool
    let splits: Bool
    /// False where the model itself works on bytes.
    let writesLetters: Bool

    package init(addsSpacePrefix: Bool, splits: Bool, writesLetters: Bool) {
        self.addsSpacePrefix = addsSpacePrefix
        self.splits = splits
        self.writesLetters = writesLetters
    }

    package func split(_ piece: Span<UInt8>, isStart: Bool, into pieces: inout PieceList) {
        guard addsSpacePrefix, piece.count > 0, piece[0] != UInt8(ascii: " ") else {
            return cut(piece, isStart: isStart, into: &pieces)
        }
        var text = [UInt8(ascii: " ")]
        for i in piece.indices { text.append(piece[i]) }
        cut(text.span, isStart: isStart, into: &pieces)
    }

    private func cut(_ text: Span<UInt8>, isStart: Bool, into pieces: inout PieceList) {
        guard splits else { return append(text, isStart: isStart, to: &pieces) }
        WordFinder.gpt2(isolatesNumbers: false).forEachWord(of: text) { range in
            append(text.extracting(range), isStart: isStart && range.lowerBound == 0, to: &pieces)
        }
    }

    private func append(_ word: Span<UInt8>, isStart: Bool, to pieces: inout PieceList) {
        guard writesLetters else { return pieces.append(word, isStart: isStart) }
        var letters: [UInt8] = []
        for i in word.indices { ByteLevelAlphabet.append(word[i], to: &letters) }
        pieces.append(letters.span, isStart: isStart)
    }
}
