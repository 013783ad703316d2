import Compute
import ModelFiles
import TestSupport
import Testing
import TransformerModels

@Suite("Loading a model from a file")
struct LoadingTests {
    static func problem(_ model: TinyModel) -> String {
        do {
            _ = try ModelRun(model.open())
            return "no error"
        } catch { return "\(error)" }
    }

    @Test func `a sound model loads and computes`() throws {
        let logits = try ModelRun(TinyModel().open()).forward([1, 2, 3], at: 0)
        #expect(logits.count == 3 * TinyModel.vocabulary && logits.allSatisfy { $0.isFinite })
    }

    @Test func `an unknown architecture is refused by name`() {
        #expect(
            Self.problem(TinyModel(architecture: "mamba"))
                == "tiny.gguf: architecture 'mamba' is not supported; supported are llama, qwen2, qwen3")
    }

    @Test(arguments: TinyModel.soundShapes.map(\.0))
    func `a missing tensor is named`(_ name: String) {
        #expect(Self.problem(TinyModel(shapes: [name: nil])).contains("'\(name)' is missing"))
    }

    @Test(arguments: TinyModel.soundShapes.map(\.0))
    func `a tensor of another shape is named with both shapes`(_ name: String) throws {
        let sound = try #require(TinyModel.soundShapes.first { $0.0 == name }).1
        // One row more for the embedding would be a larger vocabulary, so its width changes.
        let other = name == "token_embd.weight" ? [sound[0], sound[1] + 1] : [sound[0] + 1] + sound.dropFirst()
        let file = TinyModel(shapes: [name: other])
        let offset = try #require(try file.open().entry(named: name)).byteRange.lowerBound
        #expect(
            Self.problem(file)
                == "tiny.gguf, byte \(offset): tensor '\(name)': expected shape \(sound), found \(other)")
    }

    @Test func `a tensor that nothing uses is reported`() {
        let found = Self.problem(TinyModel(shapes: ["blk.0.ffn_gate_inp.weight": [4, 16]]))
        #expect(found.contains("'blk.0.ffn_gate_inp.weight'") && found.contains("does not use"))
    }

    /// A key of the configuration, a value that no model has, and a word of the message.
    static let absurd: [(String, GGUFBuilder.Value?, String)] = [
        ("block_count", .uint32(0), "from 1 to"), ("block_count", .uint32(.max), "from 1 to"),
        ("block_count", .uint32(2), "'blk.1.attn_norm.weight' is missing"), ("block_count", nil, "found none"),
        ("block_count", .string("two"), "found string"), ("embedding_length", .uint32(0), "from 1 to"),
        ("embedding_length", .uint32(17), "divisor of the width"), ("feed_forward_length", .int32(-5), "found -5"),
        ("context_length", .uint32(0), "from 1 to"), ("attention.head_count", .uint32(0), "from 1 to"),
        ("attention.head_count", .uint32(3), "divisor"), ("attention.head_count_kv", .uint32(3), "a divisor of"),
        ("attention.layer_norm_rms_epsilon", .float32(-1), "from 0"),
        ("attention.layer_norm_rms_epsilon", .float32(.nan), "from 0"),
        ("attention.layer_norm_rms_epsilon", .float32(.infinity), "from 0"),
        ("attention.layer_norm_rms_epsilon", nil, "found none"), ("attention.key_length", .uint32(4096), "2 to 256"),
        ("attention.key_length", .uint32(7), "even"), ("attention.value_length", .uint32(4), "key length"),
        ("rope.dimension_count", .uint32(64), "2 to 8"), ("rope.dimension_count", .uint32(3), "even"),
        ("rope.freq_base", .float32(0), "from 1"), ("rope.freq_base", .float32(.nan), "from 1"),
        ("rope.scaling.type", .string("dynamic"), "dynamic"), ("expert_count", .uint32(8), "experts"),
    ]

    @Test(arguments: absurd.indices)
    func `absurd hyper-parameters are refused with key, expectation and value`(_ index: Int) {
        let (key, value, word) = Self.absurd[index]
        let found = Self.problem(TinyModel(keys: [key: value]))
        #expect(found.contains(word), "\(key): \(found)")
        #expect(found.hasPrefix("tiny.gguf"), "\(found)")
    }

    @Test func `rotary factors have to be positive numbers`() {
        for bad: Float in [0, -1, .nan, .infinity] {
            let model = TinyModel(
                shapes: ["rope_freqs.weight": [4]], values: ["rope_freqs.weight": [1, 1, bad, 1]])
            #expect(Self.problem(model).contains("'rope_freqs.weight': expected finite numbers above 0"))
        }
    }

    @Test func `qwen2 needs its biases and qwen3 its norms`() {
        #expect(Self.problem(TinyModel(architecture: "qwen2")).contains("'blk.0.attn_q.bias' is missing"))
        #expect(Self.problem(TinyModel(architecture: "qwen3")).contains("'blk.0.attn_q_norm.weight' is missing"))
    }

    @Test func `tied logits equal those of an explicit copy, bit for bit`() throws {
        let table = RandomValues.uniform(count: TinyModel.vocabulary * TinyModel.width, seed: 99)
        let tied = TinyModel(values: ["token_embd.weight": table])
        var copy = tied
        copy.shapes["output.weight"] = [TinyModel.vocabulary, TinyModel.width]
        copy.values["output.weight"] = table
        let a = try ModelRun(tied.open()).forward([3, 1, 4], at: 0)
        let b = try ModelRun(copy.open()).forward([3, 1, 4], at: 0)
        #expect(a.map(\.bitPattern) == b.map(\.bitPattern))
    }

    @Test func `linear scaling divides positions`() throws {
        let scaled = TinyModel(keys: ["rope.scaling.type": .string("linear"), "rope.scaling.factor": .float32(2)])
        let a = try ModelRun(scaled.open()), b = try ModelRun(TinyModel().open())
        #expect(a.forward([1, 2, 3], at: 0) != b.forward([1, 2, 3], at: 0))
        #expect(a.forward([1], at: 0) == b.forward([1], at: 0))  // position 0 is position 0
    }

    @Test func `a factor without a type is linear scaling`() throws {
        let typed = TinyModel(keys: ["rope.scaling.type": .string("linear"), "rope.scaling.factor": .float32(4)])
        let bare = TinyModel(keys: ["rope.scaling.factor": .float32(4)])
        let older = TinyModel(keys: ["rope.scale_linear": .float32(4)])
        let logits = try [typed, bare, older].map { try ModelRun($0.open()).forward([1, 2, 3], at: 0) }
        #expect(logits[0] == logits[1] && logits[1] == logits[2])
    }

    @Test(arguments: ["logit_scale", "attention.clamp_kqv", "attn_logit_softcapping", "use_parallel_residual"])
    func `a key that may change the computation is refused by name`(_ key: String) {
        let found = Self.problem(TinyModel(keys: [key: .float32(2)]))
        #expect(found.contains("'llama.\(key)'") && found.contains("may change the computation"), "\(found)")
    }

    @Test func `a sliding window bounds the context`() throws {
        let model = TinyModel(keys: ["attention.sliding_window": .uint32(24)])
        #expect(try ModelRun(model.open()).model.configuration.contextLength == 24)
    }

    @Test(arguments: 0..<8)
    func `mutated files load and compute, or throw`(_ seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed) + 100)
        let sound = TinyModel().bytes
        for _ in 0..<400 {
            var bytes = sound
            for _ in 0...generator.next() % 3 {
                // Half of the faults hit the header, where the numbers are.
                let range = generator.next().isMultiple(of: 2) ? 800 : bytes.count
                bytes[Int(generator.next() % UInt64(range))] = UInt8(truncatingIfNeeded: generator.next())
            }
            do {
                let run = try ModelRun(openModelFile(contents: bytes, path: "mutated.gguf"))
                _ = run.forward([0, 1], at: 0)
            } catch { #expect("\(error)".hasPrefix("mutated.gguf")) }
        }
    }
}
