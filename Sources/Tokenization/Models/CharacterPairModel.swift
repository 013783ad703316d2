/// BPE of characters within a word, as `tokenizer.json` describes it: merged by the rank of pairs, with bytes or the unknown
/// token for characters that are missing.
package struct CharacterPairOptions: Sendable {
    /// One unknown token for several characters in a row.
    package var fusesUnknown = false
    /// Characters that are missing become tokens of their bytes, `<0x0A>`, where there are all.
    package var fallsBackToBytes = false
    /// Words that are in the vocabulary are taken whole.
    package var takesWholeWords = false
    /// Stands before each character but a word's first.
    package var continuationPrefix = ""
    /// Stands behind a word's last character.
    package var endSuffix = ""

    package init() {}
}

struct CharacterPairModel: WordModel {
    private let options: CharacterPairOptions
    /// Stands for characters that the vocabulary lacks; nil: they are left out.
    private let unknownTokenID: Int32?
    private let continuationPrefix: [UInt8]
    private let endSuffix: [UInt8]
    private let index: TokenIndex
    private let merges: MergeTable
    /// `[256]`, −1 where the vocabulary lacks the byte.
    private let byteTokens: [Int32]

    /// - Throws: `.malformedMerge`, `.invalidEnd`.
    init(
        _ description: TokenizerDescription, _ options: CharacterPairOptions, unknownTokenID: Int32?
    ) throws(TokenizationError) {
        self.options = options
        self.unknownTokenID = unknownTokenID
        continuationPrefix = Array(options.continuationPrefix.utf8)
        endSuffix = Array(options.endSuffix.utf8)
        let index = TokenIndex(description.vocabulary) { $0 != .control && $0 != .unused }
        self.index = index
        byteTokens = byteTokenIDs(index)
        var table = MergeTable(capacityFor: description.mergeEnds.count)
        var whole: [UInt8] = []
        let prefix = continuationPrefix
        try description.forEachMerge { rank, left, right in
            whole.removeAll(keepingCapacity: true)
            whole += left
            whole += right.starts(with: prefix) ? right.dropFirst(prefix.count) : right
            let left = index.id(of: left.span), right = index.id(of: right.span), id = index.id(of: whole.span)
            if left >= 0, right >= 0, id >= 0 { table.insert(left: left, right: right, Merge(priority: rank, id: id)) }
        }
        merges = table
    }

    func appendTokens(of word: Span<UInt8>, to ids: inout [Int32], _ scratch: inout ModelScratch) {
        if options.takesWholeWords {
            let id = index.id(of: word)
            if id >= 0 { return ids.append(id) }
        }
        scratch.merger.symbols.removeAll(keepingCapacity: true)
        var unknown: Symbol?
        var start = 0
        while start < word.count {
            let end = start + ClassifiedScalar(at: start, in: word).byteCount
            appendSymbols(of: start..<end, in: word, pending: &unknown, &scratch)
            start = end
        }
        if let unknown { scratch.merger.symbols.append(unknown) }
        scratch.merger.run(word, rule: merges)
        for symbol in scratch.merger.symbols { ids.append(symbol.id) }
    }

    /// - Parameter unknown: an unknown token that waits for a known one; tokens of bytes go past it.
    private func appendSymbols(
        of range: Range<Int>, in word: Span<UInt8>, pending unknown: inout Symbol?, _ scratch: inout ModelScratch
    ) {
        scratch.text.removeAll(keepingCapacity: true)
        if range.lowerBound > 0 { scratch.text += continuationPrefix }
        for i in range { scratch.text.append(word[i]) }
        if range.upperBound == word.count { scratch.text += endSuffix }
        let id = index.id(of: scratch.text.span)
        let start = Int32(truncatingIfNeeded: range.lowerBound), end = Int32(truncatingIfNeeded: range.upperBound)
        if id >= 0 {
            if let waiting = unknown { scratch.merger.symbols.append(waiting) }
            unknown = nil
            scratch.merger.symbols.append(Symbol(start: start, end: end, id: id))
        } else if options.fallsBackToBytes, scratch.text.allSatisfy({ byteTokens[Int($0)] >= 0 }) {
            for (offset, byte) in scratch.text.enumerated() {
                // What prefix and suffix add takes no place in the word.
                let place = min(start + Int32(truncatingIfNeeded: offset), end - 1)
                scratch.merger.symbols.append(Symbol(start: place, end: place + 1, id: byteTokens[Int(byte)]))
            }
        } else if let id = unknownTokenID {
            if let waiting = unknown, !options.fusesUnknown { scratch.merger.symbols.append(waiting) }
            unknown = Symbol(start: options.fusesUnknown ? unknown?.start ?? start : start, end: end, id: id)
        }
    }
}

/// `[256]`: the tokens `<0x00>` to `<0xFF>`, −1 for those that are missing.
func byteTokenIDs(_ index: TokenIndex) -> [Int32] {
    let digits = Array("0123456789ABCDEF".utf8)
    return (0..<256).map { byte in
        let name = Array("<0x".utf8) + [digits[byte >> 4], digits[byte & 15], UInt8(ascii: ">")]
        return index.id(of: name.span)
    }
}
