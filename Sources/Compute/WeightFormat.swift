internal import CKernels
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
        case blocks(group: Int, ck_block_product_function)

        var isOfBlocks: Bool { if case .blocks = self { true } else { false } }
    }

    static func product(for type: ElementType, in kernels: ck_kernels) -> Product? {
        switch type {
        case .float32: .float(kernels.multiply_f32)
        case .float16: .float(kernels.multiply_f16)
        case .bfloat16: .bfloat(kernels.multiply_bf16)
        case .q8_0: .blocks(group: 32, kernels.multiply_q8_0)
        case .q4_0: .blocks(group: 32, kernels.multiply_q4_0)
        case .q4_1: .blocks(group: 32, kernels.multiply_q4_1)
        case .q5_0: .blocks(group: 32, kernels.multiply_q5_0)
        case .q5_1: .blocks(group: 32, kernels.multiply_q5_1)
        case .q4K: .blocks(group: 256, kernels.multiply_q4k)
        case .q5K: .blocks(group: 256, kernels.multiply_q5k)
        case .q6K: .blocks(group: 256, kernels.multiply_q6k)
        case .float64, .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64, .bool, .float8E4M3,
            .float8E5M2,
            .q8_1, .q2K, .q3K, .q8K, .iq2XXS, .iq2XS, .iq2S, .iq3XXS, .iq3S,
            .iq1S, .iq1M, .iq4NL, .iq4XS, .tq1_0, .tq2_0, .mxfp4:
            nil
        }
    }
}
