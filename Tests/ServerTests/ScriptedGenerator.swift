import Engine
import Synchronization

/// A generator that plays a script and notes what became of each generation.
final class ScriptedGenerator: TextGenerator {
    enum Step: Sendable {
        case event(GenerationEvent)
        case pause(Duration)
        case fail(EngineError)
    }

    let modelName: String
    let statistics: EngineStatistics
    private let script: [Step]
    private let refusal: EngineError?
    /// Ends each generation at its beginning, where there is one at that moment.
    private let failure: @Sendable () -> EngineError?
    private let admissionDelay: Duration
    private let notes = Mutex(Notes())

    private struct Notes {
        var requests: [GenerationRequest] = []
        var cancellation: ContinuousClock.Instant?
        var runningCount = 0
        var isShutDown = false
        var wasCutOff = false
    }

    init(
        modelName: String = "org/tiny", script: [Step] = ScriptedGenerator.hello, refusal: EngineError? = nil,
        admissionDelay: Duration = .zero, statistics: EngineStatistics = EngineStatistics(),
        failure: @escaping @Sendable () -> EngineError? = { nil }
    ) {
        self.failure = failure
        self.modelName = modelName
        self.script = script
        self.refusal = refusal
        self.admissionDelay = admissionDelay
        self.statistics = statistics
    }

    let information = ModelInformation(
        architecture: "llama", parameterCount: 42, byteCount: 84, contextLength: 2048, vocabularySize: 100,
        created: 1_700_000_000)

    var requests: [GenerationRequest] { notes.withLock { $0.requests } }

    /// When the first generation was cancelled, by its task or by dropping its stream.
    var cancellation: ContinuousClock.Instant? { notes.withLock { $0.cancellation } }

    func generate(
        _ request: GenerationRequest
    ) async throws(EngineError) -> AsyncThrowingStream<GenerationEvent, any Error> {
        notes.withLock {
            $0.requests.append(request)
            $0.wasCutOff = $0.wasCutOff || $0.isShutDown
        }
        if let refusal { throw refusal }
        if admissionDelay > .zero {
            do { try await Task.sleep(for: admissionDelay) } catch {
                noteCancellation()
                throw EngineError(code: .shuttingDown, message: "cancelled")
            }
        }
        let (events, continuation) = AsyncThrowingStream<GenerationEvent, any Error>.makeStream()
        notes.withLock { $0.runningCount += 1 }
        // A handler that is set on a stream that has ended is told that it was cancelled.
        let (gate, open) = AsyncStream<Void>.makeStream()
        defer { open.finish() }
        let task = Task { [script, failure = failure(), self] in
            for await _ in gate {}
            do {
                if let failure { throw failure }
                for step in script {
                    switch step {
                    case .event(let event): continuation.yield(event)
                    case .pause(let duration): try await Task.sleep(for: duration)
                    case .fail(let error): throw error
                    }
                }
                noteEnd()
                continuation.finish()
            } catch {
                noteEnd()
                continuation.finish(throwing: error)
            }
        }
        continuation.onTermination = { [weak self] termination in
            task.cancel()
            if case .cancelled = termination { self?.noteCancellation() }
        }
        return events
    }

    private func noteEnd() { notes.withLock { $0.runningCount -= 1 } }

    func shutDown() async {
        notes.withLock {
            $0.isShutDown = true
            $0.wasCutOff = $0.wasCutOff || $0.runningCount > 0
        }
    }

    var isShutDown: Bool { notes.withLock { $0.isShutDown } }

    /// Whether it was shut down while it generated, or asked to generate after that.
    var wasCutOff: Bool { notes.withLock { $0.wasCutOff } }

    private func noteCancellation() {
        notes.withLock { $0.cancellation = $0.cancellation ?? .now }
    }

    func tokenize(_ text: String, special: Bool) -> [Int32] { [] }
    func detokenize(_ tokenIDs: [Int32], special: Bool) throws(EngineError) -> String { "" }
}

extension ScriptedGenerator {
    /// "Hello" and ", world" in three tokens with log-probabilities; 7 prompt tokens.
    static let hello: [Step] = [
        .event(.started(promptTokenCount: 7)),
        .event(.text(TextChunk(text: "Hello", tokens: [token("Hello", -0.5)]))),
        .event(.text(TextChunk(text: ", world", tokens: [token(",", -1), token(" world", -2)]))),
        .event(.finished(summary)),
    ]

    /// "Hello", then nothing for a minute.
    static let endless: [Step] = Array(hello.prefix(2)) + [.pause(.seconds(60))] + hello.suffix(2)

    static let summary = GenerationSummary(
        finishReason: .stop, promptTokenCount: 7, completionTokenCount: 3, prefillDuration: .milliseconds(3),
        decodeDuration: .milliseconds(40))

    static func token(_ text: String, _ logProbability: Double) -> GeneratedToken {
        let bytes = Array(text.utf8)
        return GeneratedToken(
            tokenID: 1, bytes: bytes, logProbability: logProbability,
            topLogProbabilities: [TokenLogProbability(tokenID: 2, bytes: [0x61], logProbability: -0.25)])
    }
}
