/// The state of encoding a prompt part by part: text gathers until a control token interrupts it.
struct PromptEncoding<T: Tokenizer> {
    let tokenizer: T
    private var ids: [Int32] = []
    private var text: [UInt8] = []

    /// Texts are encoded in stretches of at most this many bytes, so that places in a stretch fit 32 bits.
    private static var stretchLimit: Int { 1 << 30 }

    init(tokenizer: T) { self.tokenizer = tokenizer }

    mutating func append(_ bytes: [UInt8], recognizesSpecialTokens: Bool) {
        guard recognizesSpecialTokens else {
            text += bytes
            return
        }
        var start = 0
        while let match = tokenizer.specialTokens.controlMatcher.firstMatch(in: bytes.span, from: start) {
            text += bytes[start..<match.range.lowerBound]
            encodeText()
            ids.append(match.id)
            start = match.range.upperBound
            if tokenizer.specialTokens.takingSpace.contains(match.id) {
                start = runEnd(from: start, in: bytes.span) { $0 == .space }
            }
        }
        text += bytes[start...]
    }

    mutating func finish(addBeginAndEnd: Bool) -> [Int32] {
        encodeText()
        guard addBeginAndEnd else { return ids }
        let special = tokenizer.specialTokens
        if special.addsBeginToken, let begin = special.beginTokenID, ids.first != begin { ids.insert(begin, at: 0) }
        if special.addsEndToken, let end = special.endTokenID { ids.append(end) }
        return ids
    }

    private mutating func encodeText() {
        let gathered = tokenizer.composesText ? composed(text) : text
        let span = gathered.span
        var place = ids.isEmpty ? TextPlace.start : .behindSpecialToken
        var start = 0
        while let match = tokenizer.specialTokens.userDefinedMatcher.firstMatch(in: span, from: start) {
            encode(span.extracting(start..<match.range.lowerBound), at: place)
            ids.append(match.id)
            place = .behindSpecialToken
            start = match.range.upperBound
            if tokenizer.specialTokens.takingSpace.contains(match.id) {
                start = runEnd(from: start, in: span) { $0 == .space }
            }
        }
        encode(span.extracting(start...), at: place)
        text.removeAll()
    }

    private mutating func encode(_ stretch: Span<UInt8>, at place: TextPlace) {
        var start = 0
        while start < stretch.count {
            let end = min(start + Self.stretchLimit, stretch.count)
            tokenizer.appendTokens(of: stretch.extracting(start..<end), at: start == 0 ? place : .inside, to: &ids)
            start = end
        }
    }
}
