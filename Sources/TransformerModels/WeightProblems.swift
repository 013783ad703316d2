internal import Tensors

#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// What is wrong with the tensors of a file, all of it rather than the first.
final class WeightProblems {
    private(set) var errors: [TransformerModelError] = []
    /// A file that lacks more than this is not worth a longer list.
    private static let limit = 100

    func append(_ error: TransformerModelError) { errors.append(error) }

    /// Notes the error and gives zeros in the place of the tensor; nil where there are too many errors or it is too large.
    func note(_ error: TransformerModelError, shape: Shape, name: String) -> TensorView? {
        guard errors.count < Self.limit, let count = shape.elementCount, count > 0, count < 1 << 32,
            let zeros = ZeroMemory(byteCount: 4 * count)
        else { return nil }
        errors.append(error)
        return TensorView(
            name: name, elementType: .float32, shape: shape, bytes: zeros.bytes, owner: zeros)
    }

    /// Pages that the system does not provide before somebody touches them.
    private final class ZeroMemory {
        let bytes: UnsafeRawBufferPointer

        init?(byteCount: Int) {
            guard let base = calloc(byteCount, 1) else { return nil }
            bytes = UnsafeRawBufferPointer(start: base, count: byteCount)
        }

        deinit { free(UnsafeMutableRawPointer(mutating: bytes.baseAddress)) }
    }
}
