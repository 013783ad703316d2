/// Python's `range`: `first`, `first + step`, … , `count` of them, each a 64-bit integer.
package final class JinjaRange: Sendable {
    let first: Int
    /// As the range was asked for, for its text.
    let stop: Int
    let step: Int
    let count: Int

    init(first: Int, stop: Int, step: Int, count: Int) {
        self.first = first
        self.stop = stop
        self.step = step
        self.count = count
    }

    /// - Precondition: `place` lies in `0..<count`.
    subscript(place: Int) -> Int {
        // The element is a 64-bit integer, but a product on the way to it may not be: modulo 2⁶⁴ it is exact.
        first &+ place &* step
    }

    var elements: [JinjaValue] { (0..<count).map { .integer(self[$0]) } }

    func contains(_ number: Int) -> Bool {
        guard count > 0 else { return false }
        let (low, high) = step > 0 ? (first, self[count - 1]) : (self[count - 1], first)
        guard (low...high).contains(number) else { return false }
        return UInt(bitPattern: number &- low) % step.magnitude == 0  // exact: the distance fits 64 bits unsigned
    }

    var description: String { step == 1 ? "range(\(first), \(stop))" : "range(\(first), \(stop), \(step))" }
}
