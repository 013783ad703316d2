import Engine
import Realizar
import TestSupport

/// Engines over the tiny fixtures, and their answers.
enum EngineSupport {
    static func engine(
        _ name: String = "tiny-qwen2", _ change: (inout EngineOptions) -> Void = { _ in }
    ) async throws -> InferenceEngine {
        var options = EngineOptions()
        options.threadCount = 2
        options.pinsThreads = false
        change(&options)
        return try await InferenceEngine.load(path: Fixtures.path("models/\(name).gguf"), options: options)
    }

    static func request(
        _ prompt: GenerationRequest.Prompt = .text("the rain in an inn"), count: Int? = 20,
        _ change: (inout GenerationOptions) -> Void = { _ in }
    ) -> GenerationRequest {
        var options = GenerationOptions()
        options.maximumTokenCount = count
        options.sampling = .greedy
        options.ignoresEndOfGeneration = true
        change(&options)
        return GenerationRequest(prompt: prompt, options: options)
    }

    /// A whole answer.
    struct Answer: Equatable {
        var text = ""
        var chunks: [String] = []
        var tokens: [GeneratedToken] = []
        var summary: GenerationSummary?
        var promptTokenCount = 0
        var tokenIDs: [Int32] { tokens.map(\.tokenID) }
    }

    static func answer(_ engine: InferenceEngine, _ request: GenerationRequest) async throws -> Answer {
        var answer = Answer()
        for try await event in try await engine.generate(request) {
            switch event {
            case .started(let count): answer.promptTokenCount = count
            case .text(let chunk):
                answer.text += chunk.text
                answer.chunks.append(chunk.text)
                answer.tokens += chunk.tokens
            case .reasoning, .toolCall: break
            case .finished(let summary): answer.summary = summary
            }
        }
        return answer
    }

    /// Waits until the engine's counters say so.
    static func wait(for engine: InferenceEngine, until condition: (EngineStatistics) -> Bool) async throws {
        while !condition(engine.statistics) { try await Task.sleep(for: .milliseconds(1)) }
    }
}
