import Engine

/// Why a request does not get the model that it names.
struct ModelUnavailable: Error, Sendable, Equatable, CustomStringConvertible {
    enum Problem: Sendable, Equatable {
        case loadingFailed(EngineError)
        /// Bytes.
        case tooLarge(needed: Int, limit: Int)
    }

    let model: String
    let problem: Problem
    /// After which another try makes sense; nil where none does.
    var retryAfter: Duration?

    var description: String {
        switch problem {
        case .loadingFailed(let error): "The model '\(model)' cannot be loaded: \(error)"
        case .tooLarge(let needed, let limit):
            "The model '\(model)' needs \(needed) bytes of memory, but --model-memory allows \(limit); with \(needed) it fits"
        }
    }
}
