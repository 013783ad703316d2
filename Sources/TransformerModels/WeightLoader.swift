internal import Compute
internal import ModelFiles
internal import Tensors

/// Hands out a file's tensors by name, checks their shapes, and knows which were asked for.
struct WeightLoader {
    let file: any ModelFile
    let backend: any ComputeBackend
    private(set) var used: Set<String> = []

    init(file: any ModelFile, backend: any ComputeBackend) {
        self.file = file
        self.backend = backend
    }

    func has(_ name: String) -> Bool { file.entry(named: name) != nil }

    /// `[rows, columns]`
    mutating func matrix(
        _ name: String, rows: Int, columns: Int
    ) throws(TransformerModelError) -> any DeviceMatrix {
        let view = try view(name, shape: [rows, columns])
        do { return try backend.makeMatrix(view) } catch { throw .compute(file: file.path, error) }
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
