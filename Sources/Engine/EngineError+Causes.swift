internal import ChatTemplates
internal import Compute
internal import ModelFiles
internal import Sampling
internal import Tokenization
internal import TransformerModels

extension EngineError {
    init(_ error: ModelFileError) { self.init(code: .invalidModel, message: "\(error)") }

    init(_ error: ComputeError, file: String) { self.init(code: .unsupportedModel, message: "\(file): \(error)") }

    init(_ error: TransformerModelError) {
        let code: Code =
            switch error {
            case .unsupportedArchitecture, .compute, .unusedTensors: .unsupportedModel
            case .file, .missingTensor, .wrongShape, .invalidValue: .invalidModel
            }
        self.init(code: code, message: "\(error)")
    }

    init(_ error: TokenizationError, file: String) {
        self.init(code: .unsupportedModel, message: "\(file): \(error)")
    }

    init(_ error: ChatTemplateError) {
        guard case .noPlaceForTools = error.problem else {
            self.init(code: .invalidRequest, message: "\(error)", field: "messages")
            return
        }
        self.init(
            code: .invalidRequest,
            message: "\(error); start with --tool-call-parser json to describe them in the conversation", field: "tools"
        )
    }

    /// Of a request's options.
    init(_ error: SamplingError) {
        switch error.problem {
        case .outOfRange, .unknownToken: self.init(code: .invalidRequest, message: "\(error)", field: error.field)
        case .invalidLogits, .noCandidates: self.init(code: .generationFailed, message: "\(error)")
        }
    }
}
