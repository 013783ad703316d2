import Tokenization

/// `tokenizer.json` as it stands: the vocabulary in flat storage, the rest as small trees.
struct TokenizerFile {
    static let fileName = "tokenizer.json"
    /// In bytes. Real ones reach 40 MB.
    static let longestFile = 1 << 28
    /// In bytes, of each part but the vocabulary: trees take many times the text's room.
    private static let longestPart = 1 << 19
    /// In bytes, of an option of the model.
    private static let longestOption = 1 << 12
    static let mostTokens = 1 << 24

    let file: String
    /// In the order of the file.
    private(set) var tokens = ByteStrings()
    /// `[tokens]`
    private(set) var ids: [Int] = []
    /// `[tokens]`; empty for a vocabulary without scores.
    private(set) var scores: [Double] = []
    /// `left right`, in order of rank.
    private(set) var merges = ByteStrings()
    /// The options of `model` that are looked at.
    private(set) var model = JSONObject()
    /// An option that nobody here knows and that is not null.
    private(set) var unknownOption: String?
    private(set) var addedTokens: [AddedToken] = []
    /// `normalizer`, `pre_tokenizer`, `post_processor` and `decoder`; those that are null are left out.
    private(set) var parts: [String: JSONValue] = [:]
    /// Ids of added tokens that the model's vocabulary lacks; in `steps` a member of its own.
    private(set) var idsOutsideModel: [Int] = []
    /// The file without vocabulary and merges, as JSON text.
    private(set) var steps: [UInt8] = []

    struct AddedToken {
        /// Absolute in the file.
        var offset = 0
        var id = 0
        var content: [UInt8] = []
        /// Steers the model, and is no text.
        var isSpecial = false
        var recognition = TokenRecognition()
    }

    init(_ reader: JSONReader) throws(ModelFileError) {
        var reader = reader
        file = reader.file
        try reader.beginObject()
        var keys = JSONKeys()
        while let key = try keys.next(&reader) {
            reader.subject = .key(key)
            switch key {
            case "model": try readModel(&reader)
            case "added_tokens":
                let start = reader.nextIndex
                try readAddedTokens(&reader)
                keep(key, reader, from: start)
            case "normalizer", "pre_tokenizer", "post_processor", "decoder":
                let start = reader.nextIndex
                let part = try reader.value(atMost: Self.longestPart)
                if !part.isNull { parts[key] = part }
                keep(key, reader, from: start)
            case Self.outsideModelKey:
                try reader.beginArray()
                while try reader.nextElement() {
                    idsOutsideModel.append(try reader.integer(in: 0...Self.mostTokens - 1))
                }
            // Whoever encodes says whether a text is cut or filled up; the file's habits are not asked.
            default: try reader.skip()
            }
            reader.subject = nil
        }
        try reader.end()
        if tokens.count > 0 { findTokensOutsideModel() }
        let outside = idsOutsideModel.map(String.init).joined(separator: ",")
        steps =
            Array("{\"\(Self.outsideModelKey)\":[\(outside)]".utf8) + (steps.isEmpty ? [] : Array(",".utf8))
            + steps + Array("}".utf8)
    }

    private static let outsideModelKey = "realizar_outside_model"

    private mutating func findTokensOutsideModel() {
        let wanted = Set(addedTokens.map { $0.content[...] })
        var found: Set<ArraySlice<UInt8>> = []
        for index in tokens.indices where wanted.contains(tokens[index]) { found.insert(tokens[index]) }
        idsOutsideModel = addedTokens.filter { !found.contains($0.content[...]) }.map(\.id)
    }

    /// Adds the member that has just been read to `steps`.
    private mutating func keep(_ key: String, _ reader: JSONReader, from start: Int) {
        if let last = steps.last, last != UInt8(ascii: "{") { steps.append(UInt8(ascii: ",")) }
        steps += Array("\"\(key)\":".utf8) + reader.bytes[start..<reader.index]
    }

    private mutating func readModel(_ reader: inout JSONReader) throws(ModelFileError) {
        if !steps.isEmpty { steps.append(UInt8(ascii: ",")) }
        steps += Array("\"model\":{".utf8)
        try reader.beginObject()
        var keys = JSONKeys()
        while let key = try keys.next(&reader) {
            switch key {
            case "vocab" where reader.peek() == UInt8(ascii: "{"): try readVocabulary(&reader)
            case "vocab" where reader.peek() == UInt8(ascii: "["): try readScoredVocabulary(&reader)
            case "merges" where reader.peek() == UInt8(ascii: "["): try readMerges(&reader)
            case "vocab", "merges": try reader.skip()
            case _ where Self.knownOptions.contains(key):
                let start = reader.nextIndex
                let value = try reader.value(atMost: Self.longestOption)
                if !value.isNull { model.set(key, value) }
                keep(key, reader, from: start)
            default:
                if try reader.null() { continue }
                unknownOption = unknownOption ?? key
                try reader.skip()
            }
        }
        steps.append(UInt8(ascii: "}"))
    }

