/// Finds tokens in text by their own text: the leftmost, and of those that start there the longest.
///
/// A trie in flat arrays. Finding all matches takes O(text), times at most the longest token's length.
struct TokenMatcher: Sendable {
    private struct Node {
        let byte: UInt8
        /// The token that ends here, or −1.
        var id: Int32 = -1
        var firstChild: Int32 = -1
        var nextSibling: Int32 = -1
    }

    struct Match: Equatable {
        let range: Range<Int>
        let id: Int32
    }

    /// Tokens that are looked for in text are names; longer ones would make the search slow.
    static let byteCountLimit = 4096

    private var nodes: [Node] = []
    /// By first byte: the node, or −1.
    private var roots = [Int32](repeating: -1, count: 256)

    /// - Parameter tokens: ids and what is looked for. Empty texts are not; of two with the same text the first is found.
    /// - Throws: `.specialTokenTooLong`.
    init(_ tokens: [(id: Int, text: [UInt8])]) throws(TokenizationError) {
        for (id, text) in tokens {
            guard text.count <= Self.byteCountLimit else {
                throw TokenizationError(
                    "tokens", .specialTokenTooLong(tokenID: id, byteCount: text.count, limit: Self.byteCountLimit))
            }
            insert(text[...], id: Int32(truncatingIfNeeded: id))
        }
    }

    var isEmpty: Bool { nodes.isEmpty }

    private mutating func insert(_ text: ArraySlice<UInt8>, id: Int32) {
        guard let first = text.first else { return }
        if roots[Int(first)] < 0 { roots[Int(first)] = addNode(first) }
        var node = Int(roots[Int(first)])
        for byte in text.dropFirst() {
            if let child = child(of: node, byte) {
                node = child
            } else {
                let child = addNode(byte)
                nodes[Int(child)].nextSibling = nodes[node].firstChild
                nodes[node].firstChild = child
                node = Int(child)
            }
        }
        if nodes[node].id < 0 { nodes[node].id = id }
    }

    private mutating func addNode(_ byte: UInt8) -> Int32 {
        nodes.append(Node(byte: byte))
        return Int32(nodes.count - 1)
    }

    private func child(of node: Int, _ byte: UInt8) -> Int? {
        var child = nodes[node].firstChild
        while child >= 0 {
            if nodes[Int(child)].byte == byte { return Int(child) }
            child = nodes[Int(child)].nextSibling
        }
        return nil
    }

    /// The first match at or after `start` that is wanted.
    func firstMatch(
        in text: Span<UInt8>, from start: Int, where isWanted: (Match) -> Bool = { _ in true }
    ) -> Match? {
        guard !isEmpty, start < text.count else { return nil }
        for place in start..<text.count where roots[Int(text[place])] >= 0 {
            if let match = longestMatch(in: text, at: place, where: isWanted) { return match }
        }
        return nil
    }

    /// The longest match that starts at `start` and is wanted.
    func longestMatch(in text: Span<UInt8>, at start: Int, where isWanted: (Match) -> Bool) -> Match? {
        var node = Int(roots[Int(text[start])])
        guard node >= 0 else { return nil }
        var end = start + 1
        var match: Match?
        while true {
            if nodes[node].id >= 0 {
                let found = Match(range: start..<end, id: nodes[node].id)
                if isWanted(found) { match = found }
            }
            guard end < text.count, let next = child(of: node, text[end]) else { return match }
            node = next
            end += 1
        }
    }
}
