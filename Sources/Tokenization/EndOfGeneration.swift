/// Which tokens end an answer.
package enum EndOfGeneration {
    /// Texts that end a turn or a document in the model families in use, whatever kind a converter gave them.
    private static let wellKnownTexts: Set<[UInt8]> = Set(
        [
            "<|im_end|>", "<|eot_id|>", "<|eom_id|>", "<|end|>", "<|endoftext|>", "<|end_of_text|>", "<|end_of_turn|>",
            "<end_of_turn>", "<turn|>", "<|return|>", "<|call|>", "<EOT>", "_<EOT>", "<end_of_utterance>",
            "<｜end▁of▁sentence｜>",
        ].map { [UInt8]($0.utf8) })
    /// Also HTML's end of struck-out text, so it must be a control token already.
    private static let endOfSentence = [UInt8]("</s>".utf8)

    /// The end token, the extra ones of the description and the well-known texts of the vocabulary; `found` has the latter alone.
    ///
    /// In a vocabulary with `<|return|>` and `<|call|>` the token `<|end|>` ends a message, not the answer
    /// (openai/harmony, docs/format.md).
    /// - Throws: `.tokenOutOfRange`.
    package static func tokens(of description: TokenizerDescription) throws(TokenizationError) -> (
        all: Set<Int32>, found: Set<Int32>
    ) {
        let vocabulary = description.vocabulary
        var found: [[UInt8]: Int32] = [:]
        for id in 0..<vocabulary.count {
            let text = vocabulary.text(of: id)
            guard text.first == UInt8(ascii: "<") || text.first == UInt8(ascii: "_"), text.count <= 32 else { continue }
            let key = [UInt8](text)
            let isKnown = wellKnownTexts.contains(key) || key == endOfSentence && vocabulary.kinds[id] == .control
            if isKnown, found[key] == nil { found[key] = Int32(id) }
        }
        if found[[UInt8]("<|return|>".utf8)] != nil, found[[UInt8]("<|call|>".utf8)] != nil {
            found[[UInt8]("<|end|>".utf8)] = nil
        }
        var all = Set(found.values)
        for id in description.endOfGenerationTokenIDs + [description.endTokenID].compactMap({ $0 }) {
            if let id = try checkedID(id, "end-of-generation token", vocabulary.count) { all.insert(id) }
        }
        return (all, Set(found.values))
    }
}
