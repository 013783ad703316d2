import Tensors

/// Writes a draft as a folder as models are published for transformers: `config.json`, `generation_config.json`, the tokenizer
/// with its chat template, and the weights in safetensors files.
package struct HuggingFaceWriter: ModelWriter {
    /// What a file of weights gets at most where nobody says otherwise: as `save_pretrained` cut them for years.
    package static let usualShardByteCount = 5_000_000_000

    /// Of all files together.
    package let byteCount: Int
    /// Small files, by name.
    private let texts: [(name: String, bytes: [UInt8])]
    private let weights: [(name: String, writer: SafeTensorsWriter)]

    /// - Throws: `.unsupported` for what has no place in such a folder: an architecture, key or tensor that transformers has no
    ///   word for, numbers in blocks, a tokenizer that `tokenizer.json` cannot say exactly.
    package init(
        _ draft: ModelDraft, shardByteCount: Int = usualShardByteCount
    ) throws(ModelFileError) {
        let file = draft.metadata.file
        let factors = try draft.tensors.first { $0.name == "rope_freqs.weight" }?.floats(in: file)
        let tensors = draft.tensors.filter { $0.name != "rope_freqs.weight" }
        let configuration = try ConfigurationExport(draft.metadata, tensors: tensors, factors: factors)
        try Self.checkRows(draft.metadata, configuration.architecture)
        var published: [TensorDraft] = []
        for var tensor in tensors {
            guard let name = configuration.architecture.tensorNames.published(of: tensor.name) else {
                throw ModelFileError(
                    file: file, subject: .tensor(tensor.name),
                    problem: .unsupported(
                        found: "a tensor that \(configuration.architecture.className) does not have",
                        advice: "without it the model would compute otherwise"))
            }
            _ = try tensor.elementType.safeTensorsName(of: tensor.name, in: file)  // under its name in the source
            tensor.name = name
            published.append(tensor)
        }
        let tokenizer = try TokenizerExport(draft.metadata)
        let plan = ShardPlan(published, limit: shardByteCount)
        var texts: [(String, [UInt8])] = [
            ("config.json", configuration.json(tokenizer.specialTokens)),
            ("generation_config.json", tokenizer.specialTokens.generationConfiguration),
            (TokenizerFile.fileName, tokenizer.json),
            (
                TokenizerConfiguration.fileName,
                try tokenizer.configuration(contextLength: configuration.contextLength)
            ),
        ]
        if let index = plan.index { texts.append((SafeTensorsShards.indexName, index)) }
        var weights: [(String, SafeTensorsWriter)] = []
        for (name, tensors) in plan.shards { weights.append((name, try SafeTensorsWriter(tensors, file: file))) }
        self.texts = texts
        self.weights = weights
        byteCount = texts.reduce(0) { $0 + $1.1.count } + weights.reduce(0) { $0 + $1.1.byteCount }
    }

    package func write(
        to path: String, sources: [String] = [], observer: WriteObserver = .silent
    ) throws(ModelFileError) {
        let folder = try AtomicFolder(path: path, byteCount: byteCount)
        var done = 0
        for (name, bytes) in texts {
            try folder.write(name, byteCount: bytes.count) { file throws(ModelFileError) in try file.write(bytes) }
            done += bytes.count
        }
        for (name, writer) in weights {
            try folder.write(name, byteCount: writer.byteCount) { file throws(ModelFileError) in
                try writer.write(to: file) { () throws(ModelFileError) in
                    try observer.report(done + file.byteCount, total: byteCount, of: path)
                }
            }
            done += writer.byteCount
        }
        try folder.finish()
    }

    /// In published weights the two channels of a pair lie in the two halves of a head.
    private static func checkRows(
        _ metadata: Metadata, _ architecture: HuggingFaceArchitecture
    ) throws(ModelFileError) {
        let key = "\(architecture.canonicalName).rope.pairing"
        let pairing = try metadata.string(key) ?? architecture.canonicalPairing
        guard pairing == "halves" else {
            throw metadata.error(about: key, expected: "'halves'", found: PrintableName.quoted(pairing))
        }
    }
}

extension TensorDraft {
    /// Numbers of a small vector.
    ///
    /// - Throws: `.invalid` for another type, or more numbers than a vector of the rotation has.
    fileprivate func floats(in file: String) throws(ModelFileError) -> [Float] {
        guard elementType == .float32, byteCount <= 1 << 16 else {
            throw ModelFileError(
                file: file, subject: .tensor(name),
                problem: .invalid(expected: "a vector of F32", found: "\(elementType) \(shape)"))
        }
        var bytes: [UInt8] = []
        try write { (piece) throws(ModelFileError) in
            unsafe piece.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
        }
        return stride(from: 0, to: bytes.count, by: 4).map { start in
            var bits: UInt32 = 0
            for byte in bytes[start..<start + 4].reversed() { bits = bits << 8 | UInt32(byte) }
            return Float(bitPattern: bits)
        }
    }
}
