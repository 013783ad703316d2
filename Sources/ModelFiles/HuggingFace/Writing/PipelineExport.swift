import Tokenization

/// `tokenizer.json` of a tokenizer that was read from one and that GGUF has no name for: its own steps, with the vocabulary and
/// the merges put back.
struct PipelineExport {
    let json: [UInt8]

    init(_ metadata: Metadata, _ vocabulary: ExportedVocabulary) throws(ModelFileError) {
        let key = "tokenizer.realizar.pipeline"
        guard let steps = try metadata.bytes(key) else {
            throw metadata.error(key, .missing(expected: "the steps of a tokenizer.json"))
        }
        let file = try TokenizerFile(JSONReader(steps, file: metadata.file))
        var reader = JSONReader(steps, file: metadata.file)
        guard let members = try reader.value().object else {
            throw metadata.error(about: key, expected: "an object", found: "something else")
        }
        let outside = Set(file.idsOutsideModel)
        let ids = vocabulary.tokens.indices.filter { !outside.contains($0) && !vocabulary.isFilling($0) }
        var writer = JSONWriter()
        writer.add("version", "1.0")
        writer.addNull("truncation")
        writer.addNull("padding")
        for part in ["added_tokens", "normalizer", "pre_tokenizer", "post_processor", "decoder"] {
            if let value = members[part] { writer.add(part, value: value) } else { writer.addNull(part) }
        }
        let type = file.model["type"]?.string ?? "BPE"
        var scores: [Double]?
        if type == "Unigram" { scores = try Self.scores(metadata, ids) }
        let merges = try metadata.byteStrings("tokenizer.ggml.merges") ?? ByteStrings()
        writer.addObject("model") { writer in
            if file.model["type"] == nil { writer.add("type", type) }
            for (name, value) in members["model"]?.object?.members ?? [] { writer.add(name, value: value) }
            if let scores {
                writer.add("vocab", pairs: ByteStrings(ids.map { vocabulary.tokens[$0] }), scores)
            } else {
                writer.addObject("vocab") { writer in
                    for id in ids { writer.add(bytes: vocabulary.tokens[id], id) }
                }
                if type == "BPE" { writer.add("merges", strings: merges) }
            }
        }
        json = writer.finish()
    }

    /// By id, which is a place in the list that `tokenizer.json` has: there is none without a token.
    private static func scores(_ metadata: Metadata, _ ids: [Int]) throws(ModelFileError) -> [Double] {
        let key = "tokenizer.ggml.scores"
        guard let scores = try metadata.numbers(key) else { throw metadata.error(key, .missing(expected: "them")) }
        guard ids.elementsEqual(0..<ids.count), ids.count <= scores.count, scores.allSatisfy(\.isFinite) else {
            throw metadata.error(about: key, expected: "a finite score for each token", found: "gaps")
        }
        return Array(scores.prefix(ids.count))
    }
}
