/// The tokens of a vocabulary that are more than text, and what is done with them.
package struct SpecialTokens: Sendable {
    let beginTokenID: Int32?
    let endTokenID: Int32?
    let unknownTokenID: Int32?
    let paddingTokenID: Int32?
    let addsBeginToken: Bool
    let addsEndToken: Bool
    let endOfGeneration: Set<Int32>
    /// User-defined tokens that only the template places in its prompts: they are written as control tokens are. Publishers
    /// do not always mark them as such (`<｜User｜>` of DeepSeek V3).
    let reservedInPrompts: Set<Int32>
    /// Of tokens that take more of the text than their own, or are not always found.
    let recognitions: [Int32: TokenRecognition]
    /// What stands around a text: the begin token and the end token, or what a pipeline has in their place.
    let tokensBefore: [Int32]
    let tokensBehind: [Int32]
    /// Control and unknown tokens, which count only where the caller trusts the text, and user-defined tokens, which are text
    /// and always count.
    let matcher: TokenMatcher
    /// The same for texts that are not trusted as a whole: with the control tokens that are otherwise looked for in
    /// normalized text, of which nobody could say who wrote it.
    let matcherInMixedText: TokenMatcher
    let matcherInNormalizedText: TokenMatcher

    /// - Parameters:
    ///   - vocabulary: the decoded pieces.
    ///   - addsBeginByDefault: for a description that does not say.
    /// - Throws: `.tokenOutOfRange`, `.specialTokenTooLong`.
    init(
        _ description: TokenizerDescription, vocabulary: Vocabulary, endOfGeneration: Set<Int32>,
        addsBeginByDefault: Bool, addsEndByDefault: Bool = false, pipeline: TokenizerPipeline? = nil
    ) throws(TokenizationError) {
        let size = vocabulary.count
        beginTokenID = try checkedID(description.beginTokenID, "begin token", size)
        endTokenID = try checkedID(description.endTokenID, "end token", size)
        paddingTokenID = try checkedID(description.paddingTokenID, "padding token", size)
        unknownTokenID =
            try checkedID(description.unknownTokenID, "unknown token", size)
            ?? vocabulary.kinds.firstIndex(of: .unknown).map(Int32.init)
        addsBeginToken = description.addsBeginToken ?? addsBeginByDefault
        addsEndToken = description.addsEndToken ?? addsEndByDefault
        self.endOfGeneration = endOfGeneration
        var recognitions = pipeline?.recognitions ?? [:]
        for id in description.tokenIDsTakingSpace {
            guard let id = try checkedID(id, "token taking space", size) else { continue }
            recognitions[id, default: TokenRecognition()].takesSpaceBehind = true
        }
        self.recognitions = recognitions
        if let around = pipeline?.tokensAround {
            tokensBefore = try Self.checkedIDs(around.before, size)
            tokensBehind = try Self.checkedIDs(around.behind, size)
        } else {
            tokensBefore = beginTokenID.map { [$0] } ?? []
            tokensBehind = endTokenID.map { [$0] } ?? []
        }
        var plain: [(id: Int, text: [UInt8])] = [], mixed = plain, normalized = plain
        var reserved: Set<Int32> = []
        for (id, kind) in vocabulary.kinds.enumerated() {
            guard kind == .control || kind == .unknown || kind == .userDefined else { continue }
            let text = Array(vocabulary.text(of: id))
            if kind == .userDefined, Self.looksLikeControl(text) { reserved.insert(Int32(truncatingIfNeeded: id)) }
            let isNormalized = recognitions[Int32(truncatingIfNeeded: id)]?.isNormalized ?? false
            if !isNormalized { plain.append((id, text)) }
            if !isNormalized || kind != .userDefined { mixed.append((id, text)) }
            if isNormalized {
                let steps = pipeline?.normalizers ?? []
                normalized.append((id, steps.reduce(text) { $1.normalize($0) }))
            }
        }
        reservedInPrompts = reserved
        matcher = try TokenMatcher(plain)
        matcherInMixedText = mixed.count == plain.count ? matcher : try TokenMatcher(mixed)
        matcherInNormalizedText = try TokenMatcher(normalized)
    }

    /// `<|name|>`, or with full-width bars.
    private static func looksLikeControl(_ text: [UInt8]) -> Bool {
        ["|", "｜"].contains { bar in text.starts(with: "<\(bar)".utf8) && text.ends(with: "\(bar)>".utf8) }
    }

    private static func checkedIDs(_ ids: [Int], _ size: Int) throws(TokenizationError) -> [Int32] {
        var checked: [Int32] = []
        for id in ids { if let id = try checkedID(id, "token around text", size) { checked.append(id) } }
        return checked
    }
}

extension [UInt8] {
    fileprivate func ends(with other: String.UTF8View) -> Bool { reversed().starts(with: other.reversed()) }
}

/// - Throws: `.tokenOutOfRange`.
func checkedID(_ id: Int?, _ place: String, _ vocabularySize: Int) throws(TokenizationError) -> Int32? {
    guard let id else { return nil }
    guard id >= 0, id < vocabularySize, let narrow = Int32(exactly: id) else {
        throw TokenizationError(place, .tokenOutOfRange(tokenID: id, vocabularySize: vocabularySize))
    }
    return narrow
}
