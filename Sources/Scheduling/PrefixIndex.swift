/// Names a sequence of whole blocks of tokens from the beginning of a text.
package struct PrefixID: Sendable, Hashable {
    fileprivate let rawValue: UInt64

    /// No tokens at all.
    package static let empty = PrefixID(rawValue: 0)
}

/// Finds cache blocks by all tokens up to their end.
///
/// A block's tokens are compared themselves, together with the name of what comes before them: two prefixes are the same only
/// if every token is. No hash decides, so that nobody can craft a prompt that finds another one's keys and values.
struct PrefixIndex: Sendable {
    private struct Key: Hashable {
        let prefix: PrefixID
        let tokens: ArraySlice<Int32>
    }

    private var found: [Key: (block: Int32, prefix: PrefixID)] = [:]
    private var keys: [Int32: Key] = [:]
    private var nextID: UInt64 = 1

    func find(_ tokens: ArraySlice<Int32>, behind prefix: PrefixID) -> (block: Int32, prefix: PrefixID)? {
        found[Key(prefix: prefix, tokens: tokens)]
    }

    func contains(_ block: Int32) -> Bool { keys[block] != nil }

    /// - Returns: The name of the prefix that ends with the block; it never comes again.
    mutating func insert(_ block: Int32, holding tokens: ArraySlice<Int32>, behind prefix: PrefixID) -> PrefixID {
        let id = PrefixID(rawValue: nextID)
        nextID += 1
        // A slice would keep the whole text of its request in memory.
        let key = Key(prefix: prefix, tokens: ArraySlice(Array(tokens)))
        found[key] = (block, id)
        keys[block] = key
        return id
    }

    mutating func remove(_ block: Int32) {
        guard let key = keys.removeValue(forKey: block) else { return }
        found[key] = nil
    }
}
