internal import CKernels
internal import Tensors

/// Float32 values in aligned memory.
final class CPUBuffer: DeviceBuffer, @unchecked Sendable {  // one thread at a time uses a backend
    let values: UnsafeMutablePointer<Float>
    let count: Int
    private let memory: AlignedMemory<Float>

    /// Sixteen values more than asked for, so that a vector load of the last ones stays inside.
    init(count: Int, purpose: String) throws(ComputeError) {
        let (padded, overflow) = count.addingReportingOverflow(16)
        memory = try AlignedMemory(count: overflow ? Int.max : padded, purpose: purpose)
        values = memory.pointer
        self.count = count
    }
}

/// A weight matrix in the file's mapping.
final class CPUMatrix: DeviceMatrix, @unchecked Sendable {  // nothing changes after init; kernels are pure functions
    let tensor: TensorView
    let rows: Int
    let columns: Int
    let rowByteCount: Int
    let format: WeightFormat.Product

    init(_ tensor: TensorView, kernels: ck_kernels) throws(ComputeError) {
        guard tensor.shape.dimensions.count == 2, let columns = tensor.shape.dimensions.last,
            let rows = tensor.shape.dimensions.first
        else { throw .wrongRank(tensor: tensor.name, shape: tensor.shape) }
        guard let format = WeightFormat.product(for: tensor.elementType, in: kernels),
            let rowByteCount = tensor.elementType.blockFormat.byteCount(elementCount: columns)
        else { throw .unsupportedElementType(tensor: tensor.name, tensor.elementType) }
        self.tensor = tensor
        self.rows = rows
        self.columns = columns
        self.rowByteCount = rowByteCount
        self.format = format
    }

    var name: String { tensor.name }
    var elementType: ElementType { tensor.elementType }
    var byteCount: Int { tensor.bytes.count }

    /// Row 0.
    var base: UnsafeRawPointer {
        guard let base = tensor.bytes.baseAddress else { preconditionFailure("CPUMatrix: \(name) is empty") }
        return base
    }
}

/// Keys and values of all layers, block by block: `[block, layer, head, (keys | values)]` of 32 tokens each, which lie as
/// their element type asks.
final class CPUCache: DeviceCache, @unchecked Sendable {  // one thread at a time uses a backend
    let geometry: CacheGeometry
    let kernels: ck_cache_kernels
    /// The head dimension in memory.
    let paddedDimension: Int
    let headByteCount: Int
    let blockByteCount: Int
    private let memory: AlignedMemory<UInt8>

    init(_ geometry: CacheGeometry, kernels: ck_kernels) throws(ComputeError) {
        let dimension = geometry.headDimension
        guard (2...256).contains(dimension), dimension.isMultiple(of: 2) else {
            throw .unsupportedHeadDimension(dimension)
        }
        guard let kernels = CacheFormat.kernels(for: geometry.elementType, in: kernels) else {
            preconditionFailure("CPUCache: elements of \(geometry.elementType)")
        }
        self.geometry = geometry
        self.kernels = kernels
        paddedDimension = geometry.paddedDimension
        headByteCount = CacheGeometry.tokensPerBlock * geometry.byteCountPerHead
        let (perBlock, overflow) = headByteCount.multipliedReportingOverflow(
            by: geometry.layerCount * geometry.keyValueHeadCount)
        let (total, overflow2) = perBlock.multipliedReportingOverflow(by: geometry.blockCount)
        guard !overflow, !overflow2 else { throw .outOfMemory(byteCount: Int.max, purpose: "the key/value cache") }
        blockByteCount = perBlock
        memory = try AlignedMemory(count: total, purpose: "the key/value cache")
    }

    /// Address of a block. A block number outside the cache is a wrong call.
    func block(_ number: Int32) -> UnsafeMutablePointer<UInt8> {
        precondition(number >= 0 && number < geometry.blockCount, "CPUCache: block \(number) of \(geometry.blockCount)")
        return memory.pointer + Int(number) * blockByteCount
    }

    /// Bytes from a block's address to the keys of one head.
    func offset(layer: Int, head: Int) -> Int { (layer * geometry.keyValueHeadCount + head) * headByteCount }
}
