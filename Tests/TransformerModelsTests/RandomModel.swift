import ModelFiles
import Quantization
import Tensors
import TestSupport

/// A Llama in memory whose matrices are random numbers, encoded as one element type; norms are float32.
struct RandomModel {
    let type: ElementType
    /// In place of one type, several that the matrices take in turn; their blocks are no larger than those of `type`.
    var mixture: [ElementType] = []
    var layerCount = 2
    var hiddenSize: Int
    var feedForwardSize: Int
    var headCount: Int
    var keyValueHeadCount: Int
    var headDimension: Int
    var vocabularySize = 45
    var seed: UInt64 = 1

    /// Shapes as awkward as the type allows: ragged widths and heads of 20 channels, seven for one of keys, for plain numbers;
    /// more blocks than one tile holds, and three heads for one, for blocks of 32; two blocks, and two heads for one, for
    /// blocks of 256.
    init(_ type: ElementType) {
        self.type = type
        switch type.blockFormat.elementsPerBlock {
        case 1:
            (hiddenSize, feedForwardSize) = (100, 172)
            (headCount, keyValueHeadCount, headDimension) = (7, 1, 20)
        case 32:
            (hiddenSize, feedForwardSize) = (160, 288)
            (headCount, keyValueHeadCount, headDimension) = (6, 2, 32)
        default:
            (hiddenSize, feedForwardSize) = (256, 512)
            (headCount, keyValueHeadCount, headDimension) = (4, 2, 64)
        }
    }

    func open() throws -> any ModelFile { try openModelFile(contents: bytes, path: "random.gguf") }

    private var bytes: [UInt8] {
        var builder = GGUFBuilder()
        builder.add("general.architecture", .string("llama"))
        let counts = [
            ("block_count", layerCount), ("embedding_length", hiddenSize), ("feed_forward_length", feedForwardSize),
            ("context_length", 160), ("attention.head_count", headCount),
            ("attention.head_count_kv", keyValueHeadCount), ("attention.key_length", headDimension),
        ]
        for (key, count) in counts { builder.add("llama.\(key)", .uint32(UInt32(count))) }
        builder.add("llama.attention.layer_norm_rms_epsilon", .float32(1e-5))

        var seed = seed << 16
        func vector(_ name: String) {
            seed += 1
            let values = RandomValues.uniform(count: hiddenSize, scale: 0.5, seed: seed).map { $0 + 1 }
            builder.addTensor(name, shape: [hiddenSize], values: values)
        }
        /// A gain of 1 keeps the size of a normalized input.
        func matrix(_ name: String, _ rows: Int, _ columns: Int, gain: Float = 1) {
            seed += 1
            let scale = gain * (3 / Float(columns)).squareRoot()
            let type = mixture.isEmpty ? type : mixture[Int(seed) % mixture.count]
            builder.addTensor(
                name, dimensions: [UInt64(columns), UInt64(rows)], type: Self.number(of: type),
                data: encoded(RandomValues.uniform(count: rows * columns, scale: scale, seed: seed), as: type))
        }
        let queryWidth = headCount * headDimension, keyWidth = keyValueHeadCount * headDimension
        matrix("token_embd.weight", vocabularySize, hiddenSize)
        vector("output_norm.weight")
        matrix("output.weight", vocabularySize, hiddenSize)
        for layer in 0..<layerCount {
            let prefix = "blk.\(layer)."
            vector(prefix + "attn_norm.weight")
            // Scores of about ±4: each query weighs many keys, and not all alike.
            matrix(prefix + "attn_q.weight", queryWidth, hiddenSize, gain: 2)
            matrix(prefix + "attn_k.weight", keyWidth, hiddenSize, gain: 2)
            matrix(prefix + "attn_v.weight", keyWidth, hiddenSize)
            matrix(prefix + "attn_output.weight", hiddenSize, queryWidth)
            vector(prefix + "ffn_norm.weight")
            matrix(prefix + "ffn_gate.weight", feedForwardSize, hiddenSize)
            matrix(prefix + "ffn_up.weight", feedForwardSize, hiddenSize)
            matrix(prefix + "ffn_down.weight", hiddenSize, feedForwardSize)
        }
        return builder.build()
    }

    private func encoded(_ values: [Float], as type: ElementType) -> [UInt8] {
        let count = type.blockFormat.byteCount(elementCount: values.count) ?? 0
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            buffer.initialize(repeating: 0)
            var bytes = buffer.mutableSpan
            quantize(values.span, as: type, into: &bytes)
            initialized = count
        }
    }

    /// The numbers of types in GGUF files.
    static let numbers: [ElementType: UInt32] = [
        .float32: 0, .float16: 1, .q4_0: 2, .q4_1: 3, .q5_0: 6, .q5_1: 7, .q8_0: 8, .q2K: 10, .q3K: 11, .q4K: 12,
        .q5K: 13, .q6K: 14, .iq2XXS: 16, .iq2XS: 17, .iq3XXS: 18, .iq1S: 19, .iq4NL: 20, .iq3S: 21, .iq2S: 22,
        .iq4XS: 23, .float64: 28, .iq1M: 29, .bfloat16: 30, .tq1_0: 34, .tq2_0: 35, .mxfp4: 39,
    ]

    private static func number(of type: ElementType) -> UInt32 {
        guard let number = numbers[type] else { preconditionFailure("RandomModel: no number of \(type)") }
        return number
    }
}
