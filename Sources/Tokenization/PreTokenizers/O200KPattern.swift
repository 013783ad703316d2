/// The words of GPT-4o (o200k) and, without contractions and with single digits, of Mistral's Tekken: words end where
/// capitals begin.
///
/// Source: the `tokenizer.json` that openai/gpt-oss-20b and mistralai/Mistral-Nemo are published with.
struct O200KPattern: Sendable {
    let digitsPerGroup: Int
    let hasContractions: Bool

    var regularExpression: String {
        let upper = #"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]"#
        let lower = #"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"#
        let prefix = #"[^\r\n\p{L}\p{N}]?"#
        let contraction = hasContractions ? "(?i:'s|'t|'re|'ve|'m|'ll|'d)?" : ""
        let numbers = digitsPerGroup == 1 ? #"\p{N}"# : #"\p{N}{1,\#(digitsPerGroup)}"#
        return "\(prefix)\(upper)*\(lower)+\(contraction)|\(prefix)\(upper)+\(lower)*\(contraction)|\(numbers)"
            + #"| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
    }

    func wordEnd(from start: Int, in text: Span<UInt8>) -> Int {
        let byte = text[start]
        let first = ClassifiedScalar(at: start, in: text)
        let afterFirst = start + first.byteCount
        if first.scalarClass.isNumber { return numberEnd(from: start, in: text, atMost: digitsPerGroup) }
        // The pattern tries each alternative with the prefix before it tries it without.
        let afterPrefix = first.scalarClass.isLetter || isLineBreak(byte) ? nil : afterFirst
        let lettersEnd =
            afterPrefix.flatMap { lowerEnd(from: $0, in: text) } ?? lowerEnd(from: start, in: text)
            ?? afterPrefix.flatMap { upperEnd(from: $0, in: text) } ?? upperEnd(from: start, in: text)
        if let lettersEnd {
            return hasContractions ? contractionEnd(from: lettersEnd, in: text) ?? lettersEnd : lettersEnd
        }
        if byte == UInt8(ascii: " "), afterFirst < text.count {
            let second = ClassifiedScalar(at: afterFirst, in: text)
            if second.scalarClass.isSymbol { return symbolsEnd(from: afterFirst, in: text) }
        }
        if first.scalarClass.isSymbol { return symbolsEnd(from: start, in: text) }
        return lineOrSpaceEnd(from: start, in: text)
    }

    private func isUpper(_ scalarClass: ScalarClass) -> Bool {
        scalarClass.isUppercase || scalarClass.isCaseless || scalarClass.isMark
    }

    private func isLower(_ scalarClass: ScalarClass) -> Bool {
        scalarClass == .lowercase || scalarClass.isCaseless || scalarClass.isMark
    }

    /// `upper*lower+`: all of the run of `upper` where a `lower` follows; else up to the last of the run that is both.
    private func lowerEnd(from start: Int, in text: Span<UInt8>) -> Int? {
        var i = start
        var lastOfBoth: Int?
        while i < text.count {
            let scalar = ClassifiedScalar(at: i, in: text)
            if scalar.scalarClass == .lowercase { return runEnd(from: i, in: text, where: isLower) }
            guard isUpper(scalar.scalarClass) else { break }
            i += scalar.byteCount
            if isLower(scalar.scalarClass) { lastOfBoth = i }
        }
        return lastOfBoth
    }

    /// `upper+lower*`, where `upper*lower+` is known not to match.
    private func upperEnd(from start: Int, in text: Span<UInt8>) -> Int? {
        let end = runEnd(from: start, in: text, where: isUpper)
        return end > start ? end : nil
    }

    private func symbolsEnd(from start: Int, in text: Span<UInt8>) -> Int {
        var i = runEnd(from: start, in: text) { $0.isSymbol }
        while i < text.count, isLineBreak(text[i]) || text[i] == UInt8(ascii: "/") { i += 1 }
        return i
    }
}
