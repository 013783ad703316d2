/// What makes tokens of a word, after normalizers and pre-tokenizers have had their way with the text.
protocol WordModel: Sendable {
    /// Appends the tokens of a word of at least one byte. The same word always gives the same tokens.
    func appendTokens(of word: Span<UInt8>, to ids: inout [Int32], _ scratch: inout ModelScratch)
}

/// Memory that a model uses again from word to word.
struct ModelScratch {
    var merger = SymbolMerger()
    var path = UnigramPath()
    var text: [UInt8] = []
}
