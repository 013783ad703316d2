/// Which tensors go to which file of weights.
struct ShardPlan {
    /// In their order, each with its name in the folder.
    let shards: [(name: String, tensors: [TensorDraft])]
    private let byteCount: Int

    /// - Parameter limit: Bytes of tensors that a file gets at most; a larger tensor has a file of its own.
    init(_ tensors: [TensorDraft], limit: Int) {
        var shards: [[TensorDraft]] = [[]]
        var size = 0
        for tensor in tensors {
            if size > 0, tensor.byteCount > limit - size {
                shards.append([])
                size = 0
            }
            shards[shards.count - 1].append(tensor)
            size += tensor.byteCount
        }
        let count = shards.count
        self.shards = shards.enumerated().map { index, tensors in
            (count == 1 ? SafeTensorsShards.singleName : Self.name(index + 1, of: count), tensors)
        }
        byteCount = tensors.reduce(0) { $0 + $1.byteCount }
    }

    /// `model.safetensors.index.json`; nil for a single file, which needs none.
    var index: [UInt8]? {
        guard shards.count > 1 else { return nil }
        var writer = JSONWriter(.indented)
        writer.addObject("metadata") { $0.add("total_size", byteCount) }
        writer.addObject("weight_map") { writer in
            for (name, tensors) in shards { for tensor in tensors { writer.add(tensor.name, name) } }
        }
        return writer.finish()
    }

    /// `model-00001-of-00003.safetensors`
    private static func name(_ number: Int, of count: Int) -> String {
        func padded(_ number: Int) -> String {
            let digits = "\(number)"
            return String(repeating: "0", count: max(5 - digits.count, 0)) + digits
        }
        return "model-\(padded(number))-of-\(padded(count)).safetensors"
    }
}
