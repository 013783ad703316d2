internal import ModelFiles
internal import Tensors

/// What a tensor does in a model, as far as the choice of its type depends on it.
enum TensorRole: Equatable, Sendable {
    /// The matrix that makes the logits; the embedding table too where it serves as such.
    case output
    case tokenEmbedding
    case attentionValue(layer: Int)
    case attentionOutput(layer: Int)
    case feedForwardDown(layer: Int)
    /// Any other weight matrix.
    case matrix
    /// Kept as it is: vectors, norms, what chooses experts, and whatever is no weight.
    case kept

    init(_ entry: TensorEntry, isEmbeddingShared: Bool) {
        let parts = entry.name.split(separator: ".")
        guard entry.shape.dimensions.count > 1, parts.last == "weight", parts.count >= 2,
            !entry.name.contains("_norm."), !entry.name.contains("ffn_gate_inp.")
        else {
            self = .kept
            return
        }
        let layer = parts.first == "blk" && parts.count > 2 ? Int(parts[1]) ?? 0 : 0
        switch parts[parts.count - 2] {
        case "output": self = .output
        case "token_embd": self = isEmbeddingShared ? .output : .tokenEmbedding
        case "attn_v": self = .attentionValue(layer: layer)
        case "attn_output": self = .attentionOutput(layer: layer)
        case "ffn_down": self = .feedForwardDown(layer: layer)
        default: self = .matrix
        }
    }
}

/// What the choice of types depends on besides a tensor itself.
struct MixContext: Sendable {
    let layerCount: Int
    /// Queries that share a key.
    let groupedQueryCount: Int

    init(layerCount: Int, groupedQueryCount: Int) {
        self.layerCount = layerCount
        self.groupedQueryCount = groupedQueryCount
    }

    /// Of a GGUF file's metadata; what they do not say counts as none.
    init(_ metadata: Metadata) throws(ModelFileError) {
        let architecture = try metadata.string("general.architecture") ?? ""
        layerCount = max(0, try metadata.integer("\(architecture).block_count") ?? 0)
        // Some architectures have a count for each layer.
        func count(_ key: String) -> Int? { metadata["\(architecture).\(key)"]?.integer }
        let heads = count("attention.head_count") ?? 1
        let keyHeads = count("attention.head_count_kv") ?? heads
        groupedQueryCount = keyHeads > 0 ? heads / keyHeads : 1
    }

    /// Whether a layer is among those that mixes give more bits: the first and last eighth, and every third between.
    func deservesMoreBits(_ layer: Int) -> Bool {
        let eighth = layerCount / 8
        return layer < eighth || layer >= layerCount - layerCount.dividedRoundingUp(by: 8)
            || (layer - eighth) % 3 == 2
    }

    func isInFirst(part: Int, _ layer: Int) -> Bool { layer < layerCount / part }
}

extension Int {
    fileprivate func dividedRoundingUp(by divisor: Int) -> Int { (self + divisor - 1) / divisor }
}
