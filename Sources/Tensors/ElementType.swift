/// The number or block format in which a tensor's elements are stored.
///
/// Cases are the types that model files name; whether a type can be computed with is another question, answered by
/// `Quantization` and `Compute`.
package enum ElementType: String, Sendable, CaseIterable, Hashable {
    case float32 = "F32"
    case float16 = "F16"
    case bfloat16 = "BF16"
    case float64 = "F64"
    case int8 = "I8"
    case int16 = "I16"
    case int32 = "I32"
    case int64 = "I64"
    case uint8 = "U8"
    case uint16 = "U16"
    case uint32 = "U32"
    case uint64 = "U64"
    /// One byte, 0 or 1.
    case bool = "BOOL"
    /// Sign 1, exponent 4, significand 3; no infinities (Micikevicius et al. 2022, arXiv:2209.05433).
    case float8E4M3 = "F8_E4M3"
    /// Sign 1, exponent 5, significand 2.
    case float8E5M2 = "F8_E5M2"
    case q4_0 = "Q4_0"
    case q4_1 = "Q4_1"
    case q5_0 = "Q5_0"
    case q5_1 = "Q5_1"
    case q8_0 = "Q8_0"
    case q8_1 = "Q8_1"
    case q2K = "Q2_K"
    case q3K = "Q3_K"
    case q4K = "Q4_K"
    case q5K = "Q5_K"
    case q6K = "Q6_K"
    case q8K = "Q8_K"
    case iq2XXS = "IQ2_XXS"
    case iq2XS = "IQ2_XS"
    case iq2S = "IQ2_S"
    case iq3XXS = "IQ3_XXS"
    case iq3S = "IQ3_S"
    case iq1S = "IQ1_S"
    case iq1M = "IQ1_M"
    case iq4NL = "IQ4_NL"
    case iq4XS = "IQ4_XS"
    case tq1_0 = "TQ1_0"
    case tq2_0 = "TQ2_0"
    case mxfp4 = "MXFP4"

    /// How many elements share a block, and how many bytes the block takes.
    package var blockFormat: BlockFormat {
        switch self {
        case .float32, .int32, .uint32: BlockFormat(elementsPerBlock: 1, bytesPerBlock: 4)
        case .float16, .bfloat16, .int16, .uint16: BlockFormat(elementsPerBlock: 1, bytesPerBlock: 2)
        case .float64, .int64, .uint64: BlockFormat(elementsPerBlock: 1, bytesPerBlock: 8)
        case .int8, .uint8, .bool, .float8E4M3, .float8E5M2: BlockFormat(elementsPerBlock: 1, bytesPerBlock: 1)
        case .q4_0, .iq4NL: BlockFormat(elementsPerBlock: 32, bytesPerBlock: 18)
        case .q4_1: BlockFormat(elementsPerBlock: 32, bytesPerBlock: 20)
        case .q5_0: BlockFormat(elementsPerBlock: 32, bytesPerBlock: 22)
        case .q5_1: BlockFormat(elementsPerBlock: 32, bytesPerBlock: 24)
        case .q8_0: BlockFormat(elementsPerBlock: 32, bytesPerBlock: 34)
        case .q8_1: BlockFormat(elementsPerBlock: 32, bytesPerBlock: 36)
        case .q2K: BlockFormat(elementsPerBlock: 256, bytesPerBlock: 84)
        case .q3K: BlockFormat(elementsPerBlock: 256, bytesPerBlock: 110)
        case .q4K: BlockFormat(elementsPerBlock: 256, bytesPerBlock: 144)
        case .q5K: BlockFormat(elementsPerBlock: 256, bytesPerBlock: 176)
        case .q6K: BlockFormat(elementsPerBlock: 256, bytesPerBlock: 210)
        case .q8K: BlockFormat(elementsPerBlock: 256, bytesPerBlock: 292)
        case .iq2XXS: BlockFormat(elementsPerBlock: 256, bytesPerBlock: 66)
        case .iq2XS: BlockFormat(elementsPerBlock: 256, bytesPerBlock: 74)
        case .iq2S: BlockFormat(elementsPerBlock: 256, bytesPerBlock: 82)
        case .iq3XXS: BlockFormat(elementsPerBlock: 256, bytesPerBlock: 98)
        case .iq3S: BlockFormat(elementsPerBlock: 256, bytesPerBlock: 110)
        case .iq1S: BlockFormat(elementsPerBlock: 256, bytesPerBlock: 50)
        case .iq1M: BlockFormat(elementsPerBlock: 256, bytesPerBlock: 56)
        case .iq4XS: BlockFormat(elementsPerBlock: 256, bytesPerBlock: 136)
        case .tq1_0: BlockFormat(elementsPerBlock: 256, bytesPerBlock: 54)
        case .tq2_0: BlockFormat(elementsPerBlock: 256, bytesPerBlock: 66)
        case .mxfp4: BlockFormat(elementsPerBlock: 32, bytesPerBlock: 17)
        }
    }
}

extension ElementType: CustomStringConvertible {
    package var description: String { rawValue }
}

/// The size of one block of a quantized format; plain numbers are blocks of one element.
package struct BlockFormat: Sendable, Equatable {
    package let elementsPerBlock: Int
    package let bytesPerBlock: Int

    package init(elementsPerBlock: Int, bytesPerBlock: Int) {
        self.elementsPerBlock = elementsPerBlock
        self.bytesPerBlock = bytesPerBlock
    }

    /// The bytes that a row of `count` elements takes, or nil where `count` is negative, does not fill whole blocks, or the
    /// product leaves Int's range.
    package func byteCount(elementCount count: Int) -> Int? {
        guard count >= 0, count.isMultiple(of: elementsPerBlock) else { return nil }
        let (bytes, overflow) = (count / elementsPerBlock).multipliedReportingOverflow(by: bytesPerBlock)
        return overflow ? nil : bytes
    }
}
