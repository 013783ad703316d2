/// Which blocks of the key/value cache are free. Numbers only; the memory is the backend's.
package struct CacheBlockPool: Sendable {
    package let blockCount: Int
    package let tokensPerBlock: Int
    /// Taken from the end, so that the lowest numbers, whose memory has been touched before, come first.
    private var free: [Int32]

    package init(blockCount: Int, tokensPerBlock: Int) {
        self.blockCount = blockCount
        self.tokensPerBlock = tokensPerBlock
        free = (0..<Int32(clamping: blockCount)).reversed()
    }

    package var freeCount: Int { free.count }
    package var usedCount: Int { blockCount - free.count }

    /// Adds blocks to `table` until it holds `tokenCount` tokens.
    ///
    /// - Returns: False, with nothing taken, where too few are free.
    package mutating func extend(_ table: inout [Int32], toHold tokenCount: Int) -> Bool {
        let needed = (tokenCount + tokensPerBlock - 1) / tokensPerBlock - table.count
        guard needed <= free.count else { return false }
        for _ in 0..<max(needed, 0) {
            if let block = free.popLast() { table.append(block) }
        }
        return true
    }

    package mutating func release(_ table: [Int32]) { free.append(contentsOf: table.reversed()) }
}
