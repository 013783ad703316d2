/// SentencePiece's unigram model: of all ways to cut a word into tokens the one with the highest sum of scores.
///
/// Source: Kudo 2018, arXiv:1804.10959; google/sentencepiece, src/unigram_model.cc (`EncodeOptimized`).
struct UnigramModel: WordModel {
    private let tree: PrefixTree
    /// `[V]`
    private let scores: [Double]
    private let unknownTokenID: Int32?
    private let unknownScore: Double
    /// `[256]`, or nil where bytes do not stand in for what is missing.
    private let byteTokens: [Int32]?

    /// What an unknown character costs below the worst token.
    private static let unknownPenalty = 10.0

    /// - Parameter prefersUserDefined: such tokens have no score of their own and come before all others.
    /// - Throws: `.wrongCount` for a vocabulary without scores.
    init(
        _ description: TokenizerDescription, unknownTokenID: Int32?, fallsBackToBytes: Bool, prefersUserDefined: Bool
    ) throws(TokenizationError) {
        let vocabulary = description.vocabulary
        let numbers = description.preciseScores ?? vocabulary.scores?.map { Double($0) } ?? []
        guard numbers.count == vocabulary.count else {
            throw TokenizationError("token scores", .wrongCount(expected: vocabulary.count, found: numbers.count))
        }
        if let index = numbers.firstIndex(where: \.isNaN) {
            throw TokenizationError("token scores", .notANumber(index: index))
        }
        let kinds = vocabulary.kinds
        scores = numbers.indices.map { prefersUserDefined && kinds[$0] == .userDefined ? 0 : numbers[$0] }
        let lowest = numbers.indices.lazy.filter { kinds[$0] != .control }.map { numbers[$0] }.min() ?? 0
        unknownScore = lowest - Self.unknownPenalty
        self.unknownTokenID = unknownTokenID
        tree = PrefixTree(vocabulary) { $0 == .normal || $0 == .userDefined || $0 == .unused || $0 == .undefined }
        byteTokens =
            fallsBackToBytes ? byteTokenIDs(TokenIndex(vocabulary) { $0 == .byte || $0 == .normal }) : nil
    }

    func appendTokens(of word: Span<UInt8>, to ids: inout [Int32], _ scratch: inout ModelScratch) {
        scratch.path.reset(count: word.count + 1)
        var start = 0
        while start < word.count {
            let next = start + ClassifiedScalar(at: start, in: word).byteCount
            let soFar = scratch.path.scores[start]
            var hasCharacter = false
            tree.forEachToken(at: start, in: word) { id, end in
                scratch.path.offer(soFar + scores[Int(id)], from: start, to: end, id)
                if end == next { hasCharacter = true }
            }
            if !hasCharacter { scratch.path.offer(soFar + unknownScore, from: start, to: next, -1) }
            start = next
        }
        appendPath(through: word, to: &ids, &scratch)
    }

    /// Unknown characters in a row become one unknown token, or their bytes.
    private func appendPath(through word: Span<UInt8>, to ids: inout [Int32], _ scratch: inout ModelScratch) {
        let first = ids.count
        var end = word.count
        while end > 0 {
            var start = Int(scratch.path.starts[end])
            let id = scratch.path.ids[end]
            if id >= 0 {
                ids.append(id)
            } else {
                while start > 0, scratch.path.ids[start] < 0 { start = Int(scratch.path.starts[start]) }
                appendUnknown(start..<end, of: word, to: &ids)
            }
            end = start
        }
        ids[first...].reverse()
    }

    /// Backwards, as the path is walked.
    private func appendUnknown(_ range: Range<Int>, of word: Span<UInt8>, to ids: inout [Int32]) {
        if let byteTokens, range.allSatisfy({ byteTokens[Int(word[$0])] >= 0 }) {
            for i in range.reversed() { ids.append(byteTokens[Int(word[i])]) }
        } else if let unknownTokenID {
            ids.append(unknownTokenID)
        }
    }
}

/// The best way to each place of a word.
struct UnigramPath {
    /// `[bytes + 1]`
    fileprivate var scores: [Double] = []
    /// `[bytes + 1]`: where the last token on the way starts; −1 for a place that no token ends at.
    fileprivate var starts: [Int32] = []
    /// `[bytes + 1]`: the last token on the way; −1 for an unknown character.
    fileprivate var ids: [Int32] = []

    fileprivate mutating func reset(count: Int) {
        scores.removeAll(keepingCapacity: true)
        starts.removeAll(keepingCapacity: true)
        ids.removeAll(keepingCapacity: true)
        scores.append(contentsOf: repeatElement(0, count: count))
        starts.append(contentsOf: repeatElement(-1, count: count))
        ids.append(contentsOf: repeatElement(-1, count: count))
    }

    /// Of two ways with the same score the first one stays.
    @inline(__always)
    fileprivate mutating func offer(_ score: Double, from start: Int, to end: Int, _ id: Int32) {
        guard starts[end] < 0 || score > scores[end] else { return }
        scores[end] = score
        starts[end] = Int32(truncatingIfNeeded: start)
        ids[end] = id
    }
}
