internal import CKernels
internal import Quantization
internal import Tensors

/// The forms of a product's input, made once for all matrices that share it.
struct ProductStaging {
    private(set) var quants: [Int: QuantizedActivations] = [:]  // by group size
    private(set) var padded: AlignedMemory<Float>?
    private(set) var rounded: AlignedMemory<Float>?

    struct QuantizedActivations {
        let quants: AlignedMemory<Int8>  // [T, columns]
        let scales: AlignedMemory<Float>  // [T, columns / group]
        let sums16: AlignedMemory<Int16>  // [T, columns / 16]
        let sums32: AlignedMemory<Int16>  // [T, columns / 32]
    }

    /// Memory is virtual until touched, so running out here means an address space limit; there is nothing sensible left to do
    /// in the middle of a step.
    private static func memory<T: BitwiseCopyable>(_ count: Int) -> AlignedMemory<T> {
        do { return try AlignedMemory(count: count, purpose: "activations") } catch {
            preconditionFailure("ProductStaging: \(error)")
        }
    }

    mutating func quantized(group: Int, valueCount: Int) -> QuantizedActivations {
        if let held = quants[group], held.quants.count >= valueCount { return held }
        let made = QuantizedActivations(
            quants: Self.memory(valueCount), scales: Self.memory(valueCount / group),
            sums16: Self.memory(valueCount / 16), sums32: Self.memory(valueCount / 32))
        quants[group] = made
        return made
    }

    mutating func paddedRows(valueCount: Int) -> UnsafeMutablePointer<Float> {
        Self.room(valueCount, in: &padded)
    }

    mutating func roundedRows(valueCount: Int) -> UnsafeMutablePointer<Float> {
        Self.room(valueCount, in: &rounded)
    }

    private static func room(_ count: Int, in held: inout AlignedMemory<Float>?) -> UnsafeMutablePointer<Float> {
        if let held, held.count >= count { return held.pointer }
        let made: AlignedMemory<Float> = memory(count)
        held = made
        return made.pointer
    }
}

extension CPUBackend {
    /// Tokens that share one unpacked tile: enough to hide the unpacking, few enough to stay in the second-level cache.
    private static let activationBytesPerPass = 512 * 1024
    /// Rows of plain numbers that all tokens meet before the next ones come: they stay in the second-level cache.
    private static let floatBytesPerItem = 512 * 1024

    package func multiply(_ products: [MatrixProduct], input: any DeviceBuffer, tokenCount: Int) {
        guard let columns = products.first?.weights.columns, tokenCount > 0 else { return }
        let input = cpu(input)
        precondition(input.count >= tokenCount * columns, "multiply: \(tokenCount)x\(columns) in \(input.count) values")
        let work = products.map { product in
            let weights = cpu(product.weights), output = cpu(product.output)
            precondition(
                weights.columns == columns && output.count >= tokenCount * weights.rows,
                "multiply: \(weights.name) \(weights.rows)x\(weights.columns), \(output.count) values of room")
            precondition(product.bias.map { $0.count == weights.rows } ?? true, "multiply: bias of \(weights.name)")
            return ProductWork(weights: weights, bias: product.bias.map(cpu), output: output)
        }
        let prepared = prepare(work, input: input, tokenCount: tokenCount, columns: columns)

        // Row ranges of all matrices are one list of items, so that small matrices do not wait for each other.
        let totalRows = work.reduce(0) { $0 + $1.weights.rows }
        let share = max(32, totalRows / (8 * pool.threadCount) / 32 * 32)
        // An item's first rows are not asked for before they are used, so with few tokens, where memory is the bound, items are long.
        let longest = tokenCount > 32 ? min(share, 128) : share
        var items: [(work: Int, rows: Range<Int>)] = []
        for (index, one) in work.enumerated() {
            let fitting = max(32, Self.floatBytesPerItem / one.weights.rowByteCount / 32 * 32)
            let rowsPerItem = tokenCount == 1 || one.weights.format.isOfBlocks ? longest : min(longest, fitting)
            for start in stride(from: 0, to: one.weights.rows, by: rowsPerItem) {
                items.append((index, start..<min(start + rowsPerItem, one.weights.rows)))
            }
        }
        let tokensPerPass = max(64, Self.activationBytesPerPass / columns) / 8 * 8
        let scratchStride = 32 * min(tokensPerPass, tokenCount)
        pool.forEach(items.count) { index in
            let item = items[index], one = work[item.work]
            withUnsafeTemporaryAllocation(byteCount: 4 * scratchStride, alignment: 64) { room in
                guard let scratch = room.baseAddress?.bindMemory(to: Float.self, capacity: scratchStride) else {
                    return
                }
                let perPass = one.weights.format.isOfBlocks ? tokensPerPass : tokenCount
                for first in stride(from: 0, to: tokenCount, by: perPass) {
                    let tokens = first..<min(first + perPass, tokenCount)
                    run(one, rows: item.rows, tokens: tokens, prepared, columns, scratch)
                }
            }
        }
    }

