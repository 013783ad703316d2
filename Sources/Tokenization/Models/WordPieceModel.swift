/// BERT's WordPiece: the longest token that a word begins with, then the longest that the rest begins with, and so on; a word
/// that this does not work out for is unknown as a whole.
///
/// Source: google-research/bert, tokenization.py (`WordpieceTokenizer`).
struct WordPieceModel: WordModel {
    private let index: TokenIndex
    private let longestToken: Int
    private let unknownTokenID: Int32?
    /// What tokens are written with that begin a word.
    private let wordPrefix: [UInt8]
    /// What tokens are written with that do not.
    private let continuationPrefix: [UInt8]
    /// In characters; longer words are unknown.
    private let longestWord: Int

    init(
        _ vocabulary: Vocabulary, unknownTokenID: Int32?, wordPrefix: String, continuationPrefix: String,
        longestWord: Int
    ) {
        index = TokenIndex(vocabulary) { $0 != .control && $0 != .unused }
        longestToken = (0..<vocabulary.count).lazy.map { vocabulary.range(of: $0).count }.max() ?? 0
        self.unknownTokenID = unknownTokenID
        self.wordPrefix = Array(wordPrefix.utf8)
        self.continuationPrefix = Array(continuationPrefix.utf8)
        self.longestWord = longestWord
    }

    func appendTokens(of word: Span<UInt8>, to ids: inout [Int32], _ scratch: inout ModelScratch) {
        let first = ids.count
        var start = isTooLong(word) ? -1 : 0
        while 0 <= start, start < word.count {
            scratch.text.removeAll(keepingCapacity: true)
            scratch.text += start == 0 ? wordPrefix : continuationPrefix
            let prefixCount = scratch.text.count
            var end = min(word.count, start + max(longestToken - prefixCount, 0))
            for i in start..<end { scratch.text.append(word[i]) }
            var id: Int32 = -1
            while end > start {
                id = index.id(of: scratch.text.span)
                if id >= 0 { break }
                let shorter = lastScalarStart(before: end, in: word)
                scratch.text.removeLast(end - max(shorter, start))
                end = max(shorter, start)
            }
            guard id >= 0 else {
                start = -1
                break
            }
            ids.append(id)
            start = end
        }
        if start < 0 {
            ids.removeSubrange(first...)
            if let unknownTokenID { ids.append(unknownTokenID) }
        }
    }

    private func isTooLong(_ word: Span<UInt8>) -> Bool {
        guard word.count > longestWord else { return false }
        var count = 0, place = 0
        while place < word.count {
            place += ClassifiedScalar(at: place, in: word).byteCount
            count += 1
        }
        return count > longestWord
    }
}
