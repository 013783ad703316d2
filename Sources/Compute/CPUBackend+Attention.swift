internal import CKernels
internal import Tensors

extension CPUBackend {
    package func store(
        keys: any DeviceBuffer, values: any DeviceBuffer, in cache: any DeviceCache, layer: Int,
        sequences: [SequenceSlice]
    ) {
        let keys = cpu(keys), values = cpu(values), cache = cpu(cache)
        let heads = cache.geometry.keyValueHeadCount, dimension = cache.geometry.headDimension
        let padded = cache.paddedDimension
        for sequence in sequences {
            precondition(
                sequence.tokens.upperBound * heads * dimension <= min(keys.count, values.count)
                    && sequence.blocks.count * CacheGeometry.tokensPerBlock
                        >= sequence.startPosition + sequence.tokens.count,
                "store: \(sequence.tokens) from position \(sequence.startPosition) in \(sequence.blocks.count) blocks")
            forRows(sequence.tokens.count, valuesPerRow: heads * dimension) { index in
                let position = sequence.startPosition + index, token = sequence.tokens.lowerBound + index
                let block = cache.block(sequence.blocks[position / CacheGeometry.tokensPerBlock])
                let slot = Int64(position % CacheGeometry.tokensPerBlock)
                for head in 0..<heads {
                    let source = (token * heads + head) * dimension
                    let target = block + cache.offset(layer: layer, head: head)
                    if padded == dimension {
                        cache.kernels.store(
                            keys.values + source, values.values + source, Int64(dimension), target, slot)
                    } else {
                        withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * padded) { room in
                            guard let base = room.baseAddress else { return }
                            base.update(repeating: 0, count: 2 * padded)
                            base.update(from: keys.values + source, count: dimension)
                            (base + padded).update(from: values.values + source, count: dimension)
                            cache.kernels.store(base, base + padded, Int64(padded), target, slot)
                        }
                    }
                }
            }
        }
    }

    package func attend(
        queries: any DeviceBuffer, headCount: Int, scale: Float, cache: any DeviceCache, layer: Int,
        sequences: [SequenceSlice], into output: any DeviceBuffer
    ) {
        let queries = cpu(queries), output = cpu(output), cache = cpu(cache)
        let heads = cache.geometry.keyValueHeadCount, dimension = cache.geometry.headDimension
        precondition(headCount.isMultiple(of: heads), "attend: \(headCount) heads over \(heads)")
        let items = attentionItems(sequences, group: headCount / heads, heads: heads)
        let tables = sequences.map { sequence in
            sequence.blocks.map { UnsafePointer<UInt8>(cache.block($0)) }
        }
        for sequence in sequences {
            precondition(
                sequence.tokens.upperBound * headCount * dimension <= min(queries.count, output.count),
                "attend: \(sequence.tokens) of \(headCount)x\(dimension)")
        }
        let work = AttentionWork(
            queries: queries.values, output: output.values, headCount: headCount, group: headCount / heads,
            dimension: dimension, padded: cache.paddedDimension, scale: scale,
            function: cache.kernels.attend)
        pool.forEach(items.count) { index in
            let item = items[index]
            tables[item.sequence].withUnsafeBufferPointer { table in
                guard let blocks = table.baseAddress else { return }
                work.run(
                    item, sequences[item.sequence], blocks: blocks,
                    headOffset: cache.offset(layer: layer, head: item.head))
            }
        }
    }

    /// Up to eight rows (a token's head that shares the key/value head) of one sequence each; long ones first would not help, as
    /// all rows of a step see about the same number of keys.
    private func attentionItems(_ sequences: [SequenceSlice], group: Int, heads: Int) -> [AttentionItem] {
        var items: [AttentionItem] = []
        for (index, sequence) in sequences.enumerated() {
            let rows = sequence.tokens.count * group
            for head in 0..<heads {
                for first in stride(from: 0, to: rows, by: Int(CK_ATTENTION_QUERIES)) {
                    let end = min(first + Int(CK_ATTENTION_QUERIES), rows)
                    items.append(AttentionItem(sequence: index, head: head, rows: first..<end))
                }
            }
        }
        return items
    }
}

/// Rows of one key/value head: row r is token r / group of the sequence and head r % group of those that share it.
private struct AttentionItem {
    let sequence: Int
    let head: Int
    let rows: Range<Int>
}

private struct AttentionWork {
    let queries: UnsafeMutablePointer<Float>
    let output: UnsafeMutablePointer<Float>
    let headCount: Int
    let group: Int
    let dimension: Int
    let padded: Int
    let scale: Float
    let function: @convention(c) (UnsafePointer<ck_attention>) -> Void

    func run(
        _ item: AttentionItem, _ sequence: SequenceSlice, blocks: UnsafePointer<UnsafePointer<UInt8>>, headOffset: Int
    ) {
        let count = item.rows.count
        withUnsafeTemporaryAllocation(byteCount: 2 * count * padded * 4, alignment: 64) { room in
            guard let base = room.baseAddress else { return }
            let scaled = base.bindMemory(to: Float.self, capacity: 2 * count * padded)
            let results = scaled + count * padded
            scaled.update(repeating: 0, count: count * padded)
            var inputs: [UnsafePointer<Float>] = [], outputs: [UnsafeMutablePointer<Float>] = []
            var keyCounts: [Int32] = []
            for (index, row) in item.rows.enumerated() {
                let source = queries + offset(of: row, item, sequence)
                for d in 0..<dimension { scaled[index * padded + d] = source[d] * scale }
                inputs.append(UnsafePointer(scaled + index * padded))
                outputs.append(results + index * padded)
                keyCounts.append(Int32(sequence.startPosition + row / group + 1))
            }
            inputs.withUnsafeBufferPointer { inputs in
                outputs.withUnsafeBufferPointer { outputs in
                    keyCounts.withUnsafeBufferPointer { keyCounts in
                        guard let q = inputs.baseAddress, let o = outputs.baseAddress, let k = keyCounts.baseAddress
                        else { return }
                        var attention = ck_attention(
                            queries: q, outputs: o, key_counts: k, query_count: Int64(count), blocks: blocks,
                            head_offset: Int64(headOffset), head_dimension: Int64(padded))
                        function(&attention)
                    }
                }
            }
            for (index, row) in item.rows.enumerated() {
                (output + offset(of: row, item, sequence)).update(from: results + index * padded, count: dimension)
            }
        }
    }

    private func offset(of row: Int, _ item: AttentionItem, _ sequence: SequenceSlice) -> Int {
        let token = sequence.tokens.lowerBound + row / group
        return (token * headCount + item.head * group + row % group) * dimension
    }
}
