/// Divides Unicode's scalars into groups whose members some sets do not tell apart.
///
/// An automaton then has a column per group in place of one per scalar.
struct ScalarPartition: Sendable {
    /// For each 256 scalars, which page describes them.
    private let pageOfBlock: [UInt16]
    /// The group of each scalar of a page, one page after another.
    private let groups: [UInt8]
    /// One bit per set in the order given: which sets a group's scalars belong to.
    let membership: [UInt64]
    /// The group of bytes that are not UTF-8.
    let groupOfNonText: UInt8

    static let mostSets = 64
    private static let mostGroups = 250

    /// - Returns: nil for more sets than can be told apart here.
    init?(_ sets: [ScalarSet]) {
        guard sets.count <= Self.mostSets else { return nil }
        var builder = Builder(sets: sets)
        let ranges = sets.flatMap(\.explicitRanges)
        var isExplicit = [Bool](repeating: false, count: 0x1100)
        for range in ranges {
            for block in Int(range.lowerBound >> 8)...Int(min(range.upperBound, 0x10FFFF) >> 8) {
                isExplicit[block] = true
            }
        }
        var pageOfClassBlock: [Int: UInt16] = [:]
        var pageOfBlock: [UInt16] = []
        for block in 0..<0x1100 {
            let classBlock = block < ScalarClassTable.blocks.count ? Int(ScalarClassTable.blocks[block]) : -1
            if !isExplicit[block], let page = pageOfClassBlock[classBlock] {
                pageOfBlock.append(page)
                continue
            }
            let page = builder.addPage(block: UInt32(block))
            if !isExplicit[block] { pageOfClassBlock[classBlock] = page }
            pageOfBlock.append(page)
        }
        groupOfNonText = builder.group(of: .max, .other)
        guard builder.membership.count <= Self.mostGroups else { return nil }
        self.pageOfBlock = pageOfBlock
        groups = builder.groups
        membership = builder.membership
    }

    @inline(__always)
    func group(of value: UInt32) -> Int {
        let block = Int(value >> 8)
        guard block < pageOfBlock.count else { return Int(groupOfNonText) }
        return Int(groups[Int(pageOfBlock[block]) << 8 | Int(value & 255)])
    }
}

private struct Builder {
    let sets: [ScalarSet]
    var membership: [UInt64] = []
    var groups: [UInt8] = []
    private var groupOfMembership: [UInt64: UInt8] = [:]
    private var pages: [[UInt8]: UInt16] = [:]

    init(sets: [ScalarSet]) { self.sets = sets }

    mutating func addPage(block: UInt32) -> UInt16 {
        var page: [UInt8] = []
        page.reserveCapacity(256)
        for value in block << 8...(block << 8 | 255) { page.append(group(of: value, ScalarClass(ofScalar: value))) }
        if let known = pages[page] { return known }
        let number = UInt16(truncatingIfNeeded: pages.count)  // at most one per block, of which there are 0x1100
        pages[page] = number
        groups += page
        return number
    }

    mutating func group(of value: UInt32, _ scalarClass: ScalarClass) -> UInt8 {
        var bits: UInt64 = 0
        for (index, set) in sets.enumerated() where set.contains(value, scalarClass) { bits |= 1 << UInt64(index) }
        if let known = groupOfMembership[bits] { return known }
        // Beyond 255 groups the partition is given up by its initializer.
        let group = UInt8(clamping: membership.count)
        groupOfMembership[bits] = group
        membership.append(bits)
        return group
    }
}
