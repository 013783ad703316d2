package import Tensors

/// A named mix of element types: which type each tensor of a model gets.
///
/// Names, mixes and file type numbers are those that users of GGUF know; for every model seen, each tensor gets the type that
/// llama-quantize gives it (checked against `llama-quantize --dry-run`, see docs/quantization.md).
package struct QuantizationMix: Sendable {
    /// `Q4_K_M`
    package let name: String
    /// `general.file_type`
    package let fileType: UInt32
    /// What most tensors get.
    package let base: ElementType
    /// What some tensors get instead; nil for the base.
    private let exception: @Sendable (TensorRole, MixContext) -> ElementType?

    private init(
        _ name: String, fileType: UInt32, _ base: ElementType,
        exception: @escaping @Sendable (TensorRole, MixContext) -> ElementType? = { _, _ in nil }
    ) {
        self.name = name
        self.fileType = fileType
        self.base = base
        self.exception = exception
    }

    /// Case and a leading `MOSTLY_` do not matter; `Q4_K` means `Q4_K_M`, and so for the others.
    package static func named(_ name: String) -> QuantizationMix? {
        let wanted = name.uppercased()
        return all.first { $0.name == wanted } ?? all.first { $0.name == wanted + "_M" }
    }

    /// The type of a tensor with this role and rows of this length.
    ///
    /// - Parameter isPure: Whether all matrices get the base type.
    func type(for role: TensorRole, rowLength: Int, context: MixContext, isPure: Bool = false) -> ElementType {
        var type = isPure ? base : exception(role, context) ?? (role == .output ? outputType : base)
        while !rowLength.isMultiple(of: type.blockFormat.elementsPerBlock) { type = Self.fallback(of: type) }
        return type
    }

    /// Logits feel an error of their matrix at once, so it gets six bits or more.
    private var outputType: ElementType {
        base.blockFormat.elementsPerBlock > 1 && base != .q8_0 ? .q6K : base
    }

    /// The next type for rows that do not fill blocks of `type`: at least as many bits, in smaller blocks.
    private static func fallback(of type: ElementType) -> ElementType {
        switch type {
        case .q2K, .q3K: .q4_0
        case .iq4XS: .iq4NL
        case .q4K: .q5_0
        case .q5K: .q5_1
        case .q6K: .q8_0
        default: .float16
        }
    }

    /// A new mix is a row here.
    package static let all: [QuantizationMix] = [
        QuantizationMix("F32", fileType: 0, .float32),
        QuantizationMix("F16", fileType: 1, .float16),
        QuantizationMix("BF16", fileType: 32, .bfloat16),
        QuantizationMix("Q8_0", fileType: 7, .q8_0),
        QuantizationMix("Q6_K", fileType: 18, .q6K),
        QuantizationMix("Q5_K_M", fileType: 17, .q5K) { role, context in
            switch role {
            case .attentionValue(let layer), .feedForwardDown(let layer):
                context.deservesMoreBits(layer) ? .q6K : nil
            default: nil
            }
        },
        QuantizationMix("Q5_K_S", fileType: 16, .q5K),
        QuantizationMix("Q4_K_M", fileType: 15, .q4K) { role, context in
            switch role {
            case .attentionValue(let layer), .feedForwardDown(let layer):
                context.deservesMoreBits(layer) ? .q6K : nil
            default: nil
            }
        },
        QuantizationMix("Q4_K_S", fileType: 14, .q4K) { role, context in
            switch role {
            case .attentionValue(let layer): layer < 4 ? .q5K : nil
            case .feedForwardDown(let layer): context.isInFirst(part: 8, layer) ? .q5K : nil
            default: nil
            }
        },
        QuantizationMix("Q5_1", fileType: 9, .q5_1),
        QuantizationMix("Q5_0", fileType: 8, .q5_0),
        QuantizationMix("Q4_1", fileType: 3, .q4_1),
        QuantizationMix("Q4_0", fileType: 2, .q4_0),
        QuantizationMix("IQ4_NL", fileType: 25, .iq4NL, exception: fourBitCurves),
        QuantizationMix("IQ4_XS", fileType: 30, .iq4XS, exception: fourBitCurves),
        QuantizationMix("Q3_K_L", fileType: 13, .q3K) { role, _ in
            switch role {
            case .attentionValue, .attentionOutput, .feedForwardDown: .q5K
            default: nil
            }
        },
        QuantizationMix("Q3_K_M", fileType: 12, .q3K) { role, context in
            switch role {
            case .attentionValue(let layer): layer < 2 ? .q5K : .q4K
            case .attentionOutput: .q4K
            case .feedForwardDown(let layer): context.isInFirst(part: 16, layer) ? .q5K : .q4K
            default: nil
            }
        },
        QuantizationMix("Q3_K_S", fileType: 11, .q3K),
        QuantizationMix("Q2_K", fileType: 10, .q2K) { role, context in
            switch role {
            case .attentionValue: context.groupedQueryCount >= 4 ? .q4K : .q3K
            case .attentionOutput, .feedForwardDown: .q3K
            default: nil
            }
        },
        QuantizationMix("Q2_K_S", fileType: 21, .q2K) { role, context in
            switch role {
            case .attentionValue: context.groupedQueryCount >= 4 ? .q4K : nil
            case .feedForwardDown(let layer): context.isInFirst(part: 8, layer) ? .q4K : nil
            default: nil
            }
        },
    ].filter { TensorEncoder.supported.contains($0.base) }

    private static let fourBitCurves: @Sendable (TensorRole, MixContext) -> ElementType? = { role, context in
        switch role {
        case .attentionValue: context.groupedQueryCount >= 4 ? .q5K : nil
        case .feedForwardDown(let layer): context.isInFirst(part: 8, layer) ? .q5K : nil
        default: nil
        }
    }
}