    /// `[["piece", -1.5], ...]`, by id.
    private mutating func readScoredVocabulary(_ reader: inout JSONReader) throws(ModelFileError) {
        try reader.beginArray()
        while try reader.nextElement() {
            let start = reader.offset
            guard ids.count < Self.mostTokens else {
                throw reader.error(at: start, expected: "at most \(Self.mostTokens) tokens", found: "more")
            }
            try reader.beginArray()
            guard try reader.nextElement() else { throw reader.error(at: start, expected: "a piece", found: "nothing") }
            tokens.append(try reader.string(), of: reader)
            guard try reader.nextElement() else { throw reader.error(at: start, expected: "a score", found: "nothing") }
            switch try reader.number() {
            case .integer(let integer): scores.append(Double(integer))
            case .double(let double): scores.append(double)
            }
            guard try !reader.nextElement() else {
                throw reader.error(at: start, expected: "a piece and its score", found: "more")
            }
            ids.append(ids.count)
        }
    }

    private static let knownOptions: Set<String> = [
        "type", "unk_token", "fuse_unk", "byte_fallback", "ignore_merges", "dropout", "continuing_subword_prefix",
        "end_of_word_suffix", "unk_id", "max_input_chars_per_word",
    ]

    private mutating func readVocabulary(_ reader: inout JSONReader) throws(ModelFileError) {
        try reader.beginObject()
        while let key = try reader.nextKey() {
            tokens.append(key, of: reader)
            ids.append(try reader.integer(in: 0...Self.mostTokens - 1))
        }
    }

    /// `"left right"`, or `["left", "right"]`.
    private mutating func readMerges(_ reader: inout JSONReader) throws(ModelFileError) {
        try reader.beginArray()
        while try reader.nextElement() {
            guard reader.peek() == UInt8(ascii: "[") else {
                merges.append(try reader.string(), of: reader)
                continue
            }
            let start = reader.offset
            var parts: [JSONString] = []
            try reader.beginArray()
            while try reader.nextElement() {
                let part = try reader.string()
                if parts.count < 3 { parts.append(part) }
            }
            guard parts.count == 2 else {
                throw reader.error(at: start, expected: "the two parts of a merge", found: "another number of parts")
            }
            merges.append(parts[0], parts[1], of: reader)
        }
    }

    private mutating func readAddedTokens(_ reader: inout JSONReader) throws(ModelFileError) {
        if try reader.null() { return }
        try reader.beginArray()
        while try reader.nextElement() { addedTokens.append(try AddedToken(&reader)) }
    }

    /// Adds a token that another file has.
    mutating func add(_ token: AddedToken) { addedTokens.append(token) }
}

extension TokenizerFile.AddedToken {
    /// - Parameter key: The id where it stands before the token, as in `tokenizer_config.json`.
    init(_ reader: inout JSONReader, id key: Int? = nil) throws(ModelFileError) {
        offset = reader.offset
        id = key ?? 0
        var (hasID, hasContent) = (key != nil, false)
        try reader.beginObject()
        var keys = JSONKeys()
        while let key = try keys.next(&reader) {
            switch key {
            case "id" where !hasID:
                hasID = true
                id = try reader.integer(in: 0...TokenizerFile.mostTokens - 1)
            case "content":
                hasContent = true
                content = try reader.utf8()
            case "special": isSpecial = try reader.bool()
            case "lstrip": recognition.takesSpaceBefore = try reader.bool()
            case "rstrip": recognition.takesSpaceBehind = try reader.bool()
            case "single_word": recognition.standsAlone = try reader.bool()
            case "normalized": recognition.isNormalized = try reader.bool()
            default:
                throw reader.error(
                    at: reader.offset, expected: "a property of an added token", found: PrintableName.quoted(key))
            }
        }
        guard hasID, hasContent else { throw reader.error(at: offset, .missing(expected: "id and content")) }
    }
}

extension ByteStrings {
    fileprivate mutating func append(_ string: JSONString, of reader: JSONReader) {
        appendParts { bytes in reader.append(string, to: &bytes) }
    }

    /// Both strings as one, with a space between them.
    fileprivate mutating func append(_ left: JSONString, _ right: JSONString, of reader: JSONReader) {
        appendParts { bytes in
            reader.append(left, to: &bytes)
            bytes.append(UInt8(ascii: " "))
            reader.append(right, to: &bytes)
        }
    }
}

extension JSONReader {
    /// Where the next value starts, in `bytes`.
    fileprivate var nextIndex: Int {
        mutating get {
            skipSpace()
            return index
        }
    }

    /// Reads the next value as a tree, where its text is at most `longest` bytes.
    fileprivate mutating func value(atMost longest: Int) throws(ModelFileError) -> JSONValue {
        let start = offset, place = self
        try skip()
        guard offset - start <= longest else {
            throw error(at: start, expected: "at most \(longest) bytes", found: "\(offset - start)")
        }
        self = place
        return try value()
    }
}
