/// A tensor's dimensions, outermost first: the last one is contiguous in memory.
///
/// Conventions of the whole engine: memory is row-major, weights are `[rows, columns]`, and a product is
/// `output[T, rows] = input[T, columns] · weightsᵀ`. GGUF lists dimensions the other way round; its reader reverses them.
package struct Shape: Sendable, Hashable, CustomStringConvertible {
    package let dimensions: [Int]

    package init(_ dimensions: [Int]) { self.dimensions = dimensions }

    /// The product of the dimensions, or nil where one is negative or the product leaves Int's range.
    package var elementCount: Int? {
        var count = 1
        for dimension in dimensions {
            guard dimension >= 0 else { return nil }
            let (product, overflow) = count.multipliedReportingOverflow(by: dimension)
            if overflow { return nil }
            count = product
        }
        return count
    }

    /// `[32000, 2048]`
    package var description: String { "[" + dimensions.map(String.init).joined(separator: ", ") + "]" }
}
