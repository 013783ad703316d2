/// Several patterns, each of which splits what the one before it has left whole.
///
/// A match and what lies between two matches are pieces alike, as `Split` with the behavior `Isolated` has it.
struct PatternSequence: Sendable {
    private let patterns: [RegularExpression]

    /// - Throws: `.unsupportedPattern`.
    init(_ patterns: [String]) throws(TokenizationError) {
        var compiled: [RegularExpression] = []
        for pattern in patterns { compiled.append(try RegularExpression(pattern)) }
        self.patterns = compiled
    }

    /// Where the search through a text stands: for each pattern the piece that it has cut last.
    struct Cursor {
        fileprivate var levels: [Level] = []
    }

    fileprivate struct Level {
        /// Of the stretch that the pattern sees.
        var sectionStart = -1
        var piece = 0..<0
        /// A match behind the piece that has been found already.
        var nextMatch: Range<Int>?
        var search = RegularExpression.Search()
    }

    /// The end of the word that starts at `start`.
    ///
    /// - Precondition: `start < text.count`; words are asked for one after another, with one cursor for a text.
    func wordEnd(from start: Int, in text: Span<UInt8>, _ cursor: inout Cursor) -> Int {
        if cursor.levels.isEmpty { cursor.levels = patterns.map { _ in Level() } }
        var section = 0..<text.count
        for index in patterns.indices {
            if cursor.levels[index].piece.upperBound <= start {
                advance(&cursor.levels[index], patterns[index], to: start, section, text)
            }
            section = cursor.levels[index].piece
        }
        return section.upperBound
    }

    private func advance(
        _ level: inout Level, _ pattern: RegularExpression, to start: Int, _ section: Range<Int>, _ text: Span<UInt8>
    ) {
        if level.sectionStart != section.lowerBound {
            level.sectionStart = section.lowerBound
            level.nextMatch = nil
            level.search = RegularExpression.Search()
        }
        if level.nextMatch == nil {
            let visible = text.extracting(section)
            let found = pattern.firstMatch(from: start - section.lowerBound, in: visible, &level.search)
            level.nextMatch = found.map { $0.lowerBound + section.lowerBound..<$0.upperBound + section.lowerBound }
        }
        guard let match = level.nextMatch else {
            level.piece = start..<section.upperBound
            return
        }
        if match.lowerBound == start {
            level.piece = match
            level.nextMatch = nil
        } else {
            level.piece = start..<match.lowerBound
        }
    }
}
