internal import Compute
internal import ModelFiles
internal import Tensors

/// Hands out a file's tensors by name, checks their shapes, and knows which were asked for.
struct WeightLoader {
    let file: any ModelFile
    let backend: any ComputeBackend
    private(set) var used: Set<String> = []
    private let quantization: QuantizationAtLoad?
    /// Bytes of the matrices handed out so far.
    private var matrixByteCount = 0

    init(file: any ModelFile, backend: any ComputeBackend, quantization: QuantizationAtLoad? = nil) {
        self.file = file
        self.backend = backend
        self.quantization = quantization
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
        } catch { throw .compute(file: file.path, error) }
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
        do { return try backend.makeBuffer(view) } catch { throw .compute(file: file.path, error) }
    }

    mutating func optionalVector(_ name: String, count: Int) throws(TransformerModelError) -> (any DeviceBuffer)? {
        has(name) ? try vector(name, count: count) : nil
    }

    /// - Throws: `.unusedTensors` where the file has tensors that nobody asked for: they mean something that is not computed.
    func checkAllUsed() throws(TransformerModelError) {
        let unused = file.tensors.map(\.name).filter { !used.contains($0) }
        guard unused.isEmpty else { throw .unusedTensors(file: file.path, unused) }
    }

    private mutating func view(_ name: String, shape: [Int]) throws(TransformerModelError) -> TensorView {
        guard let entry = file.entry(named: name) else { throw .missingTensor(file: file.path, name) }
        guard entry.shape.dimensions == shape else {
            throw .wrongShape(
                file: file.path, offset: entry.byteRange.lowerBound, tensor: name, expected: "\(Shape(shape))",
                found: "\(entry.shape)")
        }
        used.insert(name)
        return file.view(of: entry)
    }
}
