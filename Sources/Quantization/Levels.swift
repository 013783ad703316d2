/// The integer part of `value`, held inside `range`; NaN gives the lower bound, so that no input can trap.
func level(_ value: Float, in range: ClosedRange<Int>) -> Int {
    guard value > Float(range.lowerBound) else { return range.lowerBound }
    guard value < Float(range.upperBound) else { return range.upperBound }
    return Int(value)
}

/// The nearest integer to `value`, halves away from zero, held inside `range`; NaN gives the lower bound.
func nearestLevel(_ value: Float, in range: ClosedRange<Int>) -> Int {
    level(value.rounded(.toNearestOrAwayFromZero), in: range)
}

/// `1 / scale`, or 0 for a scale of 0: the block's levels are then all 0.
func inverse(_ scale: Float) -> Float { scale == 0 ? 0 : 1 / scale }

extension Span<Float> {
    /// The least and the greatest value of `range`, which is not empty.
    func bounds(in range: Range<Int>) -> (least: Float, greatest: Float) {
        var (least, greatest) = (self[range.lowerBound], self[range.lowerBound])
        for index in range.dropFirst() {
            least = Swift.min(least, self[index])
            greatest = Swift.max(greatest, self[index])
        }
        return (least, greatest)
    }

    /// The value of `range` that is farthest from zero, with its sign; the first of equals.
    func farthestFromZero(in range: Range<Int>) -> Float {
        var farthest: Float = 0
        for index in range where self[index].magnitude > farthest.magnitude || self[index].isNaN {
            farthest = self[index]
        }
        return farthest
    }
}
