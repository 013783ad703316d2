/// The words of GPT-2 and of those after its fashion.
///
/// Source: openai/gpt-2, src/encoder.py.
enum GPT2Pattern {
    static let regularExpression = #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#

    static func wordEnd(from start: Int, in text: Span<UInt8>) -> Int {
        if let end = lowercaseContractionEnd(from: start, in: text) { return end }
        var place = start
        var scalar = ClassifiedScalar(at: start, in: text)
        if text[start] == UInt8(ascii: " "), start + 1 < text.count {
            let second = ClassifiedScalar(at: start + 1, in: text)
            if !second.scalarClass.isSpace {
                place = start + 1
                scalar = second
            }
        }
        place += scalar.byteCount
        if scalar.scalarClass.isLetter { return runEnd(from: place, in: text) { $0.isLetter } }
        if scalar.scalarClass.isNumber { return runEnd(from: place, in: text) { $0.isNumber } }
        if scalar.scalarClass.isSymbol { return runEnd(from: place, in: text) { $0.isSymbol } }
        return spaceEnd(from: start, in: text)
    }

    private static func lowercaseContractionEnd(from start: Int, in text: Span<UInt8>) -> Int? {
        guard let end = contractionEnd(from: start, in: text) else { return nil }
        for i in start + 1..<end where !(UInt8(ascii: "a")...UInt8(ascii: "z")).contains(text[i]) { return nil }
        return end
    }
}
