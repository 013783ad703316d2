/// A model in memory that gives one answer to every conversation, token by token: for tests of what becomes of answers.
///
/// Its layers are zero, its embeddings one-hot, and its output matrix leads from each token to the one behind it. The
/// conversation's last token, the line break that ends the ChatML prompt, leads to the answer's first.
package struct TranscriptModel {
    /// The tokens of the answer, each different from the others.
    package var answer: [String]
    /// Texts of control tokens, whether the answer has them or not.
    package var controlTokens: Set<String> = []
    package var template: String

    /// ChatML with the tools before it, as most published templates have them, and the markers that the arguments name.
    package static func template(mentioning markers: String) -> String {
        """
        {#- \(markers) -#}
        {%- if tools %}{{ '<|im_start|>system\\n' }}{{ tools | tojson }}{{ '<|im_end|>\\n' }}{% endif %}
        {%- for message in messages %}
        {{- '<|im_start|>' + message.role + '\\n' + (message.content or '') }}
        {%- for call in message.tool_calls or [] %}{{ call.function | tojson }}{% endfor %}
        {{- '<|im_end|>\\n' }}
        {%- endfor %}
        {%- if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}
        """
    }

    package init(answer: [String], controlTokens: Set<String> = [], template: String) {
        self.answer = answer
        self.controlTokens = controlTokens
        self.template = template
    }

    /// The model as a GGUF file.
    ///
    /// - Precondition: no token occurs twice in the answer.
    package var bytes: [UInt8] {
        let letters = Self.byteLetters()
        let controls = ["<|im_start|>", "<|im_end|>"] + controlTokens.sorted()
        let plain = answer.filter { !controlTokens.contains($0) }
        let tokens = letters + controls + plain
        let ids = Dictionary(uniqueKeysWithValues: tokens.enumerated().map { ($1, $0) })
        let width = (tokens.count + 31) / 32 * 32
        var builder = GGUFBuilder()
        builder.add("general.architecture", .string("llama"))
        let counts = [
            ("block_count", 1), ("embedding_length", width), ("feed_forward_length", 32), ("context_length", 2048),
            ("attention.head_count", 1), ("attention.head_count_kv", 1), ("attention.key_length", 32),
            ("attention.value_length", 32),
        ]
        for (key, count) in counts { builder.add("llama.\(key)", .uint32(UInt32(count))) }
        builder.add("llama.attention.layer_norm_rms_epsilon", .float32(1e-5))
        builder.add("tokenizer.ggml.model", .string("gpt2"))
        builder.add("tokenizer.ggml.pre", .string("qwen2"))
        builder.add("tokenizer.ggml.tokens", .strings(tokens))
        let kinds =
            letters.map { _ in Int32(1) } + controls.map { _ in Int32(3) } + plain.map { _ in Int32(4) }
        builder.add("tokenizer.ggml.token_type", .int32s(kinds))
        builder.add("tokenizer.ggml.merges", .strings(["a b"]))
        builder.add("tokenizer.ggml.eos_token_id", .uint32(UInt32(ids["<|im_end|>"] ?? 0)))
        builder.add("tokenizer.chat_template", .string(template))

        var embeddings = [Float](repeating: 0, count: tokens.count * width)
        for id in tokens.indices { embeddings[id * width + id] = 1 }
        var output = [Float](repeating: 0, count: tokens.count * width)
        let chain = [Self.lineBreak] + answer + ["<|im_end|>"]
        for (token, next) in zip(chain, chain.dropFirst()) {
            guard let from = ids[token], let to = ids[next] else { continue }
            output[to * width + from] = 8
        }
        let ones = [Float](repeating: 1, count: width)
        builder.addTensor("token_embd.weight", shape: [tokens.count, width], values: embeddings)
        builder.addTensor("output_norm.weight", shape: [width], values: ones)
        builder.addTensor("output.weight", shape: [tokens.count, width], values: output)
        builder.addTensor("blk.0.attn_norm.weight", shape: [width], values: ones)
        builder.addTensor("blk.0.ffn_norm.weight", shape: [width], values: ones)
        let shapes = [
            ("attn_q", 32, width), ("attn_k", 32, width), ("attn_v", 32, width), ("attn_output", width, 32),
            ("ffn_gate", 32, width), ("ffn_up", 32, width), ("ffn_down", width, 32),
        ]
        for (name, rows, columns) in shapes {
            builder.addTensor(
                "blk.0.\(name).weight", shape: [rows, columns], values: [Float](repeating: 0, count: rows * columns))
        }
        return builder.build()
    }

    /// The letter that stands for the byte of a line break.
    private static let lineBreak = "\u{10A}"

    /// GPT-2's letters for the 256 bytes: printable ones stand for themselves, the others for letters from U+0100 on.
    private static func byteLetters() -> [String] {
        var next: UInt32 = 0x100
        return (0..<256).map { (byte: UInt32) in
            let isPrintable = (33...126).contains(byte) || (161...172).contains(byte) || (174...255).contains(byte)
            let value = isPrintable ? byte : next
            if !isPrintable { next += 1 }
            return String(Unicode.Scalar(value) ?? " ")
        }
    }
}