    private struct ProductWork {
        let weights: CPUMatrix
        let bias: CPUBuffer?
        let output: CPUBuffer
    }

    private struct PreparedInput {
        var floats: Rows?
        var bfloats: Rows?
        var quantized: [Int: ProductStaging.QuantizedActivations] = [:]

        struct Rows {
            let first: UnsafePointer<Float>
            let stride: Int
        }
    }

    private func prepare(
        _ work: [ProductWork], input: CPUBuffer, tokenCount: Int, columns: Int
    ) -> PreparedInput {
        var prepared = PreparedInput()
        for one in work {
            switch one.weights.format {
            case .float where prepared.floats == nil:
                let stride = (columns + 15) / 16 * 16
                guard stride != columns else {
                    prepared.floats = PreparedInput.Rows(first: UnsafePointer(input.values), stride: stride)
                    continue
                }
                let rows = staging.paddedRows(valueCount: tokenCount * stride)
                for token in 0..<tokenCount {
                    (rows + token * stride).update(from: input.values + token * columns, count: columns)
                    (rows + token * stride + columns).update(repeating: 0, count: stride - columns)
                }
                prepared.floats = PreparedInput.Rows(first: UnsafePointer(rows), stride: stride)
            case .bfloat where prepared.bfloats == nil:
                let stride = (columns + 31) / 32 * 32
                let rows = staging.roundedRows(valueCount: tokenCount * stride)
                forRows(tokenCount, valuesPerRow: columns) { token in
                    kernels.round_bfloat(input.values + token * columns, Int64(columns), rows + token * stride)
                }
                prepared.bfloats = PreparedInput.Rows(first: UnsafePointer(rows), stride: stride)
            case .blocks(let group, _, _) where prepared.quantized[group] == nil:
                let target = staging.quantized(group: group, valueCount: tokenCount * columns)
                forRows(tokenCount, valuesPerRow: columns) { token in
                    kernels.quantize(
                        input.values + token * columns, Int64(columns), Int64(group),
                        target.quants.pointer + token * columns, target.scales.pointer + token * (columns / group),
                        target.sums16.pointer + token * (columns / 16), target.sums32.pointer + token * (columns / 32))
                }
                prepared.quantized[group] = target
            case .float, .bfloat, .blocks: break
            }
        }
        return prepared
    }

    private func run(
        _ one: ProductWork, rows: Range<Int>, tokens: Range<Int>, _ prepared: PreparedInput, _ columns: Int,
        _ scratch: UnsafeMutablePointer<Float>
    ) {
        let weights = one.weights, stride = weights.rows
        let output = one.output.values + tokens.lowerBound * stride
        switch weights.format {
        case .float(let kernel), .bfloat(let kernel):
            guard let input = weights.elementType == .bfloat16 ? prepared.bfloats : prepared.floats else { return }
            var product = ck_float_product(
                weights: weights.base, row_bytes: Int64(weights.rowByteCount), row_begin: Int64(rows.lowerBound),
                row_end: Int64(rows.upperBound), input: input.first + tokens.lowerBound * input.stride,
                input_stride: Int64(input.stride), columns: Int64(columns), tokens: Int64(tokens.count),
                output: output, output_stride: Int64(stride))
            kernel(&product)
        case .blocks(let group, let levels, let kernel):
            guard let quantized = prepared.quantized[group] else { return }
            let first = tokens.lowerBound
            var product = ck_block_product(
                weights: weights.base.assumingMemoryBound(to: UInt8.self), row_bytes: Int64(weights.rowByteCount),
                row_begin: Int64(rows.lowerBound), row_end: Int64(rows.upperBound),
                input: ck_activations(
                    quants: quantized.quants.pointer + first * columns,
                    scales: quantized.scales.pointer + first * (columns / group),
                    sums_16: quantized.sums16.pointer + first * (columns / 16),
                    sums_32: quantized.sums32.pointer + first * (columns / 32), columns: Int64(columns),
                    tokens: Int64(tokens.count)),
                output: output, output_stride: Int64(stride), scratch: scratch, levels: levels?.levels)
            kernel(&product)
        }
        if let bias = one.bias {
            for token in 0..<tokens.count {
                kernels.add(
                    output + token * stride + rows.lowerBound, bias.values + rows.lowerBound, Int64(rows.count))
            }
        }
    }
}
