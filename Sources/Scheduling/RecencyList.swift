/// Numbers in the order in which they were added; any of them leaves in constant time.
///
/// A ring of links over an array; the last place is where it begins and ends.
struct RecencyList: Sendable {
    private var next: [Int32]
    private var previous: [Int32]
    private(set) var count = 0
    private var end: Int32 { Int32(truncatingIfNeeded: next.count - 1) }

    /// - Parameter capacity: Numbers are from 0 up to it.
    init(capacity: Int) {
        next = (0...Int32(clamping: capacity)).map { $0 }
        previous = next
    }

    /// - Precondition: It is not there yet.
    mutating func append(_ number: Int32) {
        let last = previous[Int(end)]
        link(last, number)
        link(number, end)
        count += 1
    }

    /// - Precondition: It is there.
    mutating func remove(_ number: Int32) {
        link(previous[Int(number)], next[Int(number)])
        link(number, number)
        count -= 1
    }

    mutating func popFirst() -> Int32? {
        guard count > 0 else { return nil }
        let first = next[Int(end)]
        remove(first)
        return first
    }

    private mutating func link(_ a: Int32, _ b: Int32) {
        next[Int(a)] = b
        previous[Int(b)] = a
    }
}
