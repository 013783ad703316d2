/// Which blocks of the key/value cache hold what, and for whom. Numbers only; the memory is the backend's.
///
/// A block is in use by one or more sequences, or idle: it still holds a prefix that may be asked for again, and is taken, least
/// recently used first, when no empty block is left. Sequences share only whole blocks that are never written again.
package struct CacheBlockPool: Sendable {
    package let blockCount: Int
    package let tokensPerBlock: Int
    /// How many idle blocks were taken for something else.
    package private(set) var evictionCount = 0
    /// Taken from the end, so that the lowest numbers, whose memory has been touched before, come first.
    private var empty: [Int32]
    private var idle: RecencyList
    private var index = PrefixIndex()
    private var referenceCounts: [Int]

    package init(blockCount: Int, tokensPerBlock: Int) {
        self.blockCount = blockCount
        self.tokensPerBlock = tokensPerBlock
        empty = (0..<Int32(clamping: blockCount)).reversed()
        idle = RecencyList(capacity: empty.count)
        referenceCounts = Array(repeating: 0, count: empty.count)
    }

    /// Blocks that nobody uses.
    package var freeCount: Int { empty.count + idle.count }
    package var usedCount: Int { blockCount - freeCount }
    /// Blocks that nobody uses and that hold a prefix which would be found.
    package var idleCount: Int { idle.count }

    package func blockCount(holding tokenCount: Int) -> Int { (tokenCount + tokensPerBlock - 1) / tokensPerBlock }

    /// Adds blocks to `table` until it holds `tokenCount` tokens.
    ///
    /// - Returns: False, with nothing taken, where too few are free.
    package mutating func extend(_ table: inout [Int32], toHold tokenCount: Int) -> Bool {
        let needed = blockCount(holding: tokenCount) - table.count
        guard needed <= freeCount else { return false }
        for _ in 0..<max(needed, 0) {
            guard let block = empty.popLast() ?? evict() else { return false }
            referenceCounts[Int(block)] = 1
            table.append(block)
        }
        return true
    }

    /// A sequence lets go of its blocks. The end of its tokens is forgotten before the beginning, which more others share.
    package mutating func release(_ table: [Int32]) {
        for block in table.reversed() { release(block) }
    }

    /// What these blocks hold is not found again; sequences that use them keep them.
    package mutating func forget(_ table: [Int32]) {
        for block in table { index.remove(block) }
    }

    /// Finds the block that holds `tokens` behind `prefix`, and keeps it for the caller.
    ///
    /// - Parameter tokens: Exactly as many as a block holds.
    package mutating func take(
        _ tokens: ArraySlice<Int32>, behind prefix: PrefixID
    ) -> (block: Int32, prefix: PrefixID)? {
        guard let found = index.find(tokens, behind: prefix) else { return nil }
        if referenceCounts[Int(found.block)] == 0 { idle.remove(found.block) }
        referenceCounts[Int(found.block)] += 1
        return found
    }

    /// From now on `block`, which holds `tokens` behind `prefix`, is found. Where another block holds the same, the caller gets
    /// that one instead, and its own is empty again: equal prefixes have equal bits.
    package mutating func publish(
        _ block: Int32, holding tokens: ArraySlice<Int32>, behind prefix: PrefixID
    ) -> (block: Int32, prefix: PrefixID) {
        if let other = take(tokens, behind: prefix) {
            release(block)
            return other
        }
        return (block, index.insert(block, holding: tokens, behind: prefix))
    }

    /// Forgets every prefix that nobody uses.
    ///
    /// - Returns: All blocks that hold nothing now, as ascending runs.
    package mutating func dropIdle() -> [Range<Int32>] {
        while let block = evict() { empty.append(block) }
        empty.sort(by: >)
        return empty.reversed().reduce(into: []) { runs, block in
            if let last = runs.last, last.upperBound == block {
                runs[runs.count - 1] = last.lowerBound..<block + 1
            } else {
                runs.append(block..<block + 1)
            }
        }
    }

    private mutating func release(_ block: Int32) {
        referenceCounts[Int(block)] -= 1
        guard referenceCounts[Int(block)] == 0 else { return }
        if index.contains(block) { idle.append(block) } else { empty.append(block) }
    }

    private mutating func evict() -> Int32? {
        guard let block = idle.popFirst() else { return nil }
        index.remove(block)
        evictionCount += 1
        return block
    }
}
