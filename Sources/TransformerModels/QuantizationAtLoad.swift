package import Tensors

/// Which matrices of a model are made smaller while it is loaded, and how far that has come.
package struct QuantizationAtLoad: Sendable {
    /// Of the matrices whose rows fill whole blocks of it.
    package let elementType: ElementType
    /// Told after each matrix: bytes of the file that are done, and of all. On the loading thread.
    package let onProgress: @Sendable (_ done: Int, _ total: Int) -> Void

    package init(
        _ elementType: ElementType, onProgress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) {
        self.elementType = elementType
        self.onProgress = onProgress
    }

    /// What is taken instead where rows do not fill blocks of 256, in blocks of 32 and not smaller.
    private static let substitutes: [ElementType: ElementType] = [.q4K: .q5_0, .q5K: .q5_1, .q6K: .q8_0]

    /// The type of a matrix after loading; nil where it stays as it is: its rows do not fill blocks, or it is no larger already.
    ///
    /// - Parameter isOutput: The matrix that makes logits. Errors there are not evened out by anything behind it, so that types
    ///   below six bits become Q6_K, as in the usual mixes.
    package func elementType(of entryType: ElementType, columns: Int, isOutput: Bool) -> ElementType? {
        let wanted: ElementType =
            isOutput && Self.bitsPerElement(elementType) < Self.bitsPerElement(.q6K) ? .q6K : elementType
        for type in [wanted, Self.substitutes[wanted]].compactMap(\.self) {
            guard let size = type.blockFormat.byteCount(elementCount: columns) else { continue }
            guard let oldSize = entryType.blockFormat.byteCount(elementCount: columns), size < oldSize else {
                return nil
            }
            return type
        }
        return nil
    }

    private static func bitsPerElement(_ type: ElementType) -> Double {
        Double(8 * type.blockFormat.bytesPerBlock) / Double(type.blockFormat.elementsPerBlock)
    }
}
