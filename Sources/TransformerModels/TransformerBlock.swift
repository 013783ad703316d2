internal import Compute
internal import Tensors

/// The weights of one layer: attention and a gated feed-forward network, each behind a norm and beside a residual.
struct TransformerBlock: Sendable {
    let attentionNorm: any DeviceBuffer  // [C]
    let query: any DeviceMatrix  // [H · D, C]
    let key: any DeviceMatrix  // [K · D, C]
    let value: any DeviceMatrix  // [K · D, C]
    let output: any DeviceMatrix  // [C, H · D]
    let queryBias: (any DeviceBuffer)?  // [H · D]
    let keyBias: (any DeviceBuffer)?  // [K · D]
    let valueBias: (any DeviceBuffer)?  // [K · D]
    let outputBias: (any DeviceBuffer)?  // [C]
    let queryNorm: (any DeviceBuffer)?  // [D]
    let keyNorm: (any DeviceBuffer)?  // [D]
    let feedForwardNorm: any DeviceBuffer  // [C]
    let gate: any DeviceMatrix  // [F, C]
    let up: any DeviceMatrix  // [F, C]
    let down: any DeviceMatrix  // [C, F]

    init(
        layer: Int, architecture: Architecture, configuration c: TransformerConfiguration, loader: inout WeightLoader
    ) throws(TransformerModelError) {
        let prefix = "blk.\(layer)."
        let queryWidth = c.headCount * c.headDimension, keyWidth = c.keyValueHeadCount * c.headDimension
        attentionNorm = try loader.vector(prefix + "attn_norm.weight", count: c.hiddenSize)
        query = try loader.matrix(prefix + "attn_q.weight", rows: queryWidth, columns: c.hiddenSize)
        key = try loader.matrix(prefix + "attn_k.weight", rows: keyWidth, columns: c.hiddenSize)
        value = try loader.matrix(prefix + "attn_v.weight", rows: keyWidth, columns: c.hiddenSize)
        output = try loader.matrix(prefix + "attn_output.weight", rows: c.hiddenSize, columns: queryWidth)
        if architecture.requiresAttentionBias {
            queryBias = try loader.vector(prefix + "attn_q.bias", count: queryWidth)
            keyBias = try loader.vector(prefix + "attn_k.bias", count: keyWidth)
            valueBias = try loader.vector(prefix + "attn_v.bias", count: keyWidth)
        } else {
            queryBias = try loader.optionalVector(prefix + "attn_q.bias", count: queryWidth)
            keyBias = try loader.optionalVector(prefix + "attn_k.bias", count: keyWidth)
            valueBias = try loader.optionalVector(prefix + "attn_v.bias", count: keyWidth)
        }
        outputBias = try loader.optionalVector(prefix + "attn_output.bias", count: c.hiddenSize)
        if architecture.hasQueryKeyNorm {
            queryNorm = try loader.vector(prefix + "attn_q_norm.weight", count: c.headDimension)
            keyNorm = try loader.vector(prefix + "attn_k_norm.weight", count: c.headDimension)
        } else {
            queryNorm = nil
            keyNorm = nil
        }
        feedForwardNorm = try loader.vector(prefix + "ffn_norm.weight", count: c.hiddenSize)
        gate = try loader.matrix(prefix + "ffn_gate.weight", rows: c.feedForwardSize, columns: c.hiddenSize)
        up = try loader.matrix(prefix + "ffn_up.weight", rows: c.feedForwardSize, columns: c.hiddenSize)
        down = try loader.matrix(prefix + "ffn_down.weight", rows: c.hiddenSize, columns: c.feedForwardSize)
    }

    var matrices: [any DeviceMatrix] { [query, key, value, output, gate, up, down] }
}
