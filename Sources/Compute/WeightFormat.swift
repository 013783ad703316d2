internal import CKernels
internal import Quantization
package import Tensors

/// How the CPU multiplies by weights of one element type: which form the activations take, and which kernel.
package enum WeightFormat {
    /// The types that can be weights of a product, an embedding or a vector.
    package static let supported: [ElementType] = ElementType.allCases.filter {
        product(for: $0, in: InstructionSet.scalar.kernels) != nil
    }

    /// Activations stay float32, are rounded to bfloat16, or become int8 with one scale per 32 or 256 values.
    enum Product {
        case float(ck_float_product_function)
        case bfloat(ck_float_product_function)
        case blocks(group: Int, levels: LevelGrid?, ck_block_product_function)

        var isOfBlocks: Bool { if case .blocks = self { true } else { false } }
    }

    static func product(for type: ElementType, in kernels: ck_kernels) -> Product? {
        switch type {
        case .float64: .float(kernels.multiply_f64)
        case .float32: .float(kernels.multiply_f32)
        case .float16: .float(kernels.multiply_f16)
        case .bfloat16: .bfloat(kernels.multiply_bf16)
        case .float8E4M3: .float(kernels.multiply_f8_e4m3)
        case .float8E5M2: .float(kernels.multiply_f8_e5m2)
        case .q8_0: .blocks(group: 32, levels: nil, kernels.multiply_q8_0)
        case .q4_0: .blocks(group: 32, levels: nil, kernels.multiply_q4_0)
        case .q4_1: .blocks(group: 32, levels: nil, kernels.multiply_q4_1)
        case .q5_0: .blocks(group: 32, levels: nil, kernels.multiply_q5_0)
        case .q5_1: .blocks(group: 32, levels: nil, kernels.multiply_q5_1)
        case .iq4NL: .blocks(group: 32, levels: .iq4, kernels.multiply_iq4nl)
        case .mxfp4: .blocks(group: 32, levels: .e2m1, kernels.multiply_mxfp4)
        case .q2K: .blocks(group: 256, levels: nil, kernels.multiply_q2k)
        case .q3K: .blocks(group: 256, levels: nil, kernels.multiply_q3k)
        case .q4K: .blocks(group: 256, levels: nil, kernels.multiply_q4k)
        case .q5K: .blocks(group: 256, levels: nil, kernels.multiply_q5k)
        case .q6K: .blocks(group: 256, levels: nil, kernels.multiply_q6k)
        case .iq4XS: .blocks(group: 256, levels: .iq4, kernels.multiply_iq4xs)
        case .iq1S: .blocks(group: 256, levels: .iq1, kernels.multiply_iq1s)
        case .iq1M: .blocks(group: 256, levels: .iq1, kernels.multiply_iq1m)
        case .iq2XXS: .blocks(group: 256, levels: .iq2XXS, kernels.multiply_iq2xxs)
        case .iq2XS: .blocks(group: 256, levels: .iq2XS, kernels.multiply_iq2xs)
        case .iq2S: .blocks(group: 256, levels: .iq2S, kernels.multiply_iq2s)
        case .iq3XXS: .blocks(group: 256, levels: .iq3XXS, kernels.multiply_iq3xxs)
        case .iq3S: .blocks(group: 256, levels: .iq3S, kernels.multiply_iq3s)
        case .tq1_0: .blocks(group: 256, levels: nil, kernels.multiply_tq1_0)
        case .tq2_0: .blocks(group: 256, levels: nil, kernels.multiply_tq2_0)
        case .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64, .bool, .q8_1, .q8K: nil
        }
    }
}
