import ModelFiles

/// What a file's metadata say of its tokenizer, without building it.
struct TokenizerSummary: Encodable {
    let model: String
    let preTokenizer: String?
    let tokenCount: Int?
    let mergeCount: Int?
    let beginTokenID: Int?
    let endTokenID: Int?
    let addsBeginToken: Bool?
    let hasChatTemplate: Bool

    enum CodingKeys: String, CodingKey {
        case model
        case preTokenizer = "pre_tokenizer"
        case tokenCount = "tokens"
        case mergeCount = "merges"
        case beginTokenID = "begin_token_id"
        case endTokenID = "end_token_id"
        case addsBeginToken = "adds_begin_token"
        case hasChatTemplate = "has_chat_template"
    }

    /// nil where there is none.
    ///
    /// - Throws: `ModelFileError.wrongValueType` for a key whose value is of another type.
    init?(_ metadata: Metadata) throws(ModelFileError) {
        guard let model = try metadata.string("tokenizer.ggml.model") else { return nil }
        self.model = model
        preTokenizer = try metadata.string("tokenizer.ggml.pre")
        tokenCount = Self.count("tokenizer.ggml.tokens", metadata)
        mergeCount = Self.count("tokenizer.ggml.merges", metadata)
        beginTokenID = try metadata.integer("tokenizer.ggml.bos_token_id")
        endTokenID = try metadata.integer("tokenizer.ggml.eos_token_id")
        addsBeginToken = try metadata.bool("tokenizer.ggml.add_bos_token")
        hasChatTemplate = metadata["tokenizer.chat_template"] != nil
    }

    private static func count(_ key: String, _ metadata: Metadata) -> Int? {
        if case .array(let array) = metadata[key] { array.count } else { nil }
    }

    var text: String {
        var parts = [([model] + [preTokenizer].compactMap(\.self)).joined(separator: "/").printable.shortened(to: 80)]
        if let tokenCount { parts.append("\(tokenCount) tokens") }
        if let mergeCount { parts.append("\(mergeCount) merges") }
        if hasChatTemplate { parts.append("chat template") }
        return parts.joined(separator: ", ")
    }
}
