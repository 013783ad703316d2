import ModelFiles
import TestSupport

/// A sound tiny Llama in memory, whose parts tests replace to break it.
struct TinyModel {
    static let width = 16, inner = 32, heads = 2, keyValueHeads = 1, head = 8, vocabulary = 20

    var architecture = "llama"
    /// Written instead of the sound values; nil leaves the key out.
    var keys: [String: GGUFBuilder.Value?] = [:]
    /// Shapes written instead of the sound ones; nil leaves the tensor out.
    var shapes: [String: [Int]?] = [:]
    var values: [String: [Float]] = [:]
    var seed: UInt64 = 1

    var bytes: [UInt8] {
        var builder = GGUFBuilder()
        builder.add("general.architecture", .string(architecture))
        let sound: [(String, GGUFBuilder.Value)] = [
            ("block_count", .uint32(1)), ("embedding_length", .uint32(UInt32(Self.width))),
            ("feed_forward_length", .uint32(UInt32(Self.inner))), ("context_length", .uint32(64)),
            ("attention.head_count", .uint32(UInt32(Self.heads))),
            ("attention.head_count_kv", .uint32(UInt32(Self.keyValueHeads))),
            ("attention.layer_norm_rms_epsilon", .float32(1e-5)),
        ]
        for (key, value) in sound {
            if let value = keys[key] ?? value { builder.add("\(architecture).\(key)", value) }
        }
        for (key, value) in keys.sorted(by: { $0.key < $1.key }) where !sound.contains(where: { $0.0 == key }) {
            if let value { builder.add("\(architecture).\(key)", value) }
        }
        var seed = seed
        for (name, shape) in Self.soundShapes + added {
            guard let shape = shapes[name] ?? shape else { continue }
            seed += 1
            let count = shape.reduce(1, *)
            builder.addTensor(
                name, shape: shape, values: values[name] ?? RandomValues.uniform(count: count, seed: seed))
        }
        return builder.build()
    }

    func open() throws -> any ModelFile { try openModelFile(contents: bytes, path: "tiny.gguf") }

    private var added: [(String, [Int])] {
        shapes.sorted { $0.key < $1.key }.compactMap { entry in
            guard !Self.soundShapes.contains(where: { $0.0 == entry.key }), let shape = entry.value else { return nil }
            return (entry.key, shape)
        }
    }

    static let soundShapes: [(String, [Int])] = [
        ("token_embd.weight", [vocabulary, width]), ("output_norm.weight", [width]),
        ("blk.0.attn_norm.weight", [width]), ("blk.0.attn_q.weight", [heads * head, width]),
        ("blk.0.attn_k.weight", [keyValueHeads * head, width]),
        ("blk.0.attn_v.weight", [keyValueHeads * head, width]),
        ("blk.0.attn_output.weight", [width, heads * head]), ("blk.0.ffn_norm.weight", [width]),
        ("blk.0.ffn_gate.weight", [inner, width]), ("blk.0.ffn_up.weight", [inner, width]),
        ("blk.0.ffn_down.weight", [width, inner]),
    ]
}
