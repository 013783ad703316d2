/// How often a measured value was how large: counts by upper bounds, as Prometheus keeps them.
public struct Histogram: Sendable, Equatable {
    /// Upper bounds, inclusive, ascending.
    public let bounds: [Double]
    /// Values up to each bound and above the one before; the last are those above all bounds.
    public private(set) var counts: [Int]
    public private(set) var sum = 0.0

    public init(bounds: [Double]) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count + 1)
    }

    public var count: Int { counts.reduce(0, +) }

    public mutating func record(_ value: Double) {
        counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
        sum += value
    }

    mutating func record(_ duration: Duration) { record(duration / .seconds(1)) }

    /// Seconds, from a millisecond to ten minutes.
    static let durations = Histogram(bounds: [
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600,
    ])
    /// Tokens, from one to 131072, in powers of two.
    static let tokenCounts = Histogram(bounds: (0...17).map { Double(1 << $0) })
    /// Requests in a step.
    static let requestCounts = Histogram(bounds: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512])
}
