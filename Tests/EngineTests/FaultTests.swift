import Engine
import Realizar
import Synchronization
import TestSupport
import Testing

@Suite("Faults of one request", .timeLimit(.minutes(2)))
struct FaultTests {
    static let parallelCount = 8

    static func engine(_ faults: EngineFaults = EngineFaults()) async throws -> InferenceEngine {
        var options = EngineOptions()
        options.threadCount = 2
        options.pinsThreads = false
        options.parallelCount = parallelCount
        return try await InferenceEngine.load(
            .file(Fixtures.path("models/tiny-qwen2.gguf")), options: options, faults: faults)
    }

    /// Eight prompts of more than one cache block; the last tokens tell them apart.
    static let requests = (0..<Int32(parallelCount)).map { index in
        EngineSupport.request(.tokenIDs((0..<40).map { $0 * 5 % 200 + 5 } + [index + 10]), count: 30) {
            $0.sampling.temperature = index % 2 == 0 ? 0 : 1
            $0.sampling.seed = UInt64(index)
            $0.topLogProbabilityCount = 2
        }
    }

    /// The fault of request 3, once, when it has 7 tokens of its answer.
    static func faults(_ change: @escaping @Sendable (inout [Float]) -> Void) -> EngineFaults {
        let isDone = Mutex(false)
        var faults = EngineFaults()
        faults.logits = { values, tokenIDs in
            guard tokenIDs.count == 48, tokenIDs[40] == 13 else { return }
            let isFirst = isDone.withLock { isDone in
                defer { isDone = true }
                return !isDone
            }
            if isFirst { change(&values) }
        }
        return faults
    }

    enum Fault: String, CaseIterable {
        case oneNaN, allNaN, infinity, allForbidden

        func spoil(_ logits: inout [Float]) {
            switch self {
            case .oneNaN: logits[100] = .nan
            case .allNaN: logits = logits.map { _ in .nan }
            case .infinity: logits[7] = .infinity
            case .allForbidden: logits = logits.map { _ in -.infinity }
            }
        }
    }

    @Test(arguments: Fault.allCases)
    func `logits that are no numbers end their request, and no other one in the batch changes a bit`(_ fault: Fault)
        async throws
    {
        let engine = try await Self.engine(Self.faults { fault.spoil(&$0) })
        var running: [Task<EngineSupport.Answer, any Error>] = []
        for request in Self.requests { running.append(Task { try await EngineSupport.answer(engine, request) }) }
        var results: [Result<EngineSupport.Answer, any Error>] = []
        for task in running { results.append(await task.result) }
        // They ran together: some steps had more than four of them.
        #expect(engine.statistics.stepRequestCounts.counts[3] > 0)
        for (index, request) in Self.requests.enumerated() where index != 3 {
            let alone = try await EngineSupport.answer(Self.engine(), request)
            let together = try results[index].get()
            #expect(alone.tokenIDs.count == 30)
            #expect(together.tokenIDs == alone.tokenIDs)
            #expect(together.tokens == alone.tokens)
        }
        let error = #expect(throws: EngineError.self) { try results[3].get() }
        #expect(error?.code == .generationFailed && error?.message.isEmpty == false)
        try await EngineSupport.wait(for: engine) { $0.usedCacheBlockCount == 0 && $0.runningCount == 0 }
        #expect(engine.statistics.failedCount == 1 && engine.statistics.finishedCount == 7)
    }

    @Test func `what a failed request left in the cache is not found again`() async throws {
        let engine = try await Self.engine(Self.faults { Fault.oneNaN.spoil(&$0) })
        await #expect(throws: EngineError.self) { try await EngineSupport.answer(engine, Self.requests[3]) }
        let again = try await EngineSupport.answer(engine, Self.requests[3])
        #expect(again.summary?.cachedPromptTokenCount == 0)
        let alone = try await EngineSupport.answer(Self.engine(), Self.requests[3])
        #expect(again.tokens == alone.tokens)
        // The healthy answer's is.
        let third = try await EngineSupport.answer(engine, Self.requests[3])
        #expect(third.summary?.cachedPromptTokenCount == 32 && third.tokens == again.tokens)
    }
}
