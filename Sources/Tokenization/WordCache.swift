/// Remembers where in a text a word stood before and which ids it gave, for a word's ids depend on the word alone.
///
/// Direct-mapped and small enough for the core's own cache; holds places, not copies.
struct WordCache {
    private struct Entry {
        var hash: UInt32 = 0
        var wordStart: Int32 = 0
        var wordEnd: Int32 = 0
        var idCount: Int32 = 0
        var idStart = 0
    }

    private var entries: [Entry]

    init(textByteCount: Int) {
        entries = [Entry](repeating: Entry(), count: min(max(textByteCount / 16, 16).nextPowerOfTwo, 1 << 13))
    }

    /// Appends the ids of the word if it stood in `text` before, else has `encode` append them.
    @inline(__always)
    mutating func appendIDs(
        of word: Range<Int>, in text: Span<UInt8>, to ids: inout [Int32],
        else encode: (_ word: Span<UInt8>, _ ids: inout [Int32]) -> Void
    ) {
        let bytes = text.extracting(word)
        let hash = textHash(bytes, seed: 0)
        let place = Int(truncatingIfNeeded: hash) & (entries.count - 1)
        let entry = entries[place]
        if entry.hash == hash, entry.wordEnd - entry.wordStart == word.count,
            sameBytes(text.extracting(Int(entry.wordStart)..<Int(entry.wordEnd)), bytes)
        {
            for i in entry.idStart..<entry.idStart + Int(entry.idCount) { ids.append(ids[i]) }
            return
        }
        let idStart = ids.count
        encode(bytes, &ids)
        entries[place] = Entry(
            hash: hash, wordStart: Int32(word.lowerBound), wordEnd: Int32(word.upperBound),
            idCount: Int32(ids.count - idStart), idStart: idStart)
    }
}
