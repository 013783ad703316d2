import Engine
import Foundation
import Realizar
import TestSupport
import Testing

@Suite("Engine", .timeLimit(.minutes(2)))
struct InferenceEngineTests {
    static let models = ["tiny-llama", "tiny-qwen2", "tiny-qwen3"]

    @Test(arguments: models)
    func `events come in order and count right`(_ name: String) async throws {
        let engine = try await EngineSupport.engine(name)
        let answer = try await EngineSupport.answer(engine, EngineSupport.request())
        let summary = try #require(answer.summary)
        #expect(summary.finishReason == .length && summary.completionTokenCount == 20 && answer.tokens.count == 20)
        #expect(summary.promptTokenCount == answer.promptTokenCount && answer.promptTokenCount > 1)
        try await EngineSupport.wait(for: engine) { $0.finishedCount == 1 && $0.usedCacheBlockCount == 0 }
        #expect(engine.statistics.promptTokenCount == answer.promptTokenCount)
        #expect(engine.statistics.generatedTokenCount == 20)
    }

    @Test(arguments: models)
    func `chunks concatenate to the text of all tokens at once`(_ name: String) async throws {
        let engine = try await EngineSupport.engine(name)
        for seed in 0..<8 {
            // A hot random model says bytes that are no UTF-8 and cuts characters.
            let answer = try await EngineSupport.answer(
                engine,
                EngineSupport.request(count: 60) {
                    $0.sampling.temperature = 2
                    $0.sampling.seed = UInt64(seed)
                })
            let whole = try engine.detokenize(answer.tokenIDs, special: false)
            // A whole text that begins with a SentencePiece space loses it; a continuation keeps it.
            #expect(answer.text == whole || answer.text == " " + whole)
        }
    }

    @Test func `the same seed gives the same tokens and another one others`() async throws {
        let engine = try await EngineSupport.engine()
        func tokens(_ seed: UInt64) async throws -> [Int32] {
            try await EngineSupport.answer(
                engine,
                EngineSupport.request(count: 40) {
                    $0.sampling = SamplingOptions()
                    $0.sampling.seed = seed
                }
            ).tokenIDs
        }
        let first = try await tokens(7)
        #expect(try await tokens(7) == first)
        #expect(try await tokens(8) != first)
    }

    @Test(arguments: models)
    func `the answer does not depend on threads or company`(_ name: String) async throws {
        let alone = try await EngineSupport.engine(name) { $0.threadCount = 1 }
        let busy = try await EngineSupport.engine(name) {
            $0.threadCount = 2
            $0.parallelCount = 5
        }
        let requests = (0..<24).map { index in
            EngineSupport.request(
                .text(String(repeating: "an inn on the ", count: index % 7 + 1)), count: 5 + index
            ) {
                $0.sampling.temperature = index % 2 == 0 ? 0 : 1
                $0.sampling.topK = 0
                $0.sampling.seed = UInt64(index)
                $0.topLogProbabilityCount = 3
            }
        }
        let together = try await withThrowingTaskGroup(of: (Int, [GeneratedToken]).self) { group in
            for (index, request) in requests.enumerated() {
                group.addTask { (index, try await EngineSupport.answer(busy, request).tokens) }
            }
            return try await group.reduce(into: [Int: [GeneratedToken]]()) { $0[$1.0] = $1.1 }
        }
        for (index, request) in requests.enumerated() {
            // Tokens with their log-probabilities: the bits of the logits agree, not only the choice.
            #expect(try await EngineSupport.answer(alone, request).tokens == together[index])
        }
    }

    @Test func `a stop sequence that spans tokens ends the answer before it`() async throws {
        let engine = try await EngineSupport.engine()
        let free = try await EngineSupport.answer(engine, EngineSupport.request(count: 60))
        // A stop sequence that begins inside one token's text and ends inside a later one's.
        let characters = Array(free.text)
        try #require(characters.count > 12)
        let stop = String(characters[8..<12])
        let answer = try await EngineSupport.answer(
            engine, EngineSupport.request(count: 60) { $0.stopSequences = ["never", stop] })
        let before = try #require(free.text.range(of: stop))
        #expect(answer.text == String(free.text[..<before.lowerBound]))
        #expect(answer.summary?.finishReason == .stop && answer.summary?.stopSequence == stop)
        #expect(!answer.text.contains(stop))
    }

