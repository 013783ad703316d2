import Engine
import Realizar
import TestSupport
import Testing

@Suite("Where a generation's time goes", .timeLimit(.minutes(1)))
struct GenerationTraceTests {
    static func trace(_ level: TraceLevel?, prompt: Int = 40, count: Int = 6) async throws -> GenerationTrace? {
        let engine = try await EngineSupport.engine()
        let prompt = (0..<Int32(prompt)).map { $0 * 5 % 200 + 5 }
        let request = EngineSupport.request(.tokenIDs(prompt), count: count) { $0.traceLevel = level }
        return try await EngineSupport.answer(engine, request).summary?.trace
    }

    @Test func `nothing is measured unless asked for`() async throws {
        #expect(try await Self.trace(nil) == nil)
    }

    @Test(arguments: TraceLevel.allCases)
    func `tokens come one after the other, and their durations add up`(_ level: TraceLevel) async throws {
        let trace = try #require(try await Self.trace(level))
        #expect(trace.level == level && trace.tokens.count == 6 && !trace.isTruncated)
        #expect(trace.tokens.reduce(Duration.zero) { $0 + $1.duration } == trace.tokens.last?.time)
        #expect(trace.tokens.allSatisfy { $0.duration > .zero })
        let wait = try #require(trace.queueWait), first = try #require(trace.tokens.first)
        #expect(wait >= .zero && wait < first.time)
        #expect(trace.steps.isEmpty == (level == .brick))
    }

    @Test func `steps say what they computed, and end before the next begins`() async throws {
        let trace = try #require(try await Self.trace(.step))
        #expect(trace.steps.map(\.tokenCount) == [40, 1, 1, 1, 1, 1])
        #expect(trace.steps.allSatisfy { $0.batchTokenCount == $0.tokenCount && $0.batchRequestCount == 1 })
        #expect(trace.steps.allSatisfy { $0.parts == nil && $0.duration > .zero })
        for (step, next) in zip(trace.steps, trace.steps.dropFirst()) {
            #expect(step.time + step.duration <= next.time)
        }
        // A token is chosen when its step is over.
        for (step, token) in zip(trace.steps, trace.tokens) { #expect(step.time + step.duration <= token.time) }
    }

    @Test func `layers are measured each, and make up their step`() async throws {
        let trace = try #require(try await Self.trace(.layer))
        for step in trace.steps {
            let parts = try #require(step.parts)
            #expect(parts.layers.count == 2 && parts.layers.allSatisfy { $0 > .zero })
            #expect(parts.embedding > .zero && parts.logits > .zero)
            #expect(parts.embedding + parts.layers.reduce(Duration.zero, +) + parts.logits <= step.duration)
        }
    }

    @Test func `what is measured changes no token`() async throws {
        let engine = try await EngineSupport.engine()
        let plain = try await EngineSupport.answer(engine, EngineSupport.request())
        let traced = try await EngineSupport.answer(engine, EngineSupport.request { $0.traceLevel = .layer })
        #expect(plain.tokens == traced.tokens && plain.summary?.trace == nil && traced.summary?.trace != nil)
    }
}
