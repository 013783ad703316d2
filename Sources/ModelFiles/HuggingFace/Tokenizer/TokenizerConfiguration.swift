/// What `tokenizer_config.json` says of special tokens.
struct TokenizerConfiguration {
    static let fileName = "tokenizer_config.json"
    /// In bytes. Real ones stay below 2 MB.
    static let longestFile = 1 << 24

    private(set) var beginToken: [UInt8]?
    private(set) var endToken: [UInt8]?
    private(set) var paddingToken: [UInt8]?
    private(set) var addsBeginToken: Bool?
    private(set) var addsEndToken: Bool?
    /// `added_tokens_decoder`; most stand in `tokenizer.json` as well.
    private(set) var addedTokens: [TokenizerFile.AddedToken] = []

    init(_ folder: ModelFolder) throws(ModelFileError) {
        guard var reader = try folder.json(Self.fileName, longest: Self.longestFile) else { return }
        try reader.beginObject()
        var keys = JSONKeys()
        while let key = try keys.next(&reader) {
            reader.subject = .key(key)
            switch key {
            case "bos_token": beginToken = try Self.token(&reader)
            case "eos_token": endToken = try Self.token(&reader)
            case "pad_token": paddingToken = try Self.token(&reader)
            case "add_bos_token": addsBeginToken = try reader.null() ? nil : reader.bool()
            case "add_eos_token": addsEndToken = try reader.null() ? nil : reader.bool()
            case "added_tokens_decoder": addedTokens = try Self.addedTokens(&reader)
            default: try reader.skip()
            }
            reader.subject = nil
        }
        try reader.end()
    }

    /// `{"0": {"content": "<unk>", "special": true, …}, …}` or null.
    private static func addedTokens(
        _ reader: inout JSONReader
    ) throws(ModelFileError) -> [TokenizerFile.AddedToken] {
        if try reader.null() { return [] }
        var tokens: [TokenizerFile.AddedToken] = []
        try reader.beginObject()
        var keys = JSONKeys()
        while let key = try keys.next(&reader) {
            guard let id = Int(key), (0..<TokenizerFile.mostTokens).contains(id) else {
                throw reader.error(at: reader.offset, expected: "ids of tokens", found: PrintableName.quoted(key))
            }
            tokens.append(try TokenizerFile.AddedToken(&reader, id: id))
        }
        return tokens
    }

    /// `"</s>"`, `{"content": "</s>", …}` or null.
    private static func token(_ reader: inout JSONReader) throws(ModelFileError) -> [UInt8]? {
        if try reader.null() { return nil }
        guard reader.peek() == UInt8(ascii: "{") else { return try reader.utf8() }
        var content: [UInt8]?
        try reader.beginObject()
        while let key = try reader.nextKey() {
            if reader.text(of: key) == "content" { content = try reader.utf8() } else { try reader.skip() }
        }
        return content
    }
}
