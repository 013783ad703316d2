/// All tokens that a text begins with: a tree of bytes whose edges lie in one open-addressing table.
struct PrefixTree: Sendable {
    private struct Edge {
        /// Parent in the upper bits, byte in the lowest eight; all ones in an empty slot.
        var key: UInt64
        var child: Int32
    }

    private var edges: [Edge]
    private let mask: Int
    /// Odd; drawn anew for each tree, so that no file can be made whose edges all fall together.
    private let multiplier = UInt64.random(in: .min ... .max) | 1
    /// By node: the token that ends there, or −1. The root is node 0.
    private var ids: [Int32] = [-1]

    /// - Parameter isIncluded: which tokens can be found. Of two with the same text the first is.
    init(_ vocabulary: Vocabulary, where isIncluded: (TokenKind) -> Bool) {
        let capacity = (vocabulary.bytes.count * 2 + 2).nextPowerOfTwo
        edges = [Edge](repeating: Edge(key: .max, child: -1), count: capacity)
        mask = capacity - 1
        for id in 0..<vocabulary.count where isIncluded(vocabulary.kinds[id]) {
            var node = 0
            for byte in vocabulary.text(of: id) { node = addChild(of: node, byte) }
            if node > 0, ids[node] < 0 { ids[node] = Int32(truncatingIfNeeded: id) }
        }
    }

    private mutating func addChild(of node: Int, _ byte: UInt8) -> Int {
        let slot = slot(node, byte)
        if edges[slot].child < 0 {
            edges[slot] = Edge(key: UInt64(node) << 8 | UInt64(byte), child: Int32(truncatingIfNeeded: ids.count))
            ids.append(-1)
        }
        return Int(edges[slot].child)
    }

    /// Where the edge is, or would be.
    @inline(__always)
    private func slot(_ node: Int, _ byte: UInt8) -> Int {
        let key = UInt64(node) << 8 | UInt64(byte)
        let product = (key &* multiplier)
        var slot = Int(truncatingIfNeeded: product ^ product >> 32) & mask
        while edges[slot].key != .max, edges[slot].key != key { slot = (slot + 1) & mask }
        return slot
    }

    /// Calls `body` with each token that the text has at `start`, shortest first.
    @inline(__always)
    func forEachToken(at start: Int, in text: Span<UInt8>, _ body: (_ id: Int32, _ end: Int) -> Void) {
        var node = 0
        var place = start
        while place < text.count {
            let child = edges[slot(node, text[place])].child
            guard child >= 0 else { return }
            node = Int(child)
            place += 1
            if ids[node] >= 0 { body(ids[node], place) }
        }
    }
}