    @Test func `an end-of-generation token ends the answer unless it is ignored`() async throws {
        let engine = try await EngineSupport.engine()
        func request(ignoring: Bool) -> GenerationRequest {
            EngineSupport.request(count: 5) {
                $0.sampling.logitBias = [2: 100]  // <|im_end|>
                $0.ignoresEndOfGeneration = ignoring
            }
        }
        let ended = try await EngineSupport.answer(engine, request(ignoring: false))
        #expect(ended.tokens.isEmpty && ended.text.isEmpty && ended.summary?.finishReason == .stop)
        #expect(try await EngineSupport.answer(engine, request(ignoring: true)).tokenIDs == [2, 2, 2, 2, 2])
    }

    @Test func `log-probabilities are the logarithms of a distribution, best first`() async throws {
        let engine = try await EngineSupport.engine()
        let answer = try await EngineSupport.answer(
            engine, EngineSupport.request(count: 4) { $0.topLogProbabilityCount = 20 })
        for token in answer.tokens {
            #expect(token.topLogProbabilities.first?.tokenID == token.tokenID)  // greedy
            #expect(token.topLogProbabilities.first?.logProbability == token.logProbability)
            let values = token.topLogProbabilities.map(\.logProbability)
            #expect(values == values.sorted(by: >) && values.allSatisfy { $0 <= 0 })
        }
        let plain = try await EngineSupport.answer(engine, EngineSupport.request(count: 4))
        #expect(plain.tokens.allSatisfy { $0.logProbability == nil && $0.topLogProbabilities.isEmpty })
    }

    @Test func `no tokens asked gives an empty answer`() async throws {
        let answer = try await EngineSupport.answer(EngineSupport.engine(), EngineSupport.request(count: 0))
        #expect(answer.tokens.isEmpty && answer.summary?.finishReason == .length)
    }

    @Test func `the context bounds an answer without a limit`() async throws {
        let engine = try await EngineSupport.engine { $0.contextLength = 33 }
        let answer = try await EngineSupport.answer(engine, EngineSupport.request(count: nil))
        #expect(answer.promptTokenCount + answer.tokens.count == 33 && answer.summary?.finishReason == .length)
    }

    @Test func `a conversation goes through the model's template, and its text cannot place control tokens`()
        async throws
    {
        let engine = try await EngineSupport.engine()
        let messages = [ChatMessage(role: .user, content: "a<|im_end|>b")]
        let answer = try await EngineSupport.answer(engine, EngineSupport.request(.chat(messages), count: 1))
        // <|im_start|> user \n … <|im_end|> \n <|im_start|> assistant \n: three control tokens, the user's stays text.
        let special = engine.tokenize("<|im_start|>user\n", special: true).count
        let content = engine.tokenize("a<|im_end|>b", special: false).count
        let rest = engine.tokenize("<|im_end|>\n<|im_start|>assistant\n", special: true).count
        #expect(answer.promptTokenCount == special + content + rest)
        #expect(engine.tokenize("a<|im_end|>b", special: false) != engine.tokenize("a<|im_end|>b", special: true))
    }

    /// The demo model on one thread without vectors: an answer to the end of its context takes about half a second.
    private static func slowEngine() async throws -> InferenceEngine {
        var options = EngineOptions()
        options.threadCount = 1
        options.instructionSet = "scalar"
        options.parallelCount = 1
        return try await InferenceEngine.load(.demo, options: options)
    }

    @Test func `cancelling the reader's task frees the place without finishing`() async throws {
        let engine = try await Self.slowEngine()
        let task = Task { try await EngineSupport.answer(engine, EngineSupport.request(count: nil)) }
        try await EngineSupport.wait(for: engine) { $0.generatedTokenCount > 0 }
        task.cancel()
        _ = await task.result
        try await EngineSupport.wait(for: engine) { $0.runningCount == 0 && $0.usedCacheBlockCount == 0 }
        #expect(engine.statistics.cancelledCount == 1 && engine.statistics.finishedCount == 0)
        let after = try await EngineSupport.answer(engine, EngineSupport.request(count: 3))
        #expect(after.tokens.count == 3)
    }

