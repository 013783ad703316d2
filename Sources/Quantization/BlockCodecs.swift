package import Tensors

/// The element types that have a definition here.
package enum BlockCodecs {
    /// A new block format is a file and a line here.
    package static let all: [any BlockCodec.Type] = [
        F64.self, F32.self, F16.self, BF16.self, F8_E4M3.self, F8_E5M2.self,
        Q8_0.self, Q4_0.self, Q4_1.self, Q5_0.self, Q5_1.self, IQ4_NL.self, MXFP4.self,
        Q2_K.self, Q3_K.self, Q4_K.self, Q5_K.self, Q6_K.self, IQ4_XS.self, TQ1_0.self, TQ2_0.self,
        IQ1_S.self, IQ1_M.self, IQ2_XXS.self, IQ2_XS.self, IQ2_S.self, IQ3_XXS.self, IQ3_S.self,
    ]

    package static let supported: [ElementType] = all.map { $0.elementType }

    package static subscript(type: ElementType) -> (any BlockCodec.Type)? { table[type] }

    private static let table = Dictionary(uniqueKeysWithValues: all.map { ($0.elementType, $0) })
}

/// Decodes whole blocks into floats.
///
/// - Parameters:
///   - bytes: Blocks of `type`, as they lie in a file; need not be aligned.
///   - values: All elements are written.
/// - Precondition: `type` is one of `BlockCodecs.supported`, and `bytes` has the size of `values.count` elements of it.
/// - Complexity: O(`values.count`), no allocation.
package func dequantize(_ bytes: RawSpan, as type: ElementType, into values: inout MutableSpan<Float>) {
    let codec = checkedCodec(type, elementCount: values.count, byteCount: bytes.byteCount, caller: "dequantize")
    bytes.withUnsafeBytes { codec.decode($0.bindMemory(to: UInt8.self).span, into: &values) }
}

/// As `dequantize(_:as:into:)` with spans, for bytes in a mapped file.
package func dequantize(
    _ bytes: UnsafeRawBufferPointer, as type: ElementType, into values: UnsafeMutableBufferPointer<Float>
) {
    var span = values.mutableSpan
    dequantize(bytes.bytes, as: type, into: &span)
}

/// Encodes floats as whole blocks, by the methods that each format's file states.
///
/// A block with NaN or an infinity in it does not trap; what it decodes to is not defined, but for the plain numbers.
///
/// - Precondition: `type` is one of `BlockCodecs.supported`, and `bytes` has the size of `values.count` elements of it.
package func quantize(
    _ values: Span<Float>, as type: ElementType, method: EncodingMethod = .search, into bytes: inout MutableSpan<UInt8>
) {
    let codec = checkedCodec(type, elementCount: values.count, byteCount: bytes.count, caller: "quantize")
    switch method {
    case .plain: codec.encode(values, into: &bytes)
    case .search: codec.search(values, into: &bytes)
    }
}

private func checkedCodec(
    _ type: ElementType, elementCount: Int, byteCount: Int, caller: String
) -> any BlockCodec.Type {
    guard let codec = BlockCodecs[type] else { preconditionFailure("\(caller): \(type) has no codec") }
    precondition(
        type.blockFormat.byteCount(elementCount: elementCount) == byteCount,
        "\(caller): \(elementCount) elements of \(type) in \(byteCount) bytes")
    return codec
}
