/// The tokens of a vocabulary that are more than text, and what is done with them.
package struct SpecialTokens: Sendable {
    let beginTokenID: Int32?
    let endTokenID: Int32?
    let unknownTokenID: Int32?
    let paddingTokenID: Int32?
    let addsBeginToken: Bool
    let addsEndToken: Bool
    let endOfGeneration: Set<Int32>
    let takingSpace: Set<Int32>
    /// Control and unknown tokens: recognised only where the caller trusts the text.
    let controlMatcher: TokenMatcher
    /// User-defined tokens: always recognised, for they are text.
    let userDefinedMatcher: TokenMatcher

    /// - Parameters:
    ///   - vocabulary: the decoded pieces.
    ///   - addsBeginByDefault: for a description that does not say.
    /// - Throws: `.tokenOutOfRange`, `.specialTokenTooLong`.
    init(
        _ description: TokenizerDescription, vocabulary: Vocabulary, endOfGeneration: Set<Int32>,
        addsBeginByDefault: Bool
    ) throws(TokenizationError) {
        let size = vocabulary.count
        beginTokenID = try checkedID(description.beginTokenID, "begin token", size)
        endTokenID = try checkedID(description.endTokenID, "end token", size)
        paddingTokenID = try checkedID(description.paddingTokenID, "padding token", size)
        unknownTokenID =
            try checkedID(description.unknownTokenID, "unknown token", size)
            ?? vocabulary.kinds.firstIndex(of: .unknown).map(Int32.init)
        addsBeginToken = description.addsBeginToken ?? addsBeginByDefault
        addsEndToken = description.addsEndToken ?? false
        self.endOfGeneration = endOfGeneration
        var takingSpace: Set<Int32> = []
        for id in description.tokenIDsTakingSpace {
            if let id = try checkedID(id, "token taking space", size) { takingSpace.insert(id) }
        }
        self.takingSpace = takingSpace
        controlMatcher = try TokenMatcher(vocabulary) { $0 == .control || $0 == .unknown }
        userDefinedMatcher = try TokenMatcher(vocabulary) { $0 == .userDefined }
    }
}

/// - Throws: `.tokenOutOfRange`.
func checkedID(_ id: Int?, _ place: String, _ vocabularySize: Int) throws(TokenizationError) -> Int32? {
    guard let id else { return nil }
    guard id >= 0, id < vocabularySize, let narrow = Int32(exactly: id) else {
        throw TokenizationError(place, .tokenOutOfRange(tokenID: id, vocabularySize: vocabularySize))
    }
    return narrow
}
