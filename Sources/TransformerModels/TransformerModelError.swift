package import Compute
package import ModelFiles

/// Why a well-formed file is not a model that can run here.
package enum TransformerModelError: Error, Equatable, Sendable {
    case file(ModelFileError)
    case compute(file: String, ComputeError)
    case unsupportedArchitecture(file: String, String)
    case missingTensor(file: String, String)
    /// `offset` of the tensor's data, absolute in its file.
    case wrongShape(file: String, offset: Int, tensor: String, expected: String, found: String)
    case unusedTensors(file: String, [String])
    case invalidValue(file: String, tensor: String, expected: String)
}

extension TransformerModelError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .file(let error): "\(error)"
        case .compute(let file, let error): "\(file): \(error)"
        case .unsupportedArchitecture(let file, let name):
            "\(file): architecture '\(name)' is not supported; supported are "
                + Architecture.all.map(\.name).joined(separator: ", ")
        case .missingTensor(let file, let name):
            "\(file): tensor '\(name)' is missing; the file is incomplete or of another architecture"
        case .wrongShape(let file, let offset, let tensor, let expected, let found):
            "\(file), byte \(offset): tensor '\(tensor)': expected shape \(expected), found \(found)"
        case .unusedTensors(let file, let names):
            "\(file): \(names.count) tensors that this architecture's description does not use, first "
                + "'\(names.first ?? "")'; running without them would give wrong answers"
        case .invalidValue(let file, let tensor, let expected): "\(file): tensor '\(tensor)': expected \(expected)"
        }
    }
}
