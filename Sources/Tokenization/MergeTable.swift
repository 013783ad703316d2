/// The merges of a byte-level vocabulary: a pair of ids gives the rank of the merge and what it makes.
///
/// Open addressing, 16 bytes a slot, at most half full.
struct MergeTable: Sendable, MergeRule {
    private struct Slot {
        /// Left id in the upper half, right id in the lower; all ones in an empty slot.
        var pair: UInt64
        var merge: Merge
    }

    private var slots: [Slot]
    private let shift: UInt64
    private let mask: Int
    /// Odd; drawn anew for each table, so that no file can be made whose pairs all fall together.
    private let multiplier: UInt64

    init(capacityFor count: Int) {
        let capacity = Swift.max(count * 2, 2).nextPowerOfTwo
        slots = [Slot](repeating: Slot(pair: .max, merge: .none), count: capacity)
        mask = capacity - 1
        shift = UInt64(64 - capacity.trailingZeroBitCount)
        multiplier = 0x9E37_79B9_7F4A_7C15 ^ (UInt64.random(in: .min ... .max) << 1)
    }

    /// The first merge of a pair counts; a later one of the same pair is without effect.
    mutating func insert(left: Int32, right: Int32, _ merge: Merge) {
        let pair = Self.pair(left, right)
        var place = home(of: pair)
        while slots[place].pair != .max {
            if slots[place].pair == pair { return }
            place = (place + 1) & mask
        }
        slots[place] = Slot(pair: pair, merge: merge)
    }

    @inline(__always)
    func merge(_ left: Symbol, _ right: Symbol, in word: Span<UInt8>) -> Merge {
        let pair = Self.pair(left.id, right.id)
        // A missing token (−1) on both sides would read as an empty slot, whose merge is `.none`, as it should be.
        var place = home(of: pair)
        while slots[place].pair != .max {
            if slots[place].pair == pair { return slots[place].merge }
            place = (place + 1) & mask
        }
        return .none
    }

    @inline(__always)
    private static func pair(_ left: Int32, _ right: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    }

    @inline(__always)
    private func home(of pair: UInt64) -> Int {
        Int(truncatingIfNeeded: ((pair ^ (pair >> 29)) &* multiplier) >> shift)
    }
}
