import Compute
import Quantization
import Tensors
import TestSupport

/// Backends and tensors for tests.
enum BackendSupport {
    static func backend(_ instructionSet: InstructionSet, threads: Int = 1) -> CPUBackend {
        CPUBackend(
            instructionSet: instructionSet, pool: ComputeThreadPool(threadCount: threads, pinned: false))
    }

    /// Bytes in memory as a tensor.
    static func tensor(_ bytes: [UInt8], _ type: ElementType, shape: [Int]) -> TensorView {
        let owner = OwnedBytes(bytes)
        return TensorView(
            name: "test", elementType: type, shape: Shape(shape), bytes: UnsafeRawBufferPointer(owner.buffer),
            owner: owner)
    }

    static func tensor(_ values: [Float]) -> TensorView {
        tensor(values.withUnsafeBytes { Array($0) }, .float32, shape: [values.count])
    }

    static func buffer(_ values: [Float], _ backend: CPUBackend) throws -> any DeviceBuffer {
        try backend.makeBuffer(tensor(values))
    }

    /// Random weights of any type.
    static func randomMatrix(_ type: ElementType, rows: Int, columns: Int, seed: UInt64) -> TensorView {
        let blocks = rows * columns / type.blockFormat.elementsPerBlock
        return tensor(
            RandomBlocks.row(elementType: type.rawValue, blockCount: blocks, seed: seed), type,
            shape: [rows, columns])
    }

    static func decoded(_ tensor: TensorView) -> [Float] {
        var values = [Float](repeating: 0, count: tensor.shape.elementCount ?? 0)
        values.withUnsafeMutableBufferPointer { dequantize(tensor.bytes, as: tensor.elementType, into: $0) }
        return values
    }

    final class OwnedBytes {
        let buffer: UnsafeMutableRawBufferPointer
        init(_ bytes: [UInt8]) {
            buffer = .allocate(byteCount: bytes.count, alignment: 1)
            buffer.copyBytes(from: bytes)
        }
        deinit { buffer.deallocate() }
    }
}

extension [Float] {
    var bitPatterns: [UInt32] { map(\.bitPattern) }
}
