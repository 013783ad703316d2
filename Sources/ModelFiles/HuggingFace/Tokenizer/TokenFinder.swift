/// Finds tokens by their text, in a table of numbers beside the texts: an object per token would cost more than reading them.
struct TokenFinder {
    private let tokens: ByteStrings
    /// Open addressing, at most half full: an index into `tokens`, or −1.
    private var slots: [Int32]
    /// A text that stands twice; the later index.
    private(set) var duplicate: Int?

    /// - Precondition: At most 2²⁴ tokens.
    init(_ tokens: ByteStrings) {
        self.tokens = tokens
        var capacity = 16
        while capacity < 2 * tokens.count { capacity *= 2 }
        slots = [Int32](repeating: -1, count: capacity)
        for index in tokens.indices {
            let place = place(of: tokens[index])
            if slots[place] >= 0 { duplicate = duplicate ?? index } else { slots[place] = Int32(index) }
        }
    }

    func index(of text: some Collection<UInt8>) -> Int? {
        let found = slots[place(of: ArraySlice(text))]
        return found < 0 ? nil : Int(found)
    }

    /// Where the text is, or would be.
    private func place(of text: ArraySlice<UInt8>) -> Int {
        var hasher = Hasher()  // seeded anew by each process, so that no file can be made whose texts all fall together
        unsafe text.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
        var place = hasher.finalize() & (slots.count - 1)
        while slots[place] >= 0, tokens[Int(slots[place])] != text { place = (place + 1) & (slots.count - 1) }
        return place
    }
}
