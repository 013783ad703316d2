import Engine
import Logging

/// One line in the log for each generation.
struct GenerationLog {
    private let logger: Logger
    private let modelName: String
    private let start = ContinuousClock.now
    private var promptTokenCount = 0
    private var completionTokenCount = 0
    private(set) var isFinished = false

    init(logger: Logger, modelName: String) {
        self.logger = logger
        self.modelName = modelName
    }

    mutating func note(_ event: GenerationEvent) {
        switch event {
        case .started(let count): promptTokenCount = count
        case .text(let chunk), .reasoning(let chunk): completionTokenCount += chunk.tokens.count
        case .toolCall: break
        case .finished(let summary):
            completionTokenCount = summary.completionTokenCount
            isFinished = true
        }
    }

    func end(_ outcome: String, level: Logger.Level = .info) {
        logger.log(
            level: level, "generation \(outcome)",
            metadata: [
                "model": "\(modelName)",
                "prompt_tokens": "\(promptTokenCount)",
                "completion_tokens": "\(completionTokenCount)",
                "duration_ms": "\((ContinuousClock.now - start).milliseconds)",
            ])
    }

    func end(_ error: any Error) {
        switch error {
        case is CancellationError: end("cancelled")
        case let error as EngineError where error.code != .generationFailed: end("refused: \(error.message)")
        case let error as ModelUnavailable: end("refused: \(error)")
        default: end("failed: \(error)", level: .error)
        }
    }
}

extension Duration {
    /// Whole milliseconds.
    var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
}
