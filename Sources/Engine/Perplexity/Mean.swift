/// A mean of observations, and how far it may be off.
package struct Mean: Sendable, Equatable {
    package private(set) var count = 0
    private var sum = 0.0
    private var squares = 0.0

    package init() {}

    package mutating func add(_ value: Double) {
        count += 1
        sum += value
        squares += value * value
    }

    package var value: Double { count > 0 ? sum / Double(count) : .nan }

    /// The standard error of the mean, for independent observations.
    package var error: Double {
        guard count > 1 else { return .nan }
        return (max(0, squares / Double(count) - value * value) / Double(count - 1)).squareRoot()
    }
}
