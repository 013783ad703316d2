package import Tensors

/// A device that holds tensors and computes with them.
///
/// Operations are whole (over all tokens of a step) and work on buffers that lie where the device wants them, so that a GPU
/// can implement them without round trips; only `read` brings numbers back. One thread at a time uses a backend.
///
/// Letters: `T` tokens of the step, `C` width, `H` heads, `K` key/value heads, `D` head dimension.
package protocol ComputeBackend: AnyObject, Sendable {
    /// For people: `cpu (avx512, 2 threads)`.
    var description: String { get }

    /// Uninitialised room for `count` float32 values.
    func makeBuffer(count: Int) throws(ComputeError) -> any DeviceBuffer
    /// A vector of the file (a norm's weights, a bias) as float32.
    func makeBuffer(_ tensor: TensorView) throws(ComputeError) -> any DeviceBuffer
    /// A weight matrix `[rows, columns]`, used where it lies.
    func makeMatrix(_ tensor: TensorView) throws(ComputeError) -> any DeviceMatrix
    /// A weight matrix `[rows, columns]` in memory of its own, each row encoded as blocks of `type`.
    ///
    /// - Throws: `.unsupportedElementType` where one of the two types has no codec or rows are not whole blocks.
    func makeMatrix(_ tensor: TensorView, quantizedAs type: ElementType) throws(ComputeError) -> any DeviceMatrix
    func makeCache(_ geometry: CacheGeometry) throws(ComputeError) -> any DeviceCache

    /// output `[T, C]` = rows `tokenIDs` of the table.
    func embed(_ tokenIDs: [Int32], from table: any DeviceMatrix, into output: any DeviceBuffer)
    /// RMSNorm over `rows` rows of `weight.count` values each; input and output may be the same buffer.
    func normalize(
        _ input: any DeviceBuffer, rows: Int, weight: any DeviceBuffer, epsilon: Float, into output: any DeviceBuffer)
    /// output `[T, rows]` = input `[T, columns]` · weightsᵀ + bias, for several matrices over one input.
    func multiply(_ products: [MatrixProduct], input: any DeviceBuffer, tokenCount: Int)
    /// Rotates `[T, headCount, D]` in place by the angles of each token's position.
    func rotate(
        _ heads: any DeviceBuffer, headCount: Int, headDimension: Int, angles: RotaryAngles, pairing: RotaryPairing)
    /// Writes keys and values `[T, K, D]` to the cache slots of the step's tokens.
    func store(
        keys: any DeviceBuffer, values: any DeviceBuffer, in cache: any DeviceCache, layer: Int,
        sequences: [SequenceSlice])
    /// output `[T, H, D]` = softmax(queries · keysᵀ · scale) · values, each token seeing its own sequence up to itself.
    func attend(
        queries: any DeviceBuffer, headCount: Int, scale: Float, cache: any DeviceCache, layer: Int,
        sequences: [SequenceSlice], into output: any DeviceBuffer)
    /// output = gate · sigmoid(gate) · up over `count` values; output may be one of the inputs.
    func multiplySiLU(gate: any DeviceBuffer, up: any DeviceBuffer, count: Int, into output: any DeviceBuffer)
    /// accumulator += input over `count` values.
    func add(_ input: any DeviceBuffer, to accumulator: any DeviceBuffer, count: Int)
    /// output row i = input row `rows[i]`, rows of `width` values.
    func gather(rows: [Int], width: Int, from input: any DeviceBuffer, into output: any DeviceBuffer)
    /// Waits for what was asked and copies the first `count` values out.
    func read(_ buffer: any DeviceBuffer, count: Int) -> [Float]
}

/// Float32 values on a device.
package protocol DeviceBuffer: AnyObject, Sendable {
    var count: Int { get }
}

/// A weight matrix on a device, in its own element type.
package protocol DeviceMatrix: AnyObject, Sendable {
    var name: String { get }
    var rows: Int { get }
    var columns: Int { get }
    var elementType: ElementType { get }
    var byteCount: Int { get }
}

/// Key/value memory on a device: blocks of `CacheGeometry.tokensPerBlock` tokens for all layers.
package protocol DeviceCache: AnyObject, Sendable {
    var geometry: CacheGeometry { get }
    /// Gives the memory of blocks that hold nothing back to the system, as far as it can be; it is there again when they are
    /// written. What they held is lost.
    func discard(_ blocks: Range<Int32>)
}

/// One of several products over the same input.
package struct MatrixProduct {
    package let weights: any DeviceMatrix
    package let bias: (any DeviceBuffer)?
    package let output: any DeviceBuffer

    package init(weights: any DeviceMatrix, bias: (any DeviceBuffer)? = nil, output: any DeviceBuffer) {
        self.weights = weights
        self.bias = bias
        self.output = output
    }
}

/// Which two channels of a head form a pair.
package enum RotaryPairing: Sendable {
    /// (2i, 2i + 1)
    case adjacent
    /// (i, i + pairs), as in GPT-NeoX
    case halves
}

/// Cosines and sines `[T, pairCount]` of a step's tokens.
package struct RotaryAngles: Sendable {
    package let pairCount: Int
    package let cosines: [Float]
    package let sines: [Float]

    package init(pairCount: Int, cosines: [Float], sines: [Float]) {
        self.pairCount = pairCount
        self.cosines = cosines
        self.sines = sines
    }
}

/// The tokens that one sequence has in a step, and where its keys and values lie.
package struct SequenceSlice: Sendable, Equatable {
    /// Indices into the step's tokens.
    package let tokens: Range<Int>
    /// The position of the first of them in its sequence.
    package let startPosition: Int
    /// Cache blocks of the sequence, in order; they hold at least `startPosition + tokens.count` tokens.
    package let blocks: [Int32]

    package init(tokens: Range<Int>, startPosition: Int, blocks: [Int32]) {
        self.tokens = tokens
        self.startPosition = startPosition
        self.blocks = blocks
    }
}
