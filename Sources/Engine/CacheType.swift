package import Tensors

/// The type of the keys and values that an engine keeps of the tokens before.
public enum CacheType: String, Sendable, CaseIterable {
    /// 4 bytes per value.
    case f32
    /// 2 bytes per value: 11 bits of precision, up to 65504.
    case f16
    /// 2 bytes per value: 8 bits of precision, the range of float32.
    case bf16
    /// 34 bytes per 32 values of a head: 8 bits relative to the largest of them.
    case q8_0

    package var elementType: ElementType {
        switch self {
        case .f32: .float32
        case .f16: .float16
        case .bf16: .bfloat16
        case .q8_0: .q8_0
        }
    }

    /// Nil for a type that no cache has.
    package init?(_ type: ElementType) {
        guard let found = Self.allCases.first(where: { $0.elementType == type }) else { return nil }
        self = found
    }
}
