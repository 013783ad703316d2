internal import CKernels
package import Tensors

/// How keys and values of one element type lie in a cache.
package enum CacheFormat {
    /// The types that a cache can have.
    package static let supported: [ElementType] = ElementType.allCases.filter {
        kernels(for: $0, in: InstructionSet.scalar.kernels) != nil
    }

    static func kernels(for type: ElementType, in kernels: ck_kernels) -> ck_cache_kernels? {
        switch type {
        case .float32: kernels.cache_f32
        case .float16: kernels.cache_f16
        case .bfloat16: kernels.cache_bf16
        case .q8_0: kernels.cache_q8_0
        default: nil
        }
    }

    /// Channels of a head in memory: whole vectors of 16, and whole blocks of the type.
    static func paddedDimension(_ dimension: Int, _ type: ElementType) -> Int {
        let unit = max(16, type.blockFormat.elementsPerBlock)
        return (dimension + unit - 1) / unit * unit
    }
}

/// Shape of a cache and the type of its elements.
package struct CacheGeometry: Sendable, Equatable {
    package static let tokensPerBlock = 32

    package let layerCount: Int
    package let keyValueHeadCount: Int
    package let headDimension: Int
    package let blockCount: Int
    package let elementType: ElementType

    /// - Precondition: `elementType` is one of `CacheFormat.supported`.
    package init(
        layerCount: Int, keyValueHeadCount: Int, headDimension: Int, blockCount: Int, elementType: ElementType
    ) {
        precondition(CacheFormat.supported.contains(elementType), "CacheGeometry: elements of \(elementType)")
        self.layerCount = layerCount
        self.keyValueHeadCount = keyValueHeadCount
        self.headDimension = headDimension
        self.blockCount = blockCount
        self.elementType = elementType
    }

    /// Channels of a head in memory.
    var paddedDimension: Int { CacheFormat.paddedDimension(headDimension, elementType) }

    /// Bytes of one head's keys and values of one token.
    var byteCountPerHead: Int { 2 * (elementType.blockFormat.byteCount(elementCount: paddedDimension) ?? 0) }

    /// Bytes of the keys and values of one token in all layers.
    package var byteCountPerToken: Int { layerCount * keyValueHeadCount * byteCountPerHead }
}
