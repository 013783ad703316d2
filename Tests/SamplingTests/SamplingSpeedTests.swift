import Sampling
import TestSupport
import Testing

/// Bounds are some ten times what a quiet core needs, so that only a change of method (a full sort) trips them.
@Suite("Sampling speed", .serialized)
struct SamplingSpeedTests {
    static let vocabularySize = 128_256

    static var isOptimized: Bool {
        var debug = false
        assert({ debug = true }() == ())
        return !debug
    }

    func medianDuration(_ options: SamplingOptions) throws -> Duration {
        var generator = SeededGenerator(seed: 77)
        let logits = (0..<Self.vocabularySize).map { _ in
            (generator.unitFloat() + generator.unitFloat() + generator.unitFloat()) * 4
        }
        var sampler = try Sampler(options: options, vocabularySize: Self.vocabularySize)
        let history = TokenHistory(promptTokenIDs: [1, 2, 3])
        let clock = ContinuousClock()
        let times = try (0..<31).map { _ in
            try clock.measure { _ = try sampler.sample(logits.span, history: history) }
        }
        return times.sorted()[15]
    }

    @Test(.enabled(if: isOptimized, "times mean nothing in a debug build"))
    func `the defaults cost far less than a millisecond for 128 000 tokens`() throws {
        let time = try medianDuration(SamplingOptions())
        print("sampling, defaults: \(time)")
        #expect(time < .milliseconds(1))
    }

    @Test(.enabled(if: isOptimized, "times mean nothing in a debug build"))
    func `greedy choice costs far less than a millisecond for 128 000 tokens`() throws {
        let time = try medianDuration(.greedy)
        print("sampling, greedy: \(time)")
        #expect(time < .microseconds(500))
    }

    @Test(.enabled(if: isOptimized, "times mean nothing in a debug build"))
    func `a choice among all 128 000 tokens costs a few milliseconds at most`() throws {
        var options = SamplingOptions.greedy
        options.temperature = 1
        let unfiltered = try medianDuration(options)
        options.topP = 0.95
        let topP = try medianDuration(options)
        options.topP = 1
        options.minP = 0.05
        let minP = try medianDuration(options)
        print("sampling, no filter: \(unfiltered), top-p alone: \(topP), min-p alone: \(minP)")
        #expect(unfiltered < .milliseconds(15))
    }
}
