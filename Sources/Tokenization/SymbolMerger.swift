/// A stretch of a word that is one symbol at this moment of merging.
struct Symbol {
    /// From the start of the word, in bytes.
    var start: Int32
    var end: Int32
    /// −1 where the vocabulary has no such token.
    var id: Int32
}

/// What two neighbours become, and how soon.
struct Merge {
    /// Lower is merged earlier.
    var priority: UInt32
    /// −1 where the two do not merge.
    var id: Int32

    static let none = Merge(priority: .max, id: -1)
}

/// Decides whether two neighbouring symbols of a word merge.
protocol MergeRule {
    func merge(_ left: Symbol, _ right: Symbol, in word: Span<UInt8>) -> Merge
}

/// Merges neighbouring symbols, lowest priority number first and of equals the leftmost first, until no two merge.
///
/// Holds its memory between words.
struct SymbolMerger {
    /// In: the symbols of a word; out: the same after merging.
    var symbols: [Symbol] = []
    private var merges: [Merge] = []
    private var queue = MergeQueue()
    private var previous: [Int32] = []
    private var next: [Int32] = []

    /// Up to here a search over all neighbours is faster than a queue.
    private static let queueThreshold = 40

    mutating func run(_ word: Span<UInt8>, rule: some MergeRule) {
        if symbols.count < Self.queueThreshold {
            searchEachTime(word, rule)
        } else {
            queueAll(word, rule)
        }
    }

    /// O(n²) with tiny steps, for the words of ordinary text.
    @inline(__always)
    private mutating func searchEachTime(_ word: Span<UInt8>, _ rule: some MergeRule) {
        merges.removeAll(keepingCapacity: true)
        for i in symbols.indices.dropLast() { merges.append(rule.merge(symbols[i], symbols[i + 1], in: word)) }
        while !merges.isEmpty {
            var best = 0
            for i in 1..<merges.count where merges[i].priority < merges[best].priority { best = i }
            guard merges[best].id >= 0 else { return }
            symbols[best] = Symbol(start: symbols[best].start, end: symbols[best + 1].end, id: merges[best].id)
            symbols.remove(at: best + 1)
            merges.remove(at: best)
            if best > 0 { merges[best - 1] = rule.merge(symbols[best - 1], symbols[best], in: word) }
            if best < merges.count { merges[best] = rule.merge(symbols[best], symbols[best + 1], in: word) }
        }
    }

    /// O(n log n) with a linked list and a queue, for words of any length.
    private mutating func queueAll(_ word: Span<UInt8>, _ rule: some MergeRule) {
        let count = Int32(symbols.count)
        previous = Array(-1..<(count - 1))
        next = Array(1...count)
        for left in 0..<(count - 1) { enqueue(left, word, rule) }
        while let entry = queue.popFirst() {
            let left = Int(entry.left)
            let right = next[left]
            // An entry is stale when a side has been merged away or has grown since; symbols only ever grow.
            guard symbols[left].end > symbols[left].start, right < count,
                symbols[Int(right)].end - symbols[left].start == entry.byteCount
            else { continue }
            symbols[left].end = symbols[Int(right)].end
            symbols[left].id = entry.id
            symbols[Int(right)].end = symbols[Int(right)].start
            next[left] = next[Int(right)]
            if next[left] < count { previous[Int(next[left])] = entry.left }
            if previous[left] >= 0 { enqueue(previous[left], word, rule) }
            enqueue(entry.left, word, rule)
        }
        symbols.removeAll { $0.start == $0.end }
    }

    private mutating func enqueue(_ left: Int32, _ word: Span<UInt8>, _ rule: some MergeRule) {
        let right = Int(next[Int(left)])
        guard right < symbols.count else { return }
        let merge = rule.merge(symbols[Int(left)], symbols[right], in: word)
        guard merge.id >= 0 else { return }
        let byteCount = symbols[right].end - symbols[Int(left)].start
        queue.insert(MergeQueue.Entry(priority: merge.priority, left: left, id: merge.id, byteCount: byteCount))
    }
}

/// A binary heap of possible merges, lowest priority first, leftmost first among equals.
private struct MergeQueue {
    struct Entry {
        /// Priority in the upper half, place of the left symbol in the lower.
        let key: UInt64
        let id: Int32
        /// Of both symbols together, to tell a stale entry.
        let byteCount: Int32

        init(priority: UInt32, left: Int32, id: Int32, byteCount: Int32) {
            key = UInt64(priority) << 32 | UInt64(UInt32(bitPattern: left))
            self.id = id
            self.byteCount = byteCount
        }

        var left: Int32 { Int32(truncatingIfNeeded: key) }
    }

    private var entries: [Entry] = []

    mutating func insert(_ entry: Entry) {
        entries.append(entry)
        var place = entries.count - 1
        while place > 0 {
            let parent = (place - 1) / 2
            if entries[parent].key <= entry.key { break }
            entries[place] = entries[parent]
            place = parent
        }
        entries[place] = entry
    }

    mutating func popFirst() -> Entry? {
        guard let first = entries.first, let last = entries.popLast() else { return nil }
        if entries.isEmpty { return first }
        var place = 0
        while true {
            var child = 2 * place + 1
            guard child < entries.count else { break }
            if child + 1 < entries.count, entries[child + 1].key < entries[child].key { child += 1 }
            if last.key <= entries[child].key { break }
            entries[place] = entries[child]
            place = child
        }
        entries[place] = last
        return first
    }
}
