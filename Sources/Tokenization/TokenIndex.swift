/// Finds a token by its text: an open-addressing table over the flat bytes of a vocabulary.
///
/// Of two tokens with the same text the one with the lower id is found.
struct TokenIndex: Sendable {
    private struct Slot {
        var hash: UInt32
        /// −1 in an empty slot.
        var id: Int32
    }

    private let vocabulary: Vocabulary
    private var slots: [Slot]
    private let mask: Int
    /// Drawn anew for each index, so that no file can be made whose texts all fall together.
    private let seed: UInt64

    /// - Parameter isIncluded: which tokens can be found. Empty texts cannot.
    /// - Complexity: O(bytes of the vocabulary).
    init(_ vocabulary: Vocabulary, where isIncluded: (TokenKind) -> Bool) {
        self.vocabulary = vocabulary
        let capacity = (vocabulary.count * 2).nextPowerOfTwo
        slots = [Slot](repeating: Slot(hash: 0, id: -1), count: capacity)
        mask = capacity - 1
        seed = UInt64.random(in: .min ... .max)
        let bytes = vocabulary.bytes.span
        for id in 0..<vocabulary.count where isIncluded(vocabulary.kinds[id]) {
            let range = vocabulary.range(of: id)
            if !range.isEmpty { insert(Int32(id), text: bytes.extracting(range)) }
        }
    }

    private mutating func insert(_ id: Int32, text: Span<UInt8>) {
        let hash = textHash(text, seed: seed)
        var place = Int(truncatingIfNeeded: hash) & mask
        while slots[place].id >= 0 {
            if slots[place].hash == hash, holds(text, at: place) { return }
            place = (place + 1) & mask
        }
        slots[place] = Slot(hash: hash, id: id)
    }

    /// The id of the token with exactly this text, or −1.
    func id(of text: Span<UInt8>) -> Int32 {
        let hash = textHash(text, seed: seed)
        var place = Int(truncatingIfNeeded: hash) & mask
        while true {
            let slot = slots[place]
            if slot.id < 0 { return -1 }
            if slot.hash == hash, holds(text, at: place) { return slot.id }
            place = (place + 1) & mask
        }
    }

    func id(of text: String) -> Int32? {
        let bytes = [UInt8](text.utf8)
        let id = id(of: bytes.span)
        return id < 0 ? nil : id
    }

    private func holds(_ text: Span<UInt8>, at place: Int) -> Bool {
        let range = vocabulary.range(of: Int(slots[place].id))
        return range.count == text.count && sameBytes(vocabulary.bytes.span.extracting(range), text)
    }
}

/// - Precondition: both have the same count.
@inline(__always)
func sameBytes(_ a: Span<UInt8>, _ b: Span<UInt8>) -> Bool {
    for i in a.indices where a[i] != b[i] { return false }
    return true
}

/// Folded 64 × 64 → 128 bit products, eight bytes at a time.
/// Source of the mixing step: wyhash by Wang Yi, final version 4, `_wymix`.
@inline(__always)
func textHash(_ text: Span<UInt8>, seed: UInt64) -> UInt32 {
    let count = text.count
    let raw = text.bytes
    var state = seed ^ UInt64(truncatingIfNeeded: count)
    var offset = 0
    while offset + 8 <= count {
        state = fold(state ^ raw.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
        offset += 8
    }
    var tail: UInt64 = 0
    while offset < count {
        tail = tail << 8 | UInt64(text[offset])
        offset += 1
    }
    state = fold(state ^ tail)
    return UInt32(truncatingIfNeeded: state ^ (state >> 32))
}

@inline(__always)
private func fold(_ x: UInt64) -> UInt64 {
    let product = (x ^ 0xA076_1D64_78BD_642F).multipliedFullWidth(by: 0xE703_7ED1_A0B4_28DB)
    return product.high ^ product.low
}

extension Int {
    /// The smallest power of two that is at least this; 1 for numbers below 1.
    var nextPowerOfTwo: Int { self <= 1 ? 1 : 1 << (Int.bitWidth - (self - 1).leadingZeroBitCount) }
}
