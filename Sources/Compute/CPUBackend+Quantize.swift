internal import Quantization
package import Tensors

extension CPUBackend {
    /// Rows that a thread takes at a time.
    private static let rowsPerItem = 32

    package func makeMatrix(
        _ tensor: TensorView, quantizedAs type: ElementType
    ) throws(ComputeError) -> any DeviceMatrix {
        guard BlockCodecs.supported.contains(tensor.elementType) else {
            throw .unsupportedElementType(tensor: tensor.name, tensor.elementType)
        }
        guard tensor.shape.dimensions.count == 2, let rows = tensor.shape.dimensions.first,
            let columns = tensor.shape.dimensions.last
        else { throw .wrongRank(tensor: tensor.name, shape: tensor.shape) }
        guard BlockCodecs.supported.contains(type), let rowSize = type.blockFormat.byteCount(elementCount: columns),
            let sourceRowSize = tensor.elementType.blockFormat.byteCount(elementCount: columns)
        else { throw .unsupportedElementType(tensor: tensor.name, type) }
        let (size, overflow) = rows.multipliedReportingOverflow(by: rowSize)
        guard !overflow else { throw .outOfMemory(byteCount: .max, purpose: tensor.name) }
        let memory = try AlignedMemory<UInt8>(count: size, purpose: "the quantized '\(tensor.name)'")
        pool.forEach((rows + Self.rowsPerItem - 1) / Self.rowsPerItem) { item in
            let range = item * Self.rowsPerItem..<min((item + 1) * Self.rowsPerItem, rows)
            let source = UnsafeRawBufferPointer(
                rebasing: tensor.bytes[range.lowerBound * sourceRowSize..<range.upperBound * sourceRowSize])
            let target = UnsafeMutableBufferPointer(
                start: memory.pointer + range.lowerBound * rowSize, count: range.count * rowSize)
            withUnsafeTemporaryAllocation(of: Float.self, capacity: range.count * columns) { values in
                dequantize(source, as: tensor.elementType, into: values)
                var bytes = target.mutableSpan
                quantize(UnsafeBufferPointer(values).span, as: type, into: &bytes)
            }
        }
        return try CPUMatrix(
            TensorView(
                name: tensor.name, elementType: type, shape: tensor.shape,
                bytes: UnsafeRawBufferPointer(start: memory.pointer, count: size), owner: memory),
            kernels: kernels)
    }
}