    @Test func `dropping a stream cancels it`() async throws {
        let engine = try await Self.slowEngine()
        do {
            let stream = try await engine.generate(EngineSupport.request(count: nil))
            for try await _ in stream { break }
        }
        try await EngineSupport.wait(for: engine) {
            $0.cancelledCount + $0.finishedCount == 1 && $0.runningCount == 0
        }
        #expect(engine.statistics.cancelledCount == 1 && engine.statistics.finishedCount == 0)
    }

    @Test func `a request whose time is over ends with an error that says which, and gives its place back`()
        async throws
    {
        let engine = try await Self.slowEngine()
        func code(_ change: (inout AdmissionOptions) -> Void) async throws -> EngineError.Code? {
            var request = EngineSupport.request(count: nil)
            change(&request.admission)
            let error = await #expect(throws: EngineError.self) { try await EngineSupport.answer(engine, request) }
            return error?.code
        }
        let long = Task { try await EngineSupport.answer(engine, EngineSupport.request(count: nil)) }
        try await EngineSupport.wait(for: engine) { $0.generatedTokenCount > 0 }
        #expect(try await code { $0.maximumQueueWait = .milliseconds(1) } == .queueTimeout)
        #expect(try await code { $0.maximumFirstTokenWait = .milliseconds(1) } == .deadlineExceeded)
        long.cancel()
        _ = await long.result
        #expect(try await code { $0.maximumDuration = .milliseconds(30) } == .deadlineExceeded)
        try await EngineSupport.wait(for: engine) { $0.runningCount == 0 && $0.usedCacheBlockCount == 0 }
        let statistics = engine.statistics
        #expect(statistics.timeouts[.queued] == 2 && statistics.timeouts.values.reduce(0, +) == 3)
        #expect(statistics.cancellations == [.decode: 1])
    }

    @Test func `every request and token is in the distributions once`() async throws {
        let engine = try await EngineSupport.engine()
        for count in [1, 5, 20] { _ = try await EngineSupport.answer(engine, EngineSupport.request(count: count)) }
        try await EngineSupport.wait(for: engine) { $0.finishedCount == 3 && $0.runningCount == 0 }
        let statistics = engine.statistics
        #expect(
            [statistics.queueWaits, statistics.firstTokenWaits, statistics.requestDurations].map(\.count) == [3, 3, 3])
        #expect(statistics.tokenIntervals.count == 26 - 3)
        #expect(statistics.stepDurations.count == statistics.stepCount && statistics.completionTokenCounts.sum == 26)
    }

    @Test func `a value counts at the first bound that is not below it`() {
        var histogram = Histogram(bounds: [1, 2])
        for value in [0, 1, 1.5, 2, 3, .infinity] { histogram.record(value) }
        #expect(histogram.counts == [2, 2, 2] && histogram.count == 6)
    }

    @Test func `a full queue refuses at once`() async throws {
        let engine = try await EngineSupport.engine {
            $0.parallelCount = 1
            $0.maximumQueueLength = 1
        }
        // Streams are held without being read, so that the first two are still known when the third comes.
        var streams: [AsyncThrowingStream<GenerationEvent, any Error>] = []
        var refused = 0
        for _ in 0..<50 {
            do { streams.append(try await engine.generate(EngineSupport.request(count: 100))) } catch {
                #expect(error.code == .queueFull)
                refused += 1
            }
        }
        #expect(refused > 0 && engine.statistics.refusedCount == refused)
        for stream in streams { for try await _ in stream {} }
        #expect(engine.statistics.finishedCount == streams.count)
    }

    @Test func `shutting down ends streams and refuses requests`() async throws {
        let engine = try await EngineSupport.engine()
        await engine.shutDown()
        let error = await #expect(throws: EngineError.self) { try await engine.generate(EngineSupport.request()) }
        #expect(error?.code == .shuttingDown)
        await engine.shutDown()  // a second time is no harm
    }
}
