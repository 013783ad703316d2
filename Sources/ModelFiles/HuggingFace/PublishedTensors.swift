import Tensors

/// A published model's tensors under GGUF's names.
struct PublishedTensors {
    let canonical: [TensorEntry]

    /// Parts of a model that sees or hears; text alone does not pass through them.
    private static let otherParts = [
        "vision_tower.", "vision_model.", "multi_modal_projector.", "audio_tower.", "visual.",
    ]
    /// Where the language model stands in a larger one.
    private static let nestings = ["language_model.", "model.language_model."]
    /// Tables that older writers saved although they follow from the configuration.
    private static let computed = ".rotary_emb.inv_freq"

    /// - Throws: For a tensor whose name is not of the architecture, since it means something that would not be computed, and
    ///   for an output matrix that contradicts `tie_word_embeddings`.
    init(
        _ shards: SafeTensorsShards, _ configuration: HuggingFaceConfiguration, _ architecture: HuggingFaceArchitecture
    ) throws(ModelFileError) {
        var entries: [TensorEntry] = []
        for tensor in shards.tensors {
            if tensor.name.hasSuffix(Self.computed) { continue }
            guard let published = Self.name(tensor.name, isNested: configuration.isNested) else { continue }
            guard let name = architecture.tensorNames.canonical(of: published) else {
                throw ModelFileError(
                    file: shards.files[tensor.fileIndex].path, offset: tensor.byteRange.lowerBound,
                    subject: .tensor(tensor.name),
                    problem: .unsupported(
                        found: "a tensor that \(architecture.className) does not have",
                        advice: "running without it would give wrong answers"))
            }
            entries.append(tensor.renamed(name))
        }
        let names = Dictionary(grouping: entries, by: \.name)
        if let twice = names.values.first(where: { $0.count > 1 }) {
            throw ModelFileError(
                file: shards.files[twice[1].fileIndex].path, offset: twice[1].byteRange.lowerBound,
                subject: .tensor(twice[1].name),
                problem: .invalid(expected: "each tensor once", found: "it under two names"))
        }
        let ties = try configuration.bool("tie_word_embeddings") ?? architecture.tiesEmbeddings
        canonical = try Self.tied(entries, ties, shards, configuration)
    }

    /// The name that the language model alone would give it; nil for a tensor of another part.
    private static func name(_ name: String, isNested: Bool) -> String? {
        guard isNested else { return name }
        let bare = name.hasPrefix("model.") ? String(name.dropFirst(6)) : name
        if otherParts.contains(where: { bare.hasPrefix($0) }) { return nil }
        for nesting in nestings where name.hasPrefix(nesting) {
            let inner = String(name.dropFirst(nesting.count))
            // Newer files name the layers without the `model.` of a whole decoder.
            return inner.hasPrefix("model.") || inner.hasPrefix("lm_head.") ? inner : "model." + inner
        }
        return name
    }

    /// One matrix for embedding and output where the configuration says so, and two where it does not.
    private static func tied(
        _ entries: [TensorEntry], _ ties: Bool, _ shards: SafeTensorsShards, _ configuration: HuggingFaceConfiguration
    ) throws(ModelFileError) -> [TensorEntry] {
        guard let embedding = entries.first(where: { $0.name == "token_embd.weight" }) else { return entries }
        guard let output = entries.first(where: { $0.name == "output.weight" }) else {
            if ties { return entries }
            throw ModelFileError(
                file: shards.files[embedding.fileIndex].path, subject: .tensor("lm_head.weight"),
                problem: .missing(expected: "it, as tie_word_embeddings is not true"))
        }
        guard ties else { return entries }
        guard embedding.hasSameBytes(as: output, in: shards.files) else {
            throw configuration.error(
                "tie_word_embeddings", expected: "an lm_head.weight that equals model.embed_tokens.weight",
                found: "another one")
        }
        return entries.filter { $0.name != output.name }
    }
}

extension TensorEntry {
    fileprivate func renamed(_ name: String) -> TensorEntry {
        TensorEntry(
            name: name, elementType: elementType, shape: shape, byteRange: byteRange, fileIndex: fileIndex)
    }

    fileprivate func hasSameBytes(as other: TensorEntry, in files: [MappedFile]) -> Bool {
        elementType == other.elementType && shape == other.shape
            && files[fileIndex].bytes(in: byteRange, areThoseOf: files[other.fileIndex], in: other.byteRange)
    }
}
