internal import CKernels
internal import Quantization
package import Tensors

/// The CPU: kernels of one instruction set on a pool of threads, weights used where the file's mapping has them.
package final class CPUBackend: ComputeBackend, @unchecked Sendable {  // one thread at a time uses a backend
    package let instructionSet: InstructionSet
    let kernels: ck_kernels
    package let pool: ComputeThreadPool
    /// Room for what products need of their input; grows to the largest step.
    var staging = ProductStaging()

    package init(instructionSet: InstructionSet, pool: ComputeThreadPool) {
        self.instructionSet = instructionSet
        self.pool = pool
        kernels = instructionSet.kernels
    }

    package var description: String {
        "cpu (\(instructionSet.rawValue), \(pool.threadCount) thread\(pool.threadCount == 1 ? "" : "s"))"
    }

    package func makeBuffer(count: Int) throws(ComputeError) -> any DeviceBuffer {
        try CPUBuffer(count: count, purpose: "activations")
    }

    package func makeBuffer(_ tensor: TensorView) throws(ComputeError) -> any DeviceBuffer {
        guard WeightFormat.supported.contains(tensor.elementType) else {
            throw .unsupportedElementType(tensor: tensor.name, tensor.elementType)
        }
        let buffer = try CPUBuffer(count: tensor.shape.elementCount ?? 0, purpose: tensor.name)
        dequantize(
            tensor.bytes, as: tensor.elementType,
            into: UnsafeMutableBufferPointer(start: buffer.values, count: buffer.count))
        return buffer
    }

    package func makeMatrix(_ tensor: TensorView) throws(ComputeError) -> any DeviceMatrix {
        try CPUMatrix(tensor, kernels: kernels)
    }

    package func makeCache(_ geometry: CacheGeometry) throws(ComputeError) -> any DeviceCache {
        try CPUCache(geometry, kernels: kernels)
    }

    package func embed(_ tokenIDs: [Int32], from table: any DeviceMatrix, into output: any DeviceBuffer) {
        let table = cpu(table), output = cpu(output)
        precondition(output.count >= tokenIDs.count * table.columns, "embed: \(output.count) values of room")
        forRows(tokenIDs.count, valuesPerRow: table.columns * 16) { token in
            let row = Int(tokenIDs[token])
            precondition(row >= 0 && row < table.rows, "embed: token \(row) of \(table.rows)")
            dequantize(
                UnsafeRawBufferPointer(start: table.base + row * table.rowByteCount, count: table.rowByteCount),
                as: table.elementType,
                into: UnsafeMutableBufferPointer(start: output.values + token * table.columns, count: table.columns))
        }
    }

    package func normalize(
        _ input: any DeviceBuffer, rows: Int, weight: any DeviceBuffer, epsilon: Float, into output: any DeviceBuffer
    ) {
        let input = cpu(input), weight = cpu(weight), output = cpu(output), width = weight.count
        precondition(
            input.count >= rows * width && output.count >= rows * width,
            "normalize: \(rows) rows of \(width) in \(input.count) and \(output.count) values")
        forRows(rows, valuesPerRow: width) { row in
            kernels.rms_norm(
                input.values + row * width, weight.values, Int64(width), epsilon, output.values + row * width)
        }
    }

    package func rotate(
        _ heads: any DeviceBuffer, headCount: Int, headDimension: Int, angles: RotaryAngles, pairing: RotaryPairing
    ) {
        let heads = cpu(heads), pairs = angles.pairCount, tokenCount = angles.cosines.count / max(pairs, 1)
        precondition(
            heads.count >= tokenCount * headCount * headDimension && 2 * pairs <= headDimension
                && angles.sines.count == angles.cosines.count,
            "rotate: \(tokenCount) tokens of \(headCount)x\(headDimension) in \(heads.count) values, \(pairs) pairs")
        angles.cosines.withUnsafeBufferPointer { cosines in
            angles.sines.withUnsafeBufferPointer { sines in
                guard let cosines = cosines.baseAddress, let sines = sines.baseAddress else { return }
                forRows(tokenCount, valuesPerRow: headCount * headDimension) { token in
                    for head in 0..<headCount {
                        kernels.rotate(
                            heads.values + (token * headCount + head) * headDimension, Int64(pairs),
                            cosines + token * pairs, sines + token * pairs, pairing == .adjacent ? 1 : 0)
                    }
                }
            }
        }
    }

    package func multiplySiLU(
        gate: any DeviceBuffer, up: any DeviceBuffer, count: Int, into output: any DeviceBuffer
    ) {
        let gate = cpu(gate), up = cpu(up), output = cpu(output)
        precondition(min(gate.count, up.count, output.count) >= count, "multiplySiLU: \(count) values")
        forSlices(count) { start, length in
            kernels.silu_multiply(gate.values + start, up.values + start, Int64(length), output.values + start)
        }
    }

    package func add(_ input: any DeviceBuffer, to accumulator: any DeviceBuffer, count: Int) {
        let input = cpu(input), accumulator = cpu(accumulator)
        precondition(min(input.count, accumulator.count) >= count, "add: \(count) values")
        forSlices(count) { start, length in
            kernels.add(accumulator.values + start, input.values + start, Int64(length))
        }
    }

    package func gather(rows: [Int], width: Int, from input: any DeviceBuffer, into output: any DeviceBuffer) {
        let input = cpu(input), output = cpu(output)
        precondition(output.count >= rows.count * width, "gather: \(rows.count) rows of \(width)")
        for (index, row) in rows.enumerated() {
            precondition(row >= 0 && (row + 1) * width <= input.count, "gather: row \(row)")
            (output.values + index * width).update(from: input.values + row * width, count: width)
        }
    }

    package func read(_ buffer: any DeviceBuffer, count: Int) -> [Float] {
        let buffer = cpu(buffer)
        precondition(count <= buffer.count, "read: \(count) of \(buffer.count) values")
        return Array(UnsafeBufferPointer(start: buffer.values, count: count))
    }

    // MARK: Sharing work

    /// Below this many values an operation is done before a second thread could begin.
    private static let valuesWorthSharing = 16_384

    /// Rows, one item each where together they are worth it.
    func forRows(_ rows: Int, valuesPerRow: Int, _ body: (Int) -> Void) {
        guard rows > 1, rows * valuesPerRow >= Self.valuesWorthSharing else {
            for row in 0..<rows { body(row) }
            return
        }
        let perItem = (rows + 4 * pool.threadCount - 1) / (4 * pool.threadCount)
        pool.forEach((rows + perItem - 1) / perItem) { item in
            for row in item * perItem..<min((item + 1) * perItem, rows) { body(row) }
        }
    }

    private func forSlices(_ count: Int, _ body: (_ start: Int, _ length: Int) -> Void) {
        let slice = Self.valuesWorthSharing
        pool.forEach((count + slice - 1) / slice) { item in
            body(item * slice, min(slice, count - item * slice))
        }
    }

    // MARK: Own types

    /// - Precondition: The buffer comes from a CPU backend.
    func cpu(_ buffer: any DeviceBuffer) -> CPUBuffer {
        guard let own = buffer as? CPUBuffer else { preconditionFailure("CPUBackend: a buffer of another backend") }
        return own
    }

    func cpu(_ matrix: any DeviceMatrix) -> CPUMatrix {
        guard let own = matrix as? CPUMatrix else { preconditionFailure("CPUBackend: a matrix of another backend") }
        return own
    }

    func cpu(_ cache: any DeviceCache) -> CPUCache {
        guard let own = cache as? CPUCache else { preconditionFailure("CPUBackend: a cache of another backend") }
        return own
    }
}
