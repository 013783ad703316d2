/// Eight values of an IQ1 format: an entry of `LevelGrid.iq1`, all levels of which are shifted by +1 or −1 eighth.
struct ShiftedGroup {
    let entry: Int
    /// Sum of the squared differences, in units of the grid.
    let error: Float

    /// - Parameters:
    ///   - factor: What turns a value into units of the grid's levels.
    ///   - isShiftedDown: By −1 rather than by +1.
    init(_ values: Span<Float>, from start: Int, factor: Float, isShiftedDown: Bool) {
        var targets: [8 of Float] = .init(repeating: 0)
        for index in 0..<8 { targets[index] = values[start + index] * factor + (isShiftedDown ? 1 : -1) }
        (entry, error) = LevelGrid.iq1.nearest(to: targets, from: 0)
    }

    /// Writes `step · (level ± 1)` to `values[start..<start + 8]`.
    @inline(__always)
    static func decode(
        entry: Int, isShiftedDown: Bool, step: Float, into values: inout MutableSpan<Float>, from start: Int
    ) {
        for index in 0..<8 {
            let level = LevelGrid.iq1.level(index, ofEntry: entry) + (isShiftedDown ? -1 : 1)
            values[start + index] = step * Float(level)
        }
    }
}
