/// Digits in groups of three, counted from the right as people read numbers. The published expressions look ahead over the whole
/// number, which no automaton answers in one pass; they are known here by their text.
struct DigitGrouping: Sendable {
    /// Where a search through a text stands, so that the digits of a number are counted once.
    struct Search {
        fileprivate var place = -1
        /// Digits from `place` to the end of its number.
        fileprivate var digitsLeft = 0
        /// Behind the last digit of that number.
        fileprivate var numberEnd = 0
    }

    private enum Kind { case groups, cuts }

    private let kind: Kind

    /// Nil for any other expression.
    init?(_ pattern: String) {
        switch pattern {
        // Groups of numbers that a word does not go on behind.
        case #"\d{1,3}(?=(?:\d{3})*\b)"#: kind = .groups
        // The places before groups.
        case #"(?=(\d{3})+(?!\d))"#: kind = .cuts
        default: return nil
        }
    }

    /// Whether the expression matches places instead of text. What is found then reaches from each place to the next, which
    /// makes the same pieces where matches are isolated, and only there.
    var matchesPlaces: Bool { kind == .cuts }

    /// The first match at or after `start`.
    func firstMatch(from start: Int, in text: Span<UInt8>, _ search: inout Search) -> Range<Int>? {
        switch kind {
        case .groups:
            var place = start
            while let first = numberStart(from: place, in: text, &search) {
                if !isWord(at: search.numberEnd, in: text) {
                    let count = search.digitsLeft % 3
                    return first..<skip(count == 0 ? 3 : count, from: first, in: text, &search)
                }
                place = search.numberEnd
            }
            return nil
        case .cuts:
            guard let cut = nextCut(from: start, in: text, &search) else { return nil }
            let behind = skip(1, from: cut, in: text, &search)
            return cut..<(nextCut(from: behind, in: text, &search) ?? text.count)
        }
    }

    /// The first place at or after `start` behind which a number goes on for a multiple of three digits.
    private func nextCut(from start: Int, in text: Span<UInt8>, _ search: inout Search) -> Int? {
        var place = start
        while let first = numberStart(from: place, in: text, &search) {
            if search.digitsLeft >= 3 { return skip(search.digitsLeft % 3, from: first, in: text, &search) }
            place = search.numberEnd
        }
        return nil
    }

    /// The first digit at or after `start`, with what is left of its number in `search`.
    private func numberStart(from start: Int, in text: Span<UInt8>, _ search: inout Search) -> Int? {
        if search.place == start, search.digitsLeft > 0 { return start }
        var place = start
        while place < text.count {
            let scalar = ClassifiedScalar(at: place, in: text)
            if scalar.scalarClass == .decimal { break }
            place += scalar.byteCount
        }
        guard place < text.count else { return nil }
        search.place = place
        search.digitsLeft = 0
        search.numberEnd = place
        while search.numberEnd < text.count {
            let scalar = ClassifiedScalar(at: search.numberEnd, in: text)
            guard scalar.scalarClass == .decimal else { break }
            search.digitsLeft += 1
            search.numberEnd += scalar.byteCount
        }
        return place
    }

    /// The place `count` digits behind `place`.
    private func skip(_ count: Int, from place: Int, in text: Span<UInt8>, _ search: inout Search) -> Int {
        var end = place
        for _ in 0..<count { end += ClassifiedScalar(at: end, in: text).byteCount }
        search.place = end
        search.digitsLeft -= count
        return end
    }

    private func isWord(at place: Int, in text: Span<UInt8>) -> Bool {
        guard place < text.count else { return false }
        let scalar = ClassifiedScalar(at: place, in: text)
        return ScalarSet.wordOfPatterns.contains(scalar.value, scalar.scalarClass)
    }
}
