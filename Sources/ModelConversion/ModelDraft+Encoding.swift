package import ModelFiles
internal import Tensors

/// How a model's tensors are to be put into other types.
package struct EncodingOptions: Sendable {
    package var mix: QuantizationMix
    /// All matrices get the mix's base type.
    package var isPure: Bool
    /// Whether blocks may become other blocks, which adds the errors of both.
    package var allowsRequantizing: Bool

    package init(mix: QuantizationMix, isPure: Bool = false, allowsRequantizing: Bool = false) {
        self.mix = mix
        self.isPure = isPure
        self.allowsRequantizing = allowsRequantizing
    }
}

extension ModelDraft {
    /// A file's model with its matrices in the types of a mix. Vectors and norms stay as they are.
    ///
    /// - Throws: `.invalid` for a tensor that is in blocks already where that is not allowed; as `TensorEncoder.draft`.
    package init(
        _ file: any ModelFile, encodedAs options: EncodingOptions, by encoder: TensorEncoder
    ) throws(ModelFileError) {
        let context = try MixContext(file.metadata)
        let isEmbeddingShared = file.entry(named: "output.weight") == nil
        self.init(metadata: file.metadata, tensors: [])
        tensors.reserveCapacity(file.tensors.count)
        for entry in file.tensors {
            let role = TensorRole(entry, isEmbeddingShared: isEmbeddingShared)
            guard role != .kept, let rowLength = entry.shape.dimensions.last else {
                tensors.append(TensorDraft(file.view(of: entry)))
                continue
            }
            let type = options.mix.type(
                for: role, rowLength: rowLength, context: context, isPure: options.isPure)
            if entry.elementType != type, entry.elementType.isInBlocks, !options.allowsRequantizing {
                throw ModelFileError(
                    file: file.path, subject: .tensor(entry.name),
                    problem: .invalid(
                        expected: "plain numbers to make \(type) of (--allow-requantize adds the errors of both types)",
                        found: "\(entry.elementType)"))
            }
            tensors.append(try encoder.draft(of: file.view(of: entry), in: file.path, as: type))
        }
        metadata.removeSplitKeys()
        metadata.set("general.file_type", .uint32(options.mix.fileType))
        metadata.set("general.quantization_version", .uint32(2))
    }
}

extension ElementType {
    /// Numbers that share scales, against plain ones.
    fileprivate var isInBlocks: Bool { blockFormat.elementsPerBlock > 1 }
}
