import Tensors

/// What a cache keeps of numbers, in plain Swift.
enum CacheRounding {
    /// The channels of one head, as they come back.
    static func head(_ values: [Float], _ type: ElementType) -> [Float] {
        switch type {
        case .float32: values
        case .float16: values.map { half($0, .toNearestOrEven) }
        case .bfloat16: values.map(bfloat16)
        case .q8_0:
            stride(from: 0, to: values.count, by: 32).flatMap { q8_0(Array(values[$0..<min($0 + 32, values.count)])) }
        default: preconditionFailure("CacheRounding: no cache of \(type)")
        }
    }

    /// The float16 beside a number below 65504.
    private static func half(_ value: Float, _ rule: FloatingPointRoundingRule) -> Float {
        guard value != 0 else { return value }
        let unit = Float(sign: .plus, exponent: max(value.exponent, -14) - 10, significand: 1)
        return (value / unit).rounded(rule) * unit
    }

    /// To nearest, halves to even.
    private static func bfloat16(_ value: Float) -> Float {
        let bits = value.bitPattern
        return Float(bitPattern: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) & 0xFFFF_0000)
    }

    /// The scale is the smallest float16 that is not below largest / 127.
    private static func q8_0(_ values: [Float]) -> [Float] {
        let wanted = (values.map(\.magnitude).max() ?? 0) / 127
        let scale = half(wanted, .up)
        let inverse = scale == 0 ? 0 : 1 / scale
        return values.map { ($0 * inverse).rounded(.toNearestOrEven) * scale }
    }
}
