/// The words of Llama 3, of Qwen 2 (single digits) and of Qwen 3.5 (marks count as letters).
///
/// Source: the `tokenizer.json` that those models are published with.
struct Llama3Pattern: Sendable {
    let digitsPerGroup: Int
    var marksAreLetters = false

    var regularExpression: String {
        let numbers = digitsPerGroup == 1 ? #"\p{N}"# : #"\p{N}{1,\#(digitsPerGroup)}"#
        let letters = marksAreLetters ? #"[\p{L}\p{M}]"# : #"\p{L}"#
        let noSymbols = marksAreLetters ? #"\s\p{L}\p{M}\p{N}"# : #"\s\p{L}\p{N}"#
        return #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\#(letters)+|\#(numbers)"#
            + #"| ?[^\#(noSymbols)]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
    }

    func wordEnd(from start: Int, in text: Span<UInt8>) -> Int {
        if let end = contractionEnd(from: start, in: text) { return end }
        let byte = text[start]
        let first = ClassifiedScalar(at: start, in: text)
        let afterFirst = start + first.byteCount
        if isLetter(first.scalarClass) { return runEnd(from: afterFirst, in: text, where: isLetter) }
        if first.scalarClass.isNumber { return numberEnd(from: start, in: text, atMost: digitsPerGroup) }
        if afterFirst < text.count, !isLineBreak(byte) {
            let second = ClassifiedScalar(at: afterFirst, in: text)
            let afterSecond = afterFirst + second.byteCount
            if isLetter(second.scalarClass) { return runEnd(from: afterSecond, in: text, where: isLetter) }
            if byte == UInt8(ascii: " "), isSymbol(second.scalarClass) {
                return symbolsEnd(from: afterSecond, in: text)
            }
        }
        if isSymbol(first.scalarClass) { return symbolsEnd(from: afterFirst, in: text) }
        return lineOrSpaceEnd(from: start, in: text)
    }

    @inline(__always)
    private func isLetter(_ scalarClass: ScalarClass) -> Bool {
        scalarClass.isLetter || marksAreLetters && scalarClass.isMark
    }

    @inline(__always)
    private func isSymbol(_ scalarClass: ScalarClass) -> Bool {
        scalarClass.isSymbol && !(marksAreLetters && scalarClass.isMark)
    }

    /// The rest of `[^\s\p{L}\p{N}]+[\r\n]*`.
    private func symbolsEnd(from start: Int, in text: Span<UInt8>) -> Int {
        var i = runEnd(from: start, in: text, where: isSymbol)
        while i < text.count, isLineBreak(text[i]) { i += 1 }
        return i
    }
}
