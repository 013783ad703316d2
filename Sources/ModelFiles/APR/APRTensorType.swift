package import Tensors

/// How an APR file stores a tensor's elements.
package enum APRTensorType: Sendable, Equatable {
    /// As GGUF and safetensors store them.
    case plain(ElementType)
    /// Blocks of 32 over all elements in a row: scale f16, 16 bytes, element 2j in the low half of byte j and 2j + 1 in the
    /// high one; x = (q − 8) · scale.
    case aprQ4
    /// One scale f32 for the whole tensor, then a signed byte per element; x = q · scale.
    case aprQ8

    /// Numbers that mean one thing to everybody.
    private static let plainTypes: [UInt8: ElementType] = [
        0: .float32, 1: .float16, 4: .int32, 5: .int64, 10: .q2K, 11: .q3K, 12: .q4K, 13: .q5K, 14: .q6K,
        30: .bfloat16,
    ]

    /// Numbers that two families of writers use for different types, told apart by the size of the tensor.
    private static let disputedTypes: [UInt8: [APRTensorType]] = [
        2: [.plain(.bfloat16), .plain(.q4_0)], 3: [.plain(.float64), .plain(.q4_1)],
        6: [.plain(.int8), .plain(.q5_0)], 7: [.plain(.uint8), .plain(.q5_1)], 8: [.aprQ4, .plain(.q8_0)], 9: [.aprQ8],
        128: [.aprQ4], 129: [.aprQ8],
    ]

    /// - Parameters:
    ///   - byteCount: That the index gives the tensor.
    /// - Throws: The problem of a number that stands for nothing, or whose size fits none, or more than one, of its meanings.
    init(id: UInt8, shape: Shape, byteCount: Int) throws(ModelFileError.Problem) {
        guard let candidates = Self.plainTypes[id].map({ [.plain($0)] }) ?? Self.disputedTypes[id] else {
            throw .invalid(expected: "a type of APR", found: "\(id)")
        }
        let fitting = candidates.filter { $0.byteCount(shape) == byteCount }
        guard let type = fitting.first, fitting.count == 1 else {
            let sizes = candidates.map { "\($0.byteCount(shape).map { "\($0)" } ?? "no size") for \($0)" }
            throw .invalid(
                expected: "a size that fits type \(id) and shape \(shape): \(sizes.joined(separator: ", "))",
                found: "\(byteCount)\(fitting.isEmpty ? "" : ", which fits several")")
        }
        self = type
    }

    /// What a strict writer gives the type; nil for one that it does not write.
    var id: UInt8? {
        switch self {
        case .plain(.float32): 0
        case .plain(.float16): 1
        case .plain(.int32): 4
        case .plain(.int64): 5
        case .plain(.q4K): 12
        case .plain(.q6K): 14
        case .plain(.bfloat16): 30
        case .aprQ4: 128
        case .aprQ8: 129
        case .plain: nil
        }
    }

    var isQuantized: Bool {
        if case .plain(let type) = self { type.blockFormat.elementsPerBlock > 1 } else { true }
    }

    /// That a tensor of this shape takes; nil where rows are not whole blocks or the size leaves Int's range.
    package func byteCount(_ shape: Shape) -> Int? {
        guard let count = shape.elementCount else { return nil }
        switch self {
        case .plain(let type):
            guard (shape.dimensions.last ?? 1).isMultiple(of: type.blockFormat.elementsPerBlock) else { return nil }
            return type.blockFormat.byteCount(elementCount: count)
        case .aprQ4:
            let (bytes, overflow) = (count / 32 + (count % 32 == 0 ? 0 : 1)).multipliedReportingOverflow(by: 18)
            return overflow ? nil : bytes
        case .aprQ8:
            let (bytes, overflow) = count.addingReportingOverflow(4)
            return overflow ? nil : bytes
        }
    }
}

extension APRTensorType: CustomStringConvertible {
    package var description: String {
        switch self {
        case .plain(let type): type.rawValue
        case .aprQ4: "AprQ4"
        case .aprQ8: "AprQ8"
        }
    }
}
