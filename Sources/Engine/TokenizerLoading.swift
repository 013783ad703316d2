package import ModelFiles
package import Tokenization

/// Reads only the tokenizer of a model file, which takes milliseconds; weights are not looked at.
package func loadTokenizer(_ source: ModelSource) throws(EngineError) -> any Tokenizer {
    let file: any ModelFile
    do { file = try openModel(source) } catch { throw EngineError(error) }
    return try makeTokenizer(of: file)
}

/// The tokenizer that a file's metadata describe under `tokenizer.ggml.*`, and in what GGUF has no words for under
/// `tokenizer.realizar.*`.
package func makeTokenizer(of file: any ModelFile) throws(EngineError) -> any Tokenizer {
    if let problem = file.tokenizerProblem { throw EngineError(problem) }
    let description: TokenizerDescription
    do {
        description = try tokenizerDescription(file.metadata)
    } catch let error as ModelFileError {
        throw EngineError(error)
    } catch let error as TokenizationError {
        throw EngineError(error, file: file.path)
    } catch {
        throw EngineError(code: .invalidModel, message: "\(file.path): \(error)")
    }
    do { return try Tokenization.makeTokenizer(description) } catch { throw EngineError(error, file: file.path) }
}

private func tokenizerDescription(_ metadata: Metadata) throws -> TokenizerDescription {
    let prefix = "tokenizer.ggml."
    let tokens = try metadata.requiredByteStrings(prefix + "tokens")
    let kinds = try metadata.integers(prefix + "token_type")?.map { number in
        guard let kind = UInt8(exactly: number).flatMap(TokenKind.init) else {
            throw metadata.error(about: prefix + "token_type", expected: "0 to 6", found: "\(number)")
        }
        return kind
    }
    let vocabulary = try Vocabulary(
        bytes: tokens.bytes, ends: tokens.ends,
        kinds: kinds ?? Array(repeating: .normal, count: tokens.ends.count),
        scores: try metadata.numbers(prefix + "scores")?.map { Float($0) })
    var description = TokenizerDescription(
        model: try metadata.requiredString(prefix + "model"), preTokenizer: try metadata.string(prefix + "pre"),
        vocabulary: vocabulary)
    // Without its merges a vocabulary of pairs would be read, and give single bytes for all text.
    let needsMerges = ["gpt2", "gemma4"].contains(description.model)
    let merges =
        needsMerges
        ? try metadata.requiredByteStrings(prefix + "merges") : try metadata.byteStrings(prefix + "merges")
    if let merges {
        description.mergeBytes = merges.bytes
        description.mergeEnds = merges.ends
    }
    description.beginTokenID = try metadata.integer(prefix + "bos_token_id")
    description.endTokenID = try metadata.integer(prefix + "eos_token_id")
    description.unknownTokenID = try metadata.integer(prefix + "unknown_token_id")
    description.paddingTokenID = try metadata.integer(prefix + "padding_token_id")
    description.endOfGenerationTokenIDs = try ["eot_token_id", "eom_token_id"].compactMap {
        try metadata.integer(prefix + $0)
    }
    try addWhatGGUFLacks(to: &description, metadata)
    description.addsBeginToken = try metadata.bool(prefix + "add_bos_token")
    description.addsEndToken = try metadata.bool(prefix + "add_eos_token")
    description.addsSpacePrefix = try metadata.bool(prefix + "add_space_prefix")
    if description.model == "bert" { try addBertKeys(to: &description, metadata) }
    if description.model == "t5" {
        description.removesExtraSpaces = try metadata.bool(prefix + "remove_extra_whitespaces") ?? false
        description.characterMap = try characterMap(metadata)
    }
    return description
}

/// BERT's names of the tokens around a text; the second one is written as converters misspell it.
private func addBertKeys(to description: inout TokenizerDescription, _ metadata: Metadata) throws {
    let prefix = "tokenizer.ggml."
    description.beginTokenID = try metadata.integer(prefix + "cls_token_id") ?? description.beginTokenID
    description.endTokenID = try metadata.integer(prefix + "seperator_token_id") ?? description.endTokenID
    description.lowersCase = try metadata.bool(prefix + "normalizer.lowercase")
    description.stripsAccents = try metadata.bool(prefix + "normalizer.strip_accents")
}

private func characterMap(_ metadata: Metadata) throws -> [UInt8] {
    let key = "tokenizer.ggml.precompiled_charsmap"
    return try (metadata.integers(key) ?? []).map { number in
        guard let byte = UInt8(exactly: number) ?? Int8(exactly: number).map(UInt8.init(bitPattern:)) else {
            throw metadata.error(about: key, expected: "bytes", found: "\(number)")
        }
        return byte
    }
}

private func addWhatGGUFLacks(to description: inout TokenizerDescription, _ metadata: Metadata) throws {
    let prefix = "tokenizer.realizar."
    description.endOfGenerationTokenIDs += try metadata.integers(prefix + "end_token_ids") ?? []
    description.tokenIDsTakingSpace = try metadata.integers(prefix + "space_taking_token_ids") ?? []
    description.takesWholeWords = try metadata.bool(prefix + "ignore_merges")
    if let bytes = try metadata.bytes(prefix + "pipeline") {
        description.pipeline = try TokenizerPipeline(json: bytes, file: metadata.file)
        description.preciseScores = try metadata.numbers("tokenizer.ggml.scores")
    }
    if let name = try metadata.string(prefix + "space_prefix") {
        guard let spacePrefix = TokenizerDescription.SpacePrefix(rawValue: name) else {
            let known = TokenizerDescription.SpacePrefix.allCases.map(\.rawValue).joined(separator: ", ")
            throw metadata.error(about: prefix + "space_prefix", expected: "one of \(known)", found: name)
        }
        description.spacePrefix = spacePrefix
    }
    if let name = try metadata.string(prefix + "normalizer") {
        guard name == "nfc" else {
            throw metadata.error(about: prefix + "normalizer", expected: "nfc", found: name)
        }
        description.composesText = true
    }
}
