package import Tensors

/// Why something cannot be computed here.
package enum ComputeError: Error, Equatable, Sendable {
    case unknownInstructionSet(String)
    case unavailableInstructionSet(String)
    case unsupportedElementType(tensor: String, ElementType)
    case wrongRank(tensor: String, shape: Shape)
    case unsupportedHeadDimension(Int)
    case outOfMemory(byteCount: Int, purpose: String)
}

extension ComputeError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unknownInstructionSet(let name):
            "unknown instruction set '\(name)': choose one of "
                + InstructionSet.available.map(\.rawValue).joined(separator: ", ")
        case .unavailableInstructionSet(let name):
            "this CPU does not have '\(name)': choose one of "
                + InstructionSet.available.map(\.rawValue).joined(separator: ", ")
        case .unsupportedElementType(let tensor, let type):
            "tensor '\(tensor)' has type \(type), which cannot be computed with yet; types that can: "
                + WeightFormat.supported.map(\.rawValue).joined(separator: ", ")
        case .wrongRank(let tensor, let shape):
            "tensor '\(tensor)' has shape \(shape): expected [rows, columns]"
        case .unsupportedHeadDimension(let count):
            "a head dimension of \(count) is not supported: expected an even number from 2 to 256"
        case .outOfMemory(let byteCount, let purpose):
            "cannot reserve \(byteCount) bytes for \(purpose); a smaller --context-length or --parallel needs less"
        }
    }
}
