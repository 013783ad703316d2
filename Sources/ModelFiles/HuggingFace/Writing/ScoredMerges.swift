import Tokenization

/// Merges of pairs that do what SentencePiece does by scores.
///
/// SentencePiece merges any two neighbours whose text together is a token, the token of highest score first and of equals the
/// leftmost. A merge here is a cut of a token into two tokens, and its rank the token's. That differs in two places.
///
/// - Tokens of one score. Llama 2 has them: runs of two to sixteen `▁`, of which the leftmost grows mark by mark. It does so by
///   ranks as well where longer runs come before shorter ones. Any other tokens of one score are refused.
/// - One token cut in two ways, where the two cuts have ranks of their own. Overlapping neighbours X Y Z with XY = YZ need the
///   rank of X|Y before that of Y|Z, and get it.
///
/// That nothing else is felt follows from no theorem, so it is tried: both tokenizers have to agree on many texts made of the
/// vocabulary.
struct ScoredMerges {
    let merges: ByteStrings

    /// - Throws: `.unsupported` for scores that no merges stand for.
    init(_ metadata: Metadata, _ vocabulary: ExportedVocabulary) throws(ModelFileError) {
        let key = "tokenizer.ggml.scores"
        guard let scores = try metadata.numbers(key), scores.count == vocabulary.tokens.count else {
            throw metadata.error(key, .missing(expected: "a score for each token, or tokenizer.ggml.merges"))
        }
        func refuse(_ found: String) -> ModelFileError {
            metadata.error(
                key,
                .unsupported(
                    found: found,
                    advice: "tokenizer.json has merges instead, and none would give the same tokens; "
                        + "take the tokenizer from where the model was published"))
        }
        var ranked: [(score: Float, id: Int, cuts: [Int])] = []
        for id in vocabulary.tokens.indices where vocabulary.isPiece(id) {
            let text = Array(vocabulary.tokens[id])
            guard !vocabulary.hasPartWithoutToken(text) else {
                throw refuse("a token made of what is none (\(PrintableName.quoted(bytes: text)))")
            }
            let cuts = vocabulary.cuts(of: text)
            if !cuts.isEmpty { ranked.append((Float(scores[id]), id, cuts)) }
        }
        let tokens = vocabulary.tokens
        ranked.sort { ($0.score, tokens[$0.id].count, $1.id) > ($1.score, tokens[$1.id].count, $0.id) }
        for (one, next) in zip(ranked, ranked.dropFirst()) where !(one.score > next.score) {
            let texts = [Array(tokens[one.id]), Array(tokens[next.id])]
            if let repeated = Self.repeated(texts[0]), repeated == Self.repeated(texts[1]) { continue }
            let names = texts.map { PrintableName.quoted(bytes: $0) }
            throw refuse("the score \(one.score) of both \(names[0]) and \(names[1])")
        }
        var merges = ByteStrings()
        for (_, id, cuts) in ranked {
            let text = tokens[id]
            for cut in cuts {
                merges.append(text.prefix(cut) + [UInt8(ascii: " ")] + text.dropFirst(cut))
            }
        }
        self.merges = merges
        let agree: Bool
        do {
            agree = try Self.agree(merges, scores.map { Float($0) }, vocabulary)
        } catch { throw metadata.error(about: key, expected: "a sound vocabulary", found: "\(error)") }
        guard agree else { throw refuse("a vocabulary whose scores and merges give different tokens") }
    }

    /// The character that a text is a run of; nil for other texts.
    private static func repeated(_ text: [UInt8]) -> [UInt8]? {
        let end = text.indices.dropFirst().first { text[$0] & 0xC0 != 0x80 } ?? text.count
        let character = Array(text[..<end])
        let isRun = text.indices.allSatisfy { text[$0] == character[$0 % max(end, 1)] }
        return isRun && text.count.isMultiple(of: max(end, 1)) ? character : nil
    }

    /// Whether both tokenizers give the same ids of texts made of two to five tokens each, drawn with a fixed seed; every eighth
    /// has a run of one token in it.
    private static func agree(
        _ merges: ByteStrings, _ scores: [Float], _ vocabulary: ExportedVocabulary
    ) throws(TokenizationError) -> Bool {
        let kinds = vocabulary.kinds, tokens = vocabulary.tokens
        var description = TokenizerDescription(
            model: "llama",
            vocabulary: try Vocabulary(bytes: tokens.bytes, ends: tokens.ends, kinds: kinds, scores: scores))
        description.addsSpacePrefix = false
        let byScores = try makeTokenizer(description)
        description.mergeBytes = merges.bytes
        description.mergeEnds = merges.ends
        let byMerges = try makeTokenizer(description)
        let pieces = tokens.indices.filter(vocabulary.isPiece)
        guard !pieces.isEmpty else { return true }
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        func draw(below count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(count))
        }
        for number in 0..<textCount {
            var text: [UInt8] = []
            for _ in 0..<2 + draw(below: 4) { text += tokens[pieces[draw(below: pieces.count)]] }
            if number.isMultiple(of: 8) {
                let piece = number.isMultiple(of: 16) ? Array("▁".utf8)[...] : tokens[pieces[draw(below: pieces.count)]]
                for _ in 0..<draw(below: 40) { text += piece }
                text += tokens[pieces[draw(below: pieces.count)]]
            }
            if byScores.encode(utf8: text) != byMerges.encode(utf8: text) { return false }
        }
        return true
    }

    /// Takes less than a second.
    private static let textCount = 50_000
}

extension ExportedVocabulary {
    /// Whether merging can make the token; user-defined ones are found in text before anything is merged.
    fileprivate func isPiece(_ id: Int) -> Bool { [.normal, .undefined].contains(kinds[id]) }

    private func isPiece(_ text: ArraySlice<UInt8>) -> Bool {
        guard let kind = kind(of: text) else { return false }
        return [.normal, .undefined].contains(kind)
    }

    /// Where a token is two tokens, in bytes: of two cuts that neighbours can compete for, the one that the leftmost takes
    /// stands first.
    fileprivate func cuts(of text: [UInt8]) -> [Int] {
        var cuts = (1..<max(text.count, 1)).filter { cut in
            text[cut] & 0xC0 != 0x80 && isPiece(text[..<cut]) && isPiece(text[cut...])
        }
        // XY = YZ: the text repeats itself after X, and Y|Z is the cut as far from the other end.
        for (index, cut) in cuts.enumerated() where text[cut...].elementsEqual(text[..<(text.count - cut)]) {
            guard let other = cuts.firstIndex(of: text.count - cut), other < index,
                !text[(text.count - cut)...].elementsEqual(text[..<cut])
            else { continue }
            cuts.swapAt(index, other)
        }
        return cuts
    }

    /// Whether SentencePiece might merge a character that is no token, which merges of tokens cannot.
    fileprivate func hasPartWithoutToken(_ text: [UInt8]) -> Bool {
        let starts = text.indices.filter { text[$0] & 0xC0 != 0x80 }
        guard starts.count > 1 else { return false }
        return zip(starts, starts.dropFirst() + [text.count]).contains { !isPiece(text[$0..<$1]) }
    }
}
