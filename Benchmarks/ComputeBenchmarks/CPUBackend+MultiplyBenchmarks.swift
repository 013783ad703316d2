import Benchmark
import Compute
import Tensors
import TestSupport

/// Products by each weight format: one token against weights that come from memory, as in generation, and 64 tokens against
/// a matrix of one layer, as in a prompt.
func registerProducts() {
    for type in WeightFormat.supported {
        guard let rowByteCount = type.blockFormat.byteCount(elementCount: Geometry.width) else { continue }
        let coldRows = Geometry.coldByteCount / rowByteCount / 32 * 32
        register("multiply \(type.rawValue), 1 token", Rate.bytesRead, amount: coldRows * rowByteCount) {
            try product(type, rows: coldRows, tokenCount: 1)
        }
        let rows = Geometry.width
        register(
            "multiply \(type.rawValue), 64 tokens", Rate.multiplyAdds, amount: 64 * rows * Geometry.width
        ) {
            try product(type, rows: rows, tokenCount: 64)
        }
    }
}

private func product(_ type: ElementType, rows: Int, tokenCount: Int) throws -> () -> any DeviceBuffer {
    let backend = try CPUBackend.make()
    let weights = try backend.makeMatrix(RepeatedRows.tensor(type, rows: rows))
    let input = try backend.makeRandomBuffer(count: tokenCount * Geometry.width, seed: 1)
    let output = try backend.makeBuffer(count: tokenCount * rows)
    return {
        backend.multiply([MatrixProduct(weights: weights, output: output)], input: input, tokenCount: tokenCount)
        return output
    }
}

/// Weights that are quick to make: the same few random rows over and over.
private final class RepeatedRows {
    private let bytes: UnsafeMutableRawBufferPointer

    private init(_ pattern: [UInt8], byteCount: Int) {
        bytes = .allocate(byteCount: byteCount, alignment: 64)
        for start in stride(from: 0, to: byteCount, by: pattern.count) {
            UnsafeMutableRawBufferPointer(rebasing: bytes[start...])
                .copyBytes(from: pattern.prefix(byteCount - start))
        }
    }

    deinit { bytes.deallocate() }

    /// `[rows, Geometry.width]`
    static func tensor(_ type: ElementType, rows: Int) -> TensorView {
        let blocksPerRow = Geometry.width / type.blockFormat.elementsPerBlock
        let pattern = RandomBlocks.row(elementType: type.rawValue, blockCount: 32 * blocksPerRow, seed: 7)
        let owner = RepeatedRows(pattern, byteCount: rows * blocksPerRow * type.blockFormat.bytesPerBlock)
        return TensorView(
            name: type.rawValue, elementType: type, shape: Shape([rows, Geometry.width]),
            bytes: UnsafeRawBufferPointer(owner.bytes), owner: owner)
    }
}
