package import Tensors

/// A model as it is published for transformers: a folder of safetensors files, `config.json`, a tokenizer and a chat template,
/// seen as GGUF would say it.
///
/// A model of an unknown `model_type` opens too, with its own tensor names and without hyper-parameters, so that it can be
/// looked at; the engine refuses it by name.
package final class HuggingFaceModel: ModelFile {
    package let path: String
    package let formatName = "safetensors"
    /// Of the folder.
    package let name: String
    package let metadata: Metadata
    package let tokenizerProblem: ModelFileError?
    private let table: TensorTable

    package var tensors: [TensorEntry] { table.entries }
    package func entry(named name: String) -> TensorEntry? { table.entry(named: name) }
    package func view(of entry: TensorEntry) -> TensorView { table.view(of: entry) }
    package var partPaths: [String] { table.paths }
    package func dropPages(of entry: TensorEntry) { table.dropPages(of: entry) }

    /// - Parameters:
    ///   - weights: The one file of weights, where it is not to be looked for in the folder.
    ///   - path: What the user gave.
    /// - Throws: `ModelFileError` naming the file of the folder, the place in it, and what to do.
    package init(
        _ folder: ModelFolder, weights: MappedFile? = nil, path: String? = nil
    ) throws(ModelFileError) {
        self.path = path ?? folder.path
        name = folder.name
        guard var json = try folder.json("config.json", longest: HuggingFaceConfiguration.longestFile) else {
            let files = "config.json and tokenizer.json, as they are published with the weights, in the same folder"
            throw ModelFileError(file: self.path, problem: .missing(expected: files))
        }
        let configuration = try HuggingFaceConfiguration(&json)
        var shards: SafeTensorsShards
        if let weights { shards = try SafeTensorsShards(weights) } else { shards = try SafeTensorsShards(folder) }
        var files = shards.files
        var metadata = Metadata(file: configuration.file)
        var tensors = shards.tensors
        if let architecture = configuration.architecture {
            let factors = try configuration.append(to: &metadata, for: architecture)
            tensors = try PublishedTensors(shards, configuration, architecture).canonical
            if let factors {
                let (file, entry) = try Self.tensor("rope_freqs.weight", factors, fileIndex: files.count)
                files.append(file)
                tensors.append(entry)
            }
        } else {
            metadata.append("general.architecture", .string(Array(configuration.modelType.utf8)))
        }
        metadata.append("general.name", .string(Array(name.utf8)))
        let vocabularySize = tensors.first { $0.name == "token_embd.weight" }?.shape.dimensions.first
        do {
            try PublishedTokenizer(folder, configuration).append(to: &metadata, vocabularySize: vocabularySize)
            tokenizerProblem = nil
        } catch { tokenizerProblem = error }
        try PublishedChatTemplates(folder).append(to: &metadata)
        self.metadata = metadata
        table = TensorTable(tensors, files: files)
    }

    /// A file of weights with what lies beside it: the whole model where it is one shard of several.
    convenience init(_ folder: ModelFolder, file: MappedFile) throws(ModelFileError) {
        let hasIndex = try folder.file(SafeTensorsShards.indexName) != nil
        try self.init(folder, weights: hasIndex && file.path.contains("-of-") ? nil : file, path: file.path)
    }

    /// A tensor that the configuration describes instead of a file holding it.
    private static func tensor(
        _ name: String, _ values: [Float], fileIndex: Int
    ) throws(ModelFileError) -> (MappedFile, TensorEntry) {
        var bytes: [UInt8] = []
        for value in values {
            for shift in stride(from: 0, to: 32, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> UInt32(shift)))
            }
        }
        let entry = TensorEntry(
            name: name, elementType: .float32, shape: Shape([values.count]), byteRange: 0..<bytes.count,
            fileIndex: fileIndex)
        return (try MappedFile(contents: bytes, path: "config.json"), entry)
    }
}
