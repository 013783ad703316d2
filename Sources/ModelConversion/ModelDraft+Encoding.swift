package import ModelFiles
internal import Tensors

/// How a model's tensors are to be put into other types.
package struct EncodingOptions: Sendable {
    /// Nil where tensors keep their types, as far as the format has them.
    package var mix: QuantizationMix?
    /// All matrices get the mix's base type.
    package var isPure: Bool
    /// Whether blocks may become other blocks, which adds the errors of both.
    package var allowsRequantizing: Bool

    package init(mix: QuantizationMix?, isPure: Bool = false, allowsRequantizing: Bool = false) {
        self.mix = mix
        self.isPure = isPure
        self.allowsRequantizing = allowsRequantizing
    }
}

extension ModelDraft {
    /// A file's model as a format has it, with its matrices in the types of a mix.
    ///
    /// - Throws: `.unsupported` for an architecture whose words are not known in both formats; `.invalid` for a tensor that is in blocks already where that is not allowed; as `TensorEncoder.draft`.
    package init(
        _ file: any ModelFile, for format: TargetFormat, encodedAs options: EncodingOptions, by encoder: TensorEncoder
    ) throws(ModelFileError) {
        try format.checkKnows(file)
        let context = try MixContext(file.metadata)
        let isEmbeddingShared = file.entry(named: "output.weight") == nil
        let rotaryRows = try RotaryRows(file.metadata, as: format.rotaryRows)
        var planned: [(source: TensorSource, type: ElementType)] = []
        for entry in file.tensors {
            var source = TensorSource(entry, of: file)
            if let rotaryRows { source = try rotaryRows.apply(to: source, in: file.path) }
            let role = TensorRole(entry, isEmbeddingShared: isEmbeddingShared)
            var type = format.vectors == .float32 && entry.isVectorInHalf ? .float32 : entry.elementType
            if let mix = options.mix, role != .kept, let rowLength = entry.shape.dimensions.last {
                type = mix.type(for: role, rowLength: rowLength, context: context, isPure: options.isPure)
            }
            if entry.elementType != type, entry.elementType.isInBlocks, type.isInBlocks, !options.allowsRequantizing {
                throw ModelFileError(
                    file: file.path, subject: .tensor(entry.name),
                    problem: .invalid(
                        expected: "plain numbers to make \(type) of (--allow-requantize adds the errors of both types)",
                        found: "\(entry.elementType)"))
            }
            planned.append((source, type))
        }
        if format.vectors == .ofMatricesWhereExact { Self.narrowVectors(in: &planned, by: encoder) }
        self.init(metadata: file.metadata, tensors: [], originalFormat: file.formatName)
        tensors.reserveCapacity(planned.count)
        for (source, type) in planned { tensors.append(try encoder.draft(of: source, in: file.path, as: type)) }
        metadata.removeSplitKeys()
        if rotaryRows != nil, let name = try metadata.string("general.architecture") {
            let key = "\(name).rope.pairing"
            if format.rotaryRows == .halves {
                metadata.set(key, .string(Array("halves".utf8)))
            } else {
                metadata.remove(key)
            }
        }
        if let mix = options.mix {
            metadata.set("general.file_type", .uint32(mix.fileType))
            metadata.set("general.quantization_version", .uint32(2))
        }
    }
}

extension ModelDraft {
    /// Gives vectors of float32 the half that all matrices have, where each of their numbers is one.
    private static func narrowVectors(
        in planned: inout [(source: TensorSource, type: ElementType)], by encoder: TensorEncoder
    ) {
        let types = Set(planned.filter { $0.source.shape.dimensions.count > 1 }.map(\.type))
        guard let half = types.first, types.count == 1, [.float16, .bfloat16].contains(half) else { return }
        for (index, (source, type)) in planned.enumerated() where type == .float32 {
            // The factors of the rotation are no weights: the configuration is made of them.
            guard source.elementType == .float32, source.name != "rope_freqs.weight" else { continue }
            if encoder.isExact(source, in: half) { planned[index].type = half }
        }
    }
}

extension TensorEntry {
    /// Vectors take no room to speak of, and what reads GGUF wants them in float32; halves become it exactly.
    fileprivate var isVectorInHalf: Bool {
        shape.dimensions.count <= 1 && [.float16, .bfloat16].contains(elementType)
    }
}

extension ElementType {
    /// Numbers that share scales, against plain ones.
    fileprivate var isInBlocks: Bool { blockFormat.elementsPerBlock > 1 }
}
