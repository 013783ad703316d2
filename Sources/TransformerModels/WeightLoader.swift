internal import Compute
internal import ModelFiles
internal import Tensors

/// Hands out a file's tensors by name, checks their shapes, and knows which were asked for.
struct WeightLoader {
    let file: any ModelFile
    let backend: any ComputeBackend
    /// Collects what is wrong instead of stopping at the first; nil in the ordinary case.
    let problems: WeightProblems?
    private(set) var used: Set<String> = []
    private let quantization: QuantizationAtLoad?
    /// Bytes of the matrices handed out so far.
    private var matrixByteCount = 0

    init(
        file: any ModelFile, backend: any ComputeBackend, quantization: QuantizationAtLoad? = nil,
        problems: WeightProblems? = nil
    ) {
        self.file = file
        self.backend = backend
        self.quantization = quantization
        self.problems = problems
    }

    func has(_ name: String) -> Bool { file.entry(named: name) != nil }

    /// `[rows, columns]`
    ///
    /// - Parameter isOutput: Whether it makes the logits.
    mutating func matrix(
        _ name: String, rows: Int, columns: Int, isOutput: Bool = false
    ) throws(TransformerModelError) -> any DeviceMatrix {
        let view = try view(name, shape: [rows, columns])
        let matrix: any DeviceMatrix
        do {
            if let type = quantization?.elementType(of: view.elementType, columns: columns, isOutput: isOutput) {
                matrix = try backend.makeMatrix(view, quantizedAs: type)
                if let entry = file.entry(named: name) { file.dropPages(of: entry) }
            } else {
                matrix = try backend.makeMatrix(view)
            }
        } catch {
            let substitute = try substitute(for: name, shape: [rows, columns], .compute(file: file.path, error))
            do { return try backend.makeMatrix(substitute) } catch { throw .compute(file: file.path, error) }
        }
        matrixByteCount += view.bytes.count
        quantization?.onProgress(matrixByteCount, totalMatrixByteCount)
        return matrix
    }

    private var totalMatrixByteCount: Int {
        file.tensors.reduce(0) { $0 + ($1.shape.dimensions.count == 2 ? $1.byteRange.count : 0) }
    }

    /// `[count]` as float32
    mutating func vector(_ name: String, count: Int) throws(TransformerModelError) -> any DeviceBuffer {
        let view = try view(name, shape: [count])
        do { return try backend.makeBuffer(view) } catch {
            let substitute = try substitute(for: name, shape: [count], .compute(file: file.path, error))
            do { return try backend.makeBuffer(substitute) } catch { throw .compute(file: file.path, error) }
        }
    }

    mutating func optionalVector(_ name: String, count: Int) throws(TransformerModelError) -> (any DeviceBuffer)? {
        has(name) ? try vector(name, count: count) : nil
    }

    /// - Throws: `.unusedTensors` where the file has tensors that nobody asked for: they mean something that is not computed.
    func checkAllUsed() throws(TransformerModelError) {
        let unused = file.tensors.map(\.name).filter { !used.contains($0) }
        guard !unused.isEmpty else { return }
        let error = TransformerModelError.unusedTensors(file: file.path, unused)
        guard let problems else { throw error }
        problems.append(error)
    }

    private mutating func view(_ name: String, shape: [Int]) throws(TransformerModelError) -> TensorView {
        used.insert(name)
        guard let entry = file.entry(named: name) else {
            return try substitute(for: name, shape: shape, .missingTensor(file: file.path, name))
        }
        guard entry.shape.dimensions == shape else {
            let error = TransformerModelError.wrongShape(
                file: file.path, offset: entry.byteRange.lowerBound, tensor: name, expected: "\(Shape(shape))",
                found: "\(entry.shape)")
            return try substitute(for: name, shape: shape, error)
        }
        return file.view(of: entry)
    }

    /// Zeros in the place of a tensor that cannot be used, so that the others are looked at too.
    ///
    /// - Throws: `error`, where problems are not collected or nothing can stand in.
    private func substitute(
        for name: String, shape: [Int], _ error: TransformerModelError
    ) throws(TransformerModelError) -> TensorView {
        guard let problems, let zeros = problems.note(error, shape: Shape(shape), name: name) else { throw error }
        return zeros
    }
}
