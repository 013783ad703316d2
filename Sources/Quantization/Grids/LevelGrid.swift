/// A format's list of small vectors: in place of levels, a block stores which entry of the grid they are.
///
/// The memory lives as long as the program, so that kernels may read it through a plain pointer.
package struct LevelGrid: @unchecked Sendable {  // never written after init, never freed
    /// `[entryCount, width]`
    package let levels: UnsafePointer<Int8>
    package let entryCount: Int
    /// Levels per entry.
    package let width: Int
    /// The same as floats, `[width, entryCount]`: a search goes over all entries at once.
    private let columns: UnsafePointer<Float>

    /// - Parameter levels: `[entryCount, width]`
    init(levels: [Int8], width: Int = 1) {
        entryCount = levels.count / width
        self.width = width
        let memory = UnsafeMutablePointer<Int8>.allocate(capacity: levels.count)
        let columns = UnsafeMutablePointer<Float>.allocate(capacity: levels.count)
        for (index, level) in levels.enumerated() {
            (memory + index).initialize(to: level)
            (columns + index % width * entryCount + index / width).initialize(to: Float(level))
        }
        self.levels = UnsafePointer(memory)
        self.columns = UnsafePointer(columns)
    }

    /// - Parameters:
    ///   - packed: An entry each: level i, as an index into `values`, from bit `bitsPerLevel · i` on.
    ///   - values: What the indices stand for; `2^bitsPerLevel` of them, or as many as the table uses.
    init(_ packed: [UInt16], width: Int, bitsPerLevel: Int, values: [Int8]) {
        let mask = (1 << bitsPerLevel) - 1
        self.init(
            levels: packed.flatMap { entry in
                (0..<width).map { values[Int(entry >> (bitsPerLevel * $0)) & mask] }
            }, width: width)
    }

    /// - Precondition: Both are inside the grid.
    @inline(__always)
    func level(_ index: Int, ofEntry entry: Int) -> Int {
        precondition(entry < entryCount && index < width, "LevelGrid: level \(index) of entry \(entry)")
        return Int(levels[entry * width + index])
    }

    /// The entry with the least sum of squared differences to `targets[start..<start + width]`, and that sum; the first of
    /// equals, and entry 0 where no sum is a number.
    ///
    /// - Complexity: O(`entryCount · width`)
    func nearest(to targets: [8 of Float], from start: Int) -> (entry: Int, error: Float) {
        var best = (entry: 0, error: Float.infinity)
        withUnsafeTemporaryAllocation(of: Float.self, capacity: entryCount) { errors in
            errors.initialize(repeating: 0)
            for index in 0..<width {
                let (target, column) = (targets[start + index], columns + index * entryCount)
                for entry in 0..<entryCount {
                    let difference = target - column[entry]
                    errors[entry] += difference * difference
                }
            }
            for entry in 0..<entryCount where errors[entry] < best.error { best = (entry, errors[entry]) }
        }
        return best
    }
}

extension LevelGrid {
    package static let iq2XXS = iq2(GridTables.iq2XXS)
    package static let iq2XS = iq2(GridTables.iq2XS)
    package static let iq2S = iq2(GridTables.iq2S)
    package static let iq3XXS = LevelGrid(
        GridTables.iq3XXS, width: 4, bitsPerLevel: 3, values: [4, 12, 20, 28, 36, 44, 52, 62])
    package static let iq3S = LevelGrid(
        GridTables.iq3S, width: 4, bitsPerLevel: 3, values: [1, 3, 5, 7, 9, 11, 13, 15])
    /// In eighths, as the shift that a group of IQ1 levels has is one eighth.
    package static let iq1 = LevelGrid(GridTables.iq1, width: 8, bitsPerLevel: 2, values: [-8, 0, 8])

    private static func iq2(_ packed: [UInt16]) -> LevelGrid {
        LevelGrid(packed, width: 8, bitsPerLevel: 2, values: [8, 25, 43])
    }
}

/// The grids as numbers, see `LevelGrid.init`.
enum GridTables {}
